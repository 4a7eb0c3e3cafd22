import t from 'tap';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRoom } from '../../src/config/load-room.js';
import { countersAddUp } from '../../src/config/api/room-handle.js';
import { silentLog } from '../../src/core/log.js';
import { LiveRoom } from '../../src/room/live-room.js';
import { onAir, templateRoom, until } from '../kit/on-air.js';

const base = templateRoom('minimal');
const room = {
  ...base,
  video: { width: 640, height: 640, fps: 30 },
  audio: {},
  script: {
    loop: false,
    segments: [
      {
        lines: [
          // Long enough for the checks before the lines with numbers.
          { text: 'Welcome to the show.', caption: '', pauseMs: 12_000 },
          ...['1111', '2222', '3333'].map((digits) => ({ text: `Call me on 138 1234 ${digits} now.`, caption: '' })),
        ],
      },
    ],
  },
  layers: base['layers'].filter((l: { type: string }) => l.type === 'presenter'),
};

t.test(
  'dumps unreleased frames, reports faults, and ends in a slate at the risk limit',
  { timeout: 300_000 },
  async (t) => {
    const air = await onAir(t, {
      ...room,
      compliance: {
        dumpWindowMs: 1000,
        risk: { limit: 1.5 },
        watch: { sound: { deadAirMs: 1500 }, picture: { holdMs: 500, clearMs: 500 } },
      },
    });
    const { live } = air;
    await until('frames leave', () => live.snapshot().frames.released > 10);

    await t.test('drops the window, one second deep in the room file', async (t) => {
      const { status, body } = await air.api('POST', '/api/dump');
      t.equal(status, 200);
      // Between two slots the window is full.
      t.match(body, { frames: 30, ms: 1000 });
      await until('they have left as the slate', () => live.snapshot().replacedBy['dumped'] === body.frames);
      const released = live.snapshot().frames.released;
      await until('the show goes on', () => live.snapshot().frames.released > released + 10);
      const s = live.snapshot();
      t.equal(s.replacedBy['dumped'], body.frames, 'and nothing more is dropped');
      t.equal(s.frames.releasedUnjudged, 0);
      t.ok(countersAddUp(s), 'and all frames are accounted for');
      t.ok(s.mutedBy['dumped']! >= body.frames, 'the sound went with the picture');
      // A frame before it may have been replaced too, where the machine was slow.
      const back = (e: { action: string; frame: number }): boolean => e.action === 'resume' && e.frame > body.fromFrame;
      await until(
        'the ledger records both',
        () => air.ledger().some((e) => e.action === 'dump') && air.ledger().some(back),
      );
      const { frame, detail } = air.ledger().find((e) => e.action === 'dump');
      t.strictSame([frame, detail.frames], [body.fromFrame, body.frames]);
      const resumed = air.ledger().find(back);
      t.strictSame([resumed.frame, resumed.detail.replacedFrames], [body.fromFrame + body.frames, body.frames]);
    });

    await t.test('shows dead air in snapshot, metrics and ledger, without risk', async (t) => {
      await until('the watch reports it', () => live.snapshot().watch.some((f) => f.kind === 'dead-air'));
      const metrics = await (await fetch(`${air.url}/metrics`, { headers: air.headers })).text();
      t.match(metrics, /showroom_watch_fault\{kind="dead-air",rule="5.8"\} 1/);
      await until('the ledger records it', () => air.ledger().some((e) => e.action === 'warn' && e.rule === '5.8'));
      t.equal(live.snapshot().risk.score, 0);
      const { p50 } = live.snapshot().stageMs['watch']!;
      t.ok(p50 < 0.5, `watching took ${p50} ms a frame`);
    });

    await t.test('adds no risk for refused typed lines', async (t) => {
      for (let n = 0; n < 13; n += 1) {
        const { status, body } = await air.api('POST', '/api/say', { text: `Call me on 138 1234 ${1000 + n} now.` });
        t.match({ status, body }, { status: 422, body: { id: '', result: 'refused' } });
      }
      t.equal(live.snapshot().risk.score, 0);
    });

    await t.test('adds muted lines of the script up to the limit, and then shows only the slate', async (t) => {
      await until('the limit', () => live.snapshot().risk.level === 'limit', 30_000);
      await until('frames are replaced', () => live.snapshot().replacedBy['risk']! > 30);
      t.equal(live.snapshot().state, 'blanked');
      t.equal(live.snapshot().blanked, false, 'it was not the operator');
      const s = live.snapshot();
      t.ok(countersAddUp(s));
      t.ok(s.mutedBy['violation']! > 0 && s.mutedBy['risk']! > 30, 'words were muted, then everything');
      t.equal(s.mutedBy['unjudged'], 0);
      await until('the ledger records why', () => air.ledger().some((e) => e.action === 'risk-slate'));
      t.match(
        air.ledger().find((e) => e.action === 'risk-slate'),
        { rule: 'P', evidence: /^3\.2 .* ×3$/, detail: { limit: 1.5 } },
      );
    });

    await live.close();

    await t.test('starts on the slate again until an operator resumes', async (t) => {
      const again = await LiveRoom.start(loadRoom(air.file), { log: silentLog, signal: new AbortController().signal });
      t.teardown(() => again.close());
      await until('frames leave', () => again.snapshot().frames.replaced > 20);
      const s = again.snapshot();
      t.match(s, { state: 'blanked', risk: { level: 'limit' }, frames: { released: 0, releasedUnjudged: 0 } });
      t.equal(s.replacedBy['risk'], s.frames.replaced);
      again.resume();
      await until('the show is back', () => again.snapshot().frames.released > 20);
      t.match(again.snapshot(), { state: 'on-air', risk: { score: 0, level: 'calm' } });
      const risk = (): any => JSON.parse(readFileSync(join(air.dir, 'ledger.risk.json'), 'utf8'));
      await until('the risk is saved', () => risk().limited === false);
      t.match(risk(), { limited: false, rules: {} });
      const resumed = (): any => air.ledger().findLast((e) => e.kind === 'operator' && e.detail?.clearedRisk > 1.4);
      await until('the ledger records the cleared score', () => resumed() !== undefined);
      t.equal(resumed().action, 'resume');
    });
  },
);
