import t, { type Test } from 'tap';
import type { OutputCongestion, ViewerCongestion } from '../../src/core/congestion.js';
import { silentLog } from '../../src/core/log.js';
import type { OutputSnapshot } from '../../src/config/api/room-handle.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import type { EncoderSupervisor } from '../../src/encoder/process/encoder-supervisor.js';
import { EncoderKeeper } from '../../src/room/open/broadcast.js';

/** A keeper with an encoder that accepts every change, and its recorded entries. */
function keeperOf(t: Test, outputs: OutputSnapshot[], viewers: ViewerCongestion[], estimateKbps?: number) {
  const settings = { videoKbps: 2000, minVideoKbps: 500 };
  const sent = { kbitPerSecond: 2000 };
  const encoder = {
    settings,
    sent: { width: 720, height: 1280, rate: { num: 30, den: 1 } },
    stats: () => ({ generation: 1, restarts: 0, ...sent }),
    change: (patch: { videoKbps: number }) => {
      settings.videoKbps = patch.videoKbps;
      sent.kbitPerSecond = patch.videoKbps;
      return Promise.resolve();
    },
  };
  const entries: LedgerEntry[] = [];
  const keeper = new EncoderKeeper({
    encoder: encoder as unknown as EncoderSupervisor,
    outputs: {
      snapshots: () => outputs,
      congestion: () => outputs.map(({ id }) => ({ id, estimateKbps }) as OutputCongestion),
    },
    viewers: { congestion: () => viewers },
    note: (entry) => entries.push(entry),
    log: silentLog,
  });
  t.teardown(() => keeper.close());
  const check = (seconds: number): string[] => {
    for (let s = 0; s < seconds; s += 1) keeper.check(s * 1000);
    return entries.map(({ action, detail }) => `${action} ${String(detail!['toKbps'])}`);
  };
  return { check, sent };
}

const output = (kind: string): OutputSnapshot => ({
  id: kind,
  kind,
  target: 'somewhere',
  state: 'live',
  bytesSent: 0,
  packetsDropped: 0,
  reconnects: 0,
  publishes: 1,
  queue: { ms: 0, bytes: 0 },
  lastError: '',
});
const viewer = (id: string, limitKbps?: number): ViewerCongestion => ({ id, dropped: 0, limitKbps });

t.test('lowers the bitrate to the capacity a WHIP server reports', async (t) => {
  const { check } = keeperOf(t, [output('whip')], [], 1000);
  t.same(check(40), ['bitrate-down 1400', 'bitrate-down 980']);
});

t.test('ignores an estimate that follows a calm picture', async (t) => {
  const { check, sent } = keeperOf(t, [output('whip')], [], 450);
  sent.kbitPerSecond = 300;
  t.same(check(40), []);
});

t.test('counts viewers where the room pushes nowhere, when half of them are congested', async (t) => {
  const local = { ...output('rtmp'), id: 'local' };
  const narrow = [viewer('a', 1000), viewer('b')];
  t.same(keeperOf(t, [local], narrow).check(20), ['bitrate-down 1400', 'bitrate-down 980']);
  t.same(keeperOf(t, [local], [...narrow, viewer('c')]).check(20), [], 'one of three is ignored');
  t.same(keeperOf(t, [local, output('rtmps')], narrow).check(20), [], 'an output is not lowered for viewers');
});
