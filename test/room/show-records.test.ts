import { join } from 'node:path';
import t from 'tap';
import { lineOfRequest, Rundown } from '../../src/show/rundown.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { loadRoom } from '../../src/config/load-room.js';
import { templatePath } from '../../src/core/files/paths.js';
import { silentLog } from '../../src/core/log.js';
import { frameIndex, sampleIndex } from '../../src/core/time.js';
import { CausePeriods, ShowRecords } from '../../src/room/records/show-records.js';
import { ShowReader } from '../../src/store/show-reader.js';
import { ShowStore } from '../../src/store/show-store.js';
import type { Period } from '../../src/store/store-records.js';

const NOW = Date.UTC(2026, 6, 1, 12);

t.test('turns frames into wall time, also for lines that were scheduled before the clock ran', async (t) => {
  const room: RoomConfig = loadRoom(templatePath('rooms', 'demo-portrait', 'room.json'), { withoutKeys: true });
  const file = join(t.testdir(), 'ledger.store.sqlite');
  let now = NOW;
  const store = await ShowStore.open({ file, config: room.store, log: silentLog, nowMs: () => now, writeMs: 0 });
  const records = new ShowRecords(room, store, '0.1.0', () => now);
  const rundown = new Rundown(room.script);
  const slot = (startFrame: number, endFrame: number) => ({
    startFrame: frameIndex(startFrame),
    startSample: sampleIndex(0),
    endFrame: frameIndex(endFrame),
    productFrame: undefined,
    moved: false,
  });
  const fps = room.rate.num / room.rate.den;
  const first = rundown.next()!;
  records.onProduct(room.products[0]!.id, 500);
  records.onPlaced({ line: first, slot: slot(fps, 3 * fps) }, frameIndex(0));
  now += 7000;
  let looks = 0;
  records.onAir(() => {
    looks += 1;
    return {
      slate: ['operator'],
      muted: false,
      figures: { frames: 60, replaced: 0, muted: 0, late: 0 },
      viewers: [{ id: 'whep', viewers: 2 }],
    };
  });
  now += 60_000;
  const inserted = lineOfRequest('say-1', { kind: 'operator', text: 'A line of the operator', caption: '' });
  records.onPlaced({ line: inserted, slot: slot(62 * fps, 64 * fps) }, frameIndex(60 * fps));
  const gone = lineOfRequest('say-2', { kind: 'operator', text: 'A line that gave way' });
  records.onPlaced({ line: gone, slot: slot(70 * fps, 72 * fps) }, frameIndex(60 * fps));
  records.onCut('say-2', frameIndex(70 * fps));
  records.onEntry({ kind: 'text', rule: '3.2', surface: 'speech', action: 'mute' });
  records.onEntry({ kind: 'evidence', rule: '3.2', action: 'kept' });
  records.onEntry({ kind: 'text', rule: '5.7', surface: 'speech', action: 'warn' });
  records.onEntry({ kind: 'room', action: 'on-air' });
  records.onOutput({
    ...{ seq: 1, at: new Date(now).toISOString(), output: 'taobao', kind: 'rtmp', target: 'rtmp://a/***' },
    ...{ state: 'live', before: 'connecting', lastError: '' },
  });
  await records.close();
  await records.close();
  t.ok(looks >= 1, 'a last look');
  const reader = await ShowReader.open(file);
  t.teardown(() => reader.close());
  t.match(reader.sessions(0), [{ room: room.name, startedMs: NOW + 7000, ended: 'stopped', frames: 60 }]);
  t.match(reader.lines(0), [
    { text: first.text, atMs: NOW + 8000, untilMs: NOW + 10_000, kind: 'script', language: room.language },
    { text: 'A line of the operator', atMs: NOW + 69_000, kind: 'operator' },
  ]);
  t.match(reader.products(0), [{ product: room.products[0]!.id, title: room.products[0]!.title, atMs: NOW + 7500 }]);
  t.same(
    reader.violations(0).map(({ rule, action }) => [rule, action]),
    [['3.2', 'mute']],
  );
  t.match(reader.outputs(0), [{ output: 'taobao', state: 'live' }]);
});

t.test('stores a long period in pieces and ends it with its cause', (t) => {
  const stored: Period[] = [];
  const periods = new CausePeriods('slate', (period) => stored.push(period));
  for (let s = 0; s < 130; s += 1)
    periods.look(s < 125 ? ['operator', ...(s > 99 ? ['risk'] : [])] : [], NOW + s * 1000);
  t.same(
    stored.map(({ cause, atMs, untilMs }) => [cause, (atMs - NOW) / 1000, (untilMs - NOW) / 1000]),
    [
      ['operator', 0, 60],
      ['operator', 60, 120],
      ['operator', 120, 125],
      ['risk', 100, 125],
    ],
  );
  t.end();
});
