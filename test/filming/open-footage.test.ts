import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { type Footage, openFootage, type Rgb } from '../../src/filming/footage/open-footage.js';

const { path: ffmpeg } = await findFfmpeg();
const dir = t.testdir();
const { signal } = new AbortController();

/** Makes a film from a source of lavfi. */
function film(name: string, source: string, ...more: string[]): string {
  const path = join(dir, `${name}.mp4`);
  const codec = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p'.split(' ');
  execFileSync(ffmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, ...codec, ...more, path]);
  return path;
}

/** Left half red, right half blue. */
const HALVES = (width: number, height: number, seconds = 0.4): string =>
  `color=red:s=${width}x${height}:r=30:d=${seconds},drawbox=x=${width / 2}:y=0:w=${width / 2}:h=${height}:color=blue:t=fill`;

const open = (path: string): Promise<Footage> => openFootage(path, '--base', ffmpeg, signal);

async function framesOf(footage: Footage): Promise<Rgb[]> {
  const frames: Rgb[] = [];
  for await (const frame of footage.frames(signal)) frames.push(frame);
  return frames;
}

const at = ({ data, width }: Rgb, x: number, y: number): number[] => [
  ...data.slice((y * width + x) * 3, (y * width + x) * 3 + 3),
];

t.test('stands a sideways film of a phone upright', async (t) => {
  const path = film('sideways', HALVES(640, 360));
  const bytes = readFileSync(path);
  // The matrix of the track's header: a quarter turn clockwise.
  const matrix = bytes.indexOf('tkhd') + 44;
  [0, 0x1_0000, 0, -0x1_0000, 0, 0, 0, 0, 0x4000_0000].forEach((n, i) => bytes.writeInt32BE(n, matrix + 4 * i));
  writeFileSync(path, bytes);
  const footage = await open(path);
  t.same([footage.width, footage.height], [360, 640]);
  const [frame] = await framesOf(footage);
  const [red] = at(frame!, 180, 100);
  const [, , blue] = at(frame!, 180, 540);
  t.ok(red! > 200 && blue! > 200, `${red} above, ${blue} below`);
});

t.test('reads a film of a variable frame rate in even steps', async (t) => {
  // Twenty frames in the first second, five in the next one.
  const path = film(
    'variable',
    "testsrc=s=320x320:r=20:d=1.25,setpts='if(lt(N,20),N/20,1+(N-20)/5)/TB'",
    '-enc_time_base',
    '1/100',
  );
  const footage = await open(path);
  const frames = await framesOf(footage);
  const seconds = (frames.length * footage.rate.den) / footage.rate.num;
  t.ok(seconds > 1.7 && seconds < 2.3, `${frames.length} frames at ${footage.rate.num}/${footage.rate.den}`);
});

t.test('makes a film in 4K smaller, and halves a high frame rate', async (t) => {
  const big = await open(film('big', 'color=gray:s=3840x2160:r=30:d=0.1'));
  t.same([big.width, big.height], [1280, 720]);
  t.equal((await framesOf(big))[0]!.data.length, 1280 * 720 * 3);
  const fast = await open(film('fast', 'color=gray:s=320x320:r=120:d=0.5'));
  t.same(fast.rate, { num: 30, den: 1 });
});

t.test('keeps the levels of a film in the full range', async (t) => {
  const full = film(
    'full',
    'color=0xebebeb:s=320x320:r=30:d=0.1',
    '-vf',
    'scale=out_range=pc,format=yuvj420p',
    // Any other format would have older ffmpeg scale the levels back and keep the mark of the full range.
    '-pix_fmt',
    'yuvj420p',
    '-color_range',
    'pc',
  );
  const limited = film('limited', 'color=0xebebeb:s=320x320:r=30:d=0.1');
  for (const path of [full, limited]) {
    const [frame] = await framesOf(await open(path));
    const [level] = at(frame!, 100, 100);
    t.ok(Math.abs(level! - 0xeb) <= 3, `${path}: ${level}`);
  }
});

t.test('says that a film has no sound, and which file is no film', async (t) => {
  t.equal((await open(film('silent', HALVES(320, 320)))).hasSound, false);
  const text = join(dir, 'notes.mp4');
  writeFileSync(text, 'no film at all, but long enough to be looked at by its first bytes; really.');
  await t.rejects(open(text), { code: 'E_ASSET_INVALID', message: /--base notes\.mp4/ });
  await t.rejects(open(join(dir, 'missing.mp4')), { code: 'E_ASSET_MISSING', message: /no such file/ });
  await t.rejects(open(film('small', HALVES(200, 360))), { code: 'E_ASSET_INVALID', message: /240 pixels/ });
});
