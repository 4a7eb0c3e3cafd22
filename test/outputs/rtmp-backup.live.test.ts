import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { OutputSupervisor } from '../../src/outputs/output-supervisor.js';
import { createOutputs } from '../../src/outputs/create-outputs.js';
import { FlvBodies } from '../../src/outputs/rtmp/flv-muxer.js';
import { PayloadCache } from '../../src/outputs/webrtc/viewer-stream.js';
import { output as outputSchema } from '../../src/config/sections/output.js';
import { SyntheticRoom, until } from '../encoder/synthetic-room.js';
import { fakeServer } from './rtmp-fake-server.js';
import { outputOf } from './rtmp-output-of.js';

const ffmpeg = await findFfmpeg();

t.test('continues at the backup ingest without a hole and returns when the backup fails', async (t) => {
  const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 500 } });
  t.teardown(() => room.close());
  const primary = await fakeServer(0, 'acknowledge');
  const backup = await fakeServer(0, 'acknowledge');
  t.teardown(() => backup.close());
  const [url, backupUrl] = [primary, backup].map(({ port }) => `rtmp://127.0.0.1:${port}/live/key`);
  const supervisor = new OutputSupervisor({ outputs: [outputOf(room, url!, { backupUrl })], log: silentLog });
  t.teardown(() => supervisor.close());
  supervisor.start();
  t.ok(await until(() => primary.videoTimes().length > 75, 8000));
  await primary.close();
  t.ok(await until(() => backup.videoTimes().length > 60, 5000), 'the backup takes over');
  const together = [...new Set([...primary.videoTimes(), ...backup.videoTimes()])].sort((a, b) => a - b);
  const widest = Math.max(...together.slice(1).map((time, i) => time - together[i]!));
  t.ok(widest <= 34 + room.refused * 34, `the widest step of both together is ${widest} ms`);
  t.ok(backup.videoTimes()[0]! > 1000, 'on the same timeline');
  const again = await fakeServer(primary.port, 'acknowledge');
  t.teardown(() => again.close());
  await backup.close();
  t.ok(await until(() => again.videoTimes().length > 30, 8000), 'the first is used again');
  t.match(supervisor.snapshots()[0], { publishes: 3 });
});

t.test('sends the same pictures at the same times to both ingests at once', async (t) => {
  const room = await SyntheticRoom.start({ encoder: { keyframeIntervalMs: 500 } });
  t.teardown(() => room.close());
  const sinks = [await fakeServer(), await fakeServer()];
  for (const sink of sinks) t.teardown(() => sink.close());
  const [url, backupUrl] = sinks.map(({ port }) => `rtmp://127.0.0.1:${port}/live/key`);
  const config = { id: 'tube', kind: 'rtmp', platform: 'youtube', backup: 'together', url, backupUrl };
  const outputs = createOutputs([outputSchema.parse(config)], {
    source: room.supervisor,
    width: room.width,
    height: room.height,
    rate: room.rate,
    videoKbps: 600,
    aacKbps: 128,
    bodies: new FlvBodies(),
    cache: new PayloadCache(),
    log: silentLog,
    ffmpegPath: ffmpeg.path,
  });
  const supervisor = new OutputSupervisor({ outputs, log: silentLog });
  t.teardown(() => supervisor.close());
  supervisor.start();
  t.ok(await until(() => sinks.every((sink) => sink.videoTimes().length > 60), 8000));
  const [one, other] = sinks.map((sink) => new Set(sink.videoTimes()));
  const from = Math.max(Math.min(...one!), Math.min(...other!));
  const to = Math.min(Math.max(...one!), Math.max(...other!));
  const within = (times: Set<number>): number[] => [...times].filter((time) => time >= from && time <= to);
  t.same(within(one!), within(other!));
  t.same(
    supervisor.snapshots().map(({ id }) => id),
    ['tube', 'tube-backup'],
  );
});
