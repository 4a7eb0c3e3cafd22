import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import t, { type Test } from 'tap';
import { readWithJsQr, ZxingReader } from '../../src/codescan/decoders/library-readers.js';
import { drawSqueezedCode, HEIGHT, WIDTH, writePack } from '../avatar/filmed/film-rig.js';
import { makeCode } from '../kit/draw-code.js';
import { decodeLuma, ffmpeg, onAir, recordUntilStopped, templateRoom, until, wait } from '../kit/on-air.js';

/*
 * A code in the video of an external avatar or in the film of a presenter, squeezed, still and moving: no picture that a
 * viewer receives may hold a readable one.
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
/** The room stays on air however often a code is held back: on the slate nothing would be judged. */
const MANY_HITS = { risk: { limit: 1000 } };
/** Still for so long, then moving. */
const STILL_S = 1.5;
const SHOWN_MS = 3500;

/** Reads codes as a phone would, in pictures of one size. */
async function codeReader(t: Test, width: number, height: number): Promise<(luma: Uint8Array) => boolean> {
  const zxing = await ZxingReader.open(width * height);
  t.teardown(() => zxing.close());
  return (luma) => {
    for (const how of ['local', 'global'] as const) {
      zxing.pixels().set(luma);
      if (zxing.read(width, height, 'qr', how).some(({ valid, text }) => valid && text !== '')) return true;
    }
    return (readWithJsQr(luma, width, height, false)?.text ?? '') !== '';
  };
}

/** Mean difference of every 16th pixel, 0–255. */
function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 16) sum += Math.abs(a[i]! - b[i]!);
  return sum / (a.length / 16);
}

/** Reads each picture that differs from the one read before. */
async function judge(
  t: Test,
  film: string,
  [w, h]: readonly [number, number],
  isReadable: (luma: Uint8Array) => boolean,
) {
  const pictures = (await decodeLuma(film, w, h)).map((luma) => new Uint8Array(luma));
  t.ok(pictures.length > 150, `${pictures.length} pictures`);
  const readable: number[] = [];
  let before: Uint8Array | undefined;
  let read = 0;
  for (const [i, luma] of pictures.entries()) {
    if (before !== undefined && difference(before, luma) < 0.5) continue;
    before = luma;
    read += 1;
    if (isReadable(luma)) readable.push(i);
  }
  t.ok(read > 0, `${read} of them differ`);
  t.same(readable, [], 'readable at the receiver');
}

t.test('no viewer receives a readable code from an avatar that squeezes it', { timeout: 280_000 }, async (t) => {
  const template = templateRoom('demo-portrait');
  const dir = t.testdir();
  const code = await makeCode('https://evil.example/squeezed');
  const { live } = await onAir(t, {
    ...template,
    name: 'squeezed',
    video: { ...template['video'], width: W, height: H, fps: 30, background: '#4060a0' },
    encoder: { videoKbps: 1500 },
    compliance: MANY_HITS,
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
  const isReadable = await codeReader(t, W, H);
  const moved = `max(0,t-${STILL_S})`;
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
    const graph = `[0:v]noise=alls=3:allf=t[g];[g][1:v]overlay=x='60+40*sin(${moved}*2)':y='120+60*sin(${moved}*1.5)'[v]`;
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
  await judge(t, film, [W, H], isReadable);
  t.equal(live.snapshot().frames.releasedUnjudged, 0);
});

t.test('nor from a film whose presenter turns a code to the camera', { timeout: 120_000 }, async (t) => {
  const [w, h] = [256, 256];
  const template = templateRoom('minimal');
  const code = await drawSqueezedCode('https://evil.example/filmed');
  // The still picture, which is judged at the start, has none.
  const pack = await writePack(join(t.testdir(), 'ana'), {
    draw: (data, frame) => (frame >= 10 && frame < 25 ? code(data) : undefined),
  });
  const layers = template['layers'].map((layer: Record<string, unknown>) =>
    layer['type'] === 'presenter' ? { ...layer, width: WIDTH * 2, height: HEIGHT * 2 } : layer,
  );
  const { live } = await onAir(t, { ...template, layers, compliance: MANY_HITS, presenter: { pack } });
  const film = join(t.testdirName, 'filmed.flv');
  const stop = recordUntilStopped(t, live.addresses.rtmp, film);
  await until('held back', () => (live.snapshot().replacedBy['violation'] ?? 0) > 30, 30_000);
  await wait(6000);
  await stop();
  await judge(t, film, [w, h], await codeReader(t, w, h));
  t.equal(live.snapshot().frames.releasedUnjudged, 0);
});
