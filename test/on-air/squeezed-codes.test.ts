import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { readWithJsQr } from '../../src/codescan/decoders/jsqr-reader.js';
import { ZxingReader } from '../../src/codescan/decoders/zxing-reader.js';
import { makeCode } from '../kit/draw-code.js';
import { decodeLuma, ffmpeg, onAir, recordUntilStopped, templateRoom, until, wait } from '../kit/on-air.js';

/*
 * A code in the video of an external avatar, squeezed by its sender, moving: no picture that a viewer receives may hold
 * a readable one.
 */

const KEY = 'key-of-the-squeezing-box';
process.env['SQUEEZED_TEST_KEY'] = KEY;
const [W, H] = [360, 640];
const SHAPES: readonly (readonly [width: number, height: number])[] = [
  [200, 200],
  [126, 200],
  [120, 200],
  [112, 200],
  [200, 112],
  [110, 220],
  [220, 110],
  [100, 250],
  [250, 100],
];
const SHOWN_MS = 4000;

t.test('no viewer receives a readable code from an avatar that squeezes it', { timeout: 280_000 }, async (t) => {
  const template = templateRoom('demo-portrait');
  const dir = t.testdir();
  const code = await makeCode('https://evil.example/squeezed');
  const { live } = await onAir(t, {
    ...template,
    name: 'squeezed',
    video: { ...template['video'], width: W, height: H, fps: 30, background: '#4060a0' },
    encoder: { videoKbps: 1500 },
    audio: {},
    script: { segments: [{ lines: [{ text: 'Hello and welcome.' }] }] },
    products: [],
    layers: [
      { id: 'presenter', type: 'presenter', anchor: 'bottom', width: '100%', height: '100%' },
      ...template['layers'].filter((one: { type: string }) => one.type === 'label'),
    ],
    presenter: {
      pack: 'mei',
      source: 'rtmp',
      external: { streamKey: '${SQUEEZED_TEST_KEY}', key: { kind: 'none' }, fit: 'cover' },
    },
  });
  const url = live.addresses.rtmp.replace(/\/live\/.*/, `/avatar/${KEY}`);
  const film = join(dir, 'received.flv');
  const stop = recordUntilStopped(t, live.addresses.rtmp, film);
  await wait(2000);
  let read = 0;
  const zxing = await ZxingReader.open(W * H);
  t.teardown(() => zxing.close());
  const isReadable = (luma: Uint8Array): boolean => {
    for (const how of ['local', 'global'] as const) {
      zxing.pixels().set(luma);
      if (zxing.read(W, H, 'qr', how).some(({ valid, text }) => valid && text !== '')) return true;
    }
    return (readWithJsQr(luma, W, H, false)?.text ?? '') !== '';
  };
  for (const [width, height] of SHAPES) {
    const quiet = 4;
    const side = code.width + 2 * quiet;
    const grey = Buffer.alloc(side * side, 240);
    for (let i = 0; i < code.dark.length; i += 1) {
      const [x, y] = [i % code.width, Math.floor(i / code.width)];
      if (code.dark[i] === 1) grey[(y + quiet) * side + x + quiet] = 16;
    }
    const raw = { raw: { width: side, height: side, channels: 1 as const } };
    const picture = join(dir, `${width}x${height}.png`);
    const resized = sharp(grey, raw).resize(width, height, { fit: 'fill', kernel: 'nearest' });
    writeFileSync(picture, await resized.png().toBuffer());
    const { data } = await sharp({ create: { width: W, height: H, channels: 3, background: '#808080' } })
      .composite([{ input: picture, left: 60, top: 120 }])
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (isReadable(new Uint8Array(data.buffer, data.byteOffset, W * H))) read += 1;
    const before = live.snapshot().replacedBy['violation'] ?? 0;
    const graph = `[0:v]noise=alls=3:allf=t[g];[g][1:v]overlay=x='60+40*sin(t*2)':y='120+60*sin(t*1.5)'[v]`;
    const child = spawn(
      ffmpeg,
      [
        ...['-v', 'error', '-re', '-f', 'lavfi', '-i', `color=0x808080:s=${W}x${H}:r=30`, '-i', picture],
        ...['-filter_complex', graph, '-map', '[v]', '-c:v', 'libx264', '-preset', 'ultrafast'],
        ...['-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '15', '-f', 'flv', url],
      ],
      { stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => child.once('close', resolve));
    t.teardown(() => void child.kill('SIGKILL'));
    await until(`${width}×${height} held back`, () => (live.snapshot().replacedBy['violation'] ?? 0) > before, 20_000);
    await wait(SHOWN_MS);
    child.kill('SIGKILL');
    await ended;
    await wait(1500);
  }
  t.equal(read, SHAPES.length, 'each is readable as it is sent');
  await stop();
  const pictures = await decodeLuma(film, W, H);
  t.ok(pictures.length > 300, `${pictures.length} pictures`);
  const readable = pictures.filter((luma, i) => i % 3 === 0 && isReadable(new Uint8Array(luma)));
  t.equal(readable.length, 0, 'readable at the receiver');
  t.equal(live.snapshot().frames.releasedUnjudged, 0);
});
