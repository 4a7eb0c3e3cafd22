import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { probePackets, recordUntilStopped } from '../kit/on-air.js';
import { startEngine } from './run-engine.js';
import { noFfprobe } from '../kit/ffprobe.js';

const skip = process.platform !== 'linux' ? 'needs signals' : noFfprobe;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

t.test(
  'continues media time after three seconds of sleep, with the same encoders',
  { skip, timeout: 300_000 },
  async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'showroom-sleep-'));
    t.teardown(() => rmSync(dir, { recursive: true, force: true }));
    const file = join(dir, 'room.json');
    writeFileSync(
      file,
      JSON.stringify({
        name: 'sleep',
        video: { width: 320, height: 320 },
        presenter: { pack: 'mei' },
        layers: [{ id: 'presenter', type: 'presenter', anchor: 'bottom', width: '100%', height: '80%' }],
        script: { segments: [{ lines: [{ text: 'Good evening, and welcome.', caption: '' }] }] },
        control: { port: 0, rtmpPort: 0, flvPort: 0 },
        compliance: { ledger: join(dir, 'ledger.jsonl') },
      }),
    );
    const engine = startEngine(['start', '--room', file], { ENGINE_TOKEN: 'sleep-test-token' });
    t.teardown(async () => {
      engine.child.kill('SIGKILL');
      await engine.ended;
    });
    const onAir = JSON.parse(await engine.line('"on-air"')) as { watch: string; rtmp: string };
    const snapshot = async (): Promise<any> => {
      const reply = await fetch(new URL('/api/room', onAir.watch), {
        headers: { authorization: 'Bearer sleep-test-token' },
      });
      return reply.json();
    };
    const recording = join(dir, 'received.flv');
    const stop = recordUntilStopped(t, onAir.rtmp, recording);
    await wait(3000);
    const before = await snapshot();
    engine.child.kill('SIGSTOP');
    await wait(3000);
    engine.child.kill('SIGCONT');
    await wait(1000);
    const after = await snapshot();
    const passedMs = after.onAirMs - before.onAirMs;
    t.ok(passedMs < 2500, `media time advanced by ${passedMs} ms in 4 s`);
    t.equal(after.encoder.restarts, before.encoder.restarts, 'no encoder counted as hung');
    t.match(after.outputs[0], { id: 'local', reconnects: 0 });
    t.equal(after.frames.releasedUnjudged, 0);
    await wait(1500);
    await stop();
    const packets = await probePackets(recording);
    for (const kind of ['video', 'audio'] as const) {
      const times = packets.filter((packet) => packet.kind === kind).map(({ ptsMs }) => ptsMs);
      const steps = times.slice(1).map((at, i) => at - times[i]!);
      t.ok(Math.min(...steps) > 0 && Math.max(...steps) <= 500, `${kind}: steps up to ${Math.max(...steps)} ms`);
    }
  },
);
