import t from 'tap';
import { closingSummary, LiveShares, statusText } from '../../../src/cli/terminal/status-line.js';
import { displayWidth } from '../../../src/cli/terminal/display-width.js';
import type { OutputSnapshot, RoomSnapshot } from '../../../src/config/api/room-handle.js';
import { fakeRoom } from '../../control/fake-room.js';

const usual = fakeRoom().snapshot();
const output = (id: string, state: OutputSnapshot['state'], kind = 'rtmp'): OutputSnapshot => ({
  ...usual.outputs[0]!,
  id,
  kind,
  state,
});
const room: RoomSnapshot = {
  ...usual,
  lateTicks: { total: 0, render: 0, scan: 0, encode: 0, stall: 0 },
  outputs: [output('local', 'live'), output('taobao', 'live'), { ...output('whep', 'live', 'whep'), viewers: 2 }],
};

t.test('drops figures first and outputs last on a narrow terminal', (t) => {
  t.equal(
    statusText(room, 119),
    '● 00:01:01  local live · taobao live · whep live 2  late 0  replaced 30  checked 1838  −16.2 LUFS  30 fps',
  );
  t.equal(statusText(room, 79), '● 00:01:01  local live · taobao live · whep live 2  late 0  replaced 30');
  t.equal(statusText(room, 40), '● 00:01:01  taobao live');
  t.equal(
    statusText({ ...room, outputs: [output('taobao', 'backoff'), ...room.outputs] }, 33),
    '● 00:01:01  taobao down · 3 live',
  );
  t.end();
});

t.test('names every output in trouble at 80 columns, within any width', (t) => {
  const many = Array.from({ length: 9 }, (_, i) => output(`output-${i}`, i === 4 ? 'backoff' : 'live'));
  for (const language of ['en', 'zh'] as const) {
    for (const trouble of [{}, { slate: ['risk', 'words'], muted: true }] as Partial<RoomSnapshot>[]) {
      const s = { ...room, ...trouble, outputs: many };
      t.match(statusText(s, 79, language), language === 'en' ? /output-4 down · 8 live/ : /output-4 断开 · 8 路在线/);
      for (let columns = 10; columns < 200; columns += 1)
        t.ok(displayWidth(statusText(s, columns, language)) <= columns, `${language} ${columns}`);
    }
  }
  t.end();
});

t.test('summarises the show in one sentence', (t) => {
  const shares = new LiveShares();
  for (let i = 0; i < 1000; i += 1) {
    shares.sample({
      outputs: [
        output('local', 'live'),
        output('taobao', i < 1 ? 'connecting' : 'degraded'),
        output('whep', 'live', 'whep'),
      ],
    });
  }
  const s: RoomSnapshot = { ...room, onAirMs: 319_400, frames: { ...room.frames, rendered: 9570, replaced: 12 } };
  t.equal(
    closingSummary(s, shares, 'en'),
    'Off air after 5:19: 9,570 frames, 0 late, 12 replaced, 0.4 s of words muted; local live 100 %, taobao live 99.9 %',
  );
  t.equal(
    closingSummary({ ...s, mutedBy: {} }, shares, 'zh'),
    '已下播，共 5:19：9,570 帧，迟到 0，替换 12；local 在线 100 %，taobao 在线 99.9 %',
  );
  t.end();
});
