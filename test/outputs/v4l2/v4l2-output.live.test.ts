import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import type { OutputProgress } from '../../../src/outputs/output.js';
import { V4l2Output, type V4l2OutputOptions } from '../../../src/outputs/v4l2/v4l2-output.js';
import { listVideoDevices, parseDeviceFormat } from '../../../src/outputs/v4l2/video-devices.js';
import { SyntheticRoom, until } from '../../encoder/synthetic-room.js';

const RATE = { num: 30, den: 1 };

/** A folder as the system shows video devices: names to formats; the ones named `loop…` are of software. */
function systemDevices(t: Test, devices: Record<string, { name: string; format?: string }>): string {
  const root = t.testdir();
  const list = join(root, 'class');
  mkdirSync(list);
  for (const [node, { name, format }] of Object.entries(devices)) {
    const folder = join(root, 'devices', name.startsWith('loop') ? 'virtual' : 'pci0000', node);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'name'), `${name}\n`);
    if (format !== undefined) writeFileSync(join(folder, 'format'), `${format}\n`);
    symlinkSync(folder, join(list, node));
  }
  return list;
}

async function roomOutput(t: Test, options: Partial<V4l2OutputOptions>): Promise<V4l2Output> {
  const room = await SyntheticRoom.start({ width: 320, height: 180 });
  t.teardown(() => room.close());
  await until(() => room.supervisor.stats().keyFrames > 0, 8000);
  const size = { width: 320, height: 180, rate: RATE };
  const { path: ffmpegPath } = await findFfmpeg();
  const common = { id: 'cam', device: '/dev/video10', maxLagMs: 4000, maxLagBytes: 16 << 20 };
  return new V4l2Output({ ...common, source: room.supervisor, room: size, ffmpegPath, ...options });
}

t.test('lists devices with their kind and settled format', async (t) => {
  const folder = systemDevices(t, {
    video10: { name: 'loop showroom', format: 'YUYV:640x480@30/1' },
    video2: { name: 'Webcam' },
  });
  t.same(await listVideoDevices(folder), [
    { device: '/dev/video2', name: 'Webcam', loopback: false, format: undefined },
    {
      device: '/dev/video10',
      name: 'loop showroom',
      loopback: true,
      format: { pixelFormat: 'yuyv422', width: 640, height: 480 },
    },
  ]);
  t.same(await listVideoDevices('/nowhere'), []);
  t.equal(parseDeviceFormat('MJPG:640x480@30'), undefined);
  t.equal(parseDeviceFormat('YU12:0x0@30'), undefined);
});

t.test('reports a missing device and names the existing ones', async (t) => {
  const folder = systemDevices(t, { video7: { name: 'loop other' } });
  const output = await roomOutput(t, { systemDevices: folder, device: '/dev/video63' });
  await t.rejects(
    output.run(new AbortController().signal, () => undefined),
    {
      code: 'E_OUTPUT_CONNECT',
      message:
        /expected \/dev\/video63 to be a v4l2loopback device.*found no such device; there is \/dev\/video7 \(loop other\)/,
    },
  );
  const none = await roomOutput(t, { systemDevices: '/nowhere', device: '/dev/video63' });
  await t.rejects(
    none.run(new AbortController().signal, () => undefined),
    { message: /modprobe v4l2loopback/ },
  );
});

t.test("writes whole frames in the device's settled format and size", async (t) => {
  const folder = systemDevices(t, { video10: { name: 'loop showroom', format: 'YUYV:160x160@30/1' } });
  const path = join(folder, '..', 'frames.yuv');
  const output = await roomOutput(t, { systemDevices: folder, sink: { muxer: 'rawvideo', path } });
  const stop = new AbortController();
  let last: OutputProgress | undefined;
  const run = output.run(stop.signal, (progress) => (last = progress));
  t.ok(await until(() => last?.accepted === true, 10_000), 'accepted');
  await until(() => last!.bytesDelivered > 40_000, 5000);
  stop.abort();
  await run;
  const frames = readFileSync(path);
  const frameBytes = 160 * 160 * 2;
  t.equal(frames.length % frameBytes, 0, 'whole frames of 160×160 in two bytes a pixel');
  t.ok(frames.length / frameBytes >= 10, `${frames.length / frameBytes} frames`);
  const middle = frames.subarray(0, frameBytes).filter((_, i) => i % 2 === 0);
  t.equal(middle[0], 16, 'black above a picture that is wider than the device');
  t.ok(Math.max(...middle.subarray(80 * 160, 81 * 160)) > 40, 'the room in the middle');
  t.equal(last!.bytesSent > 0 && last!.packetsDropped === 0, true);
});

t.test('reports why ffmpeg ended and tries the next format', async (t) => {
  const path = join(t.testdir(), 'none', 'frames.yuv');
  const output = await roomOutput(t, { systemDevices: '/nowhere', sink: { muxer: 'rawvideo', path } });
  for (const format of ['yuv420p', 'yuyv422', 'yuv420p']) {
    await t.rejects(
      output.run(new AbortController().signal, () => undefined),
      { code: 'E_OUTPUT_LOST', message: new RegExp(`take ${format} at 320×180, found .*No such file`) },
    );
  }
});
