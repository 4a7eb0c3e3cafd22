import { createServer } from 'node:http';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import type { ClipDeps } from '../../../src/scene/clips/clip.js';
import { trimClipCache, ClipStore } from '../../../src/scene/clips/clip-store.js';
import { readStoredFrame } from '../../../src/scene/clips/clip-file.js';
import type { PictureRequest } from '../../../src/scene/assets/load-picture.js';
import { kernels } from '../scene-kit.js';
import { clipDepsOf, fillRgb, greyOf, runFfmpeg, writeFilm, type Film } from '../../kit/clip-films.js';

const rate = { num: 30, den: 1 };
const grey: Film = { width: 64, height: 48, frames: 10, paint: (n, rgb) => rgb.fill(greyOf(n)) };
const box = (src: string, more: Partial<PictureRequest> = {}): PictureRequest => ({
  src,
  where: 'layers[1] "film".items[0]',
  width: 64,
  height: 48,
  maxWidth: 320,
  maxHeight: 240,
  fit: 'cover',
  radius: 0,
  ...more,
});
const storeOf = (dir: string, more: Partial<ClipDeps> = {}): ClipStore =>
  new ClipStore(kernels, rate, clipDepsOf(join(dir, 'cache'), more));

t.test('detects a clip by content in each container and decodes it at the room’s rate', async (t) => {
  const dir = t.testdir({});
  await writeFilm(join(dir, 'a.mp4'), grey);
  await writeFilm(join(dir, 'a.mov'), grey);
  await writeFilm(join(dir, 'a.mkv'), grey);
  const webm = '-c:v libvpx -b:v 4M -deadline realtime'.split(' ');
  await writeFilm(join(dir, 'a.webm'), { ...grey, codec: webm, fps: 15 });
  writeFileSync(join(dir, 'picture.png'), readFileSync(join(dir, 'a.mp4')));
  const store = storeOf(dir);
  for (const name of ['a.mp4', 'a.mov', 'a.mkv', 'picture.png']) {
    const clip = (await store.load(box(join(dir, name))))!;
    t.equal(clip.file.index.length, 10, name);
    for (let n = 0; n < 10; n += 1) {
      const luma = (await readStoredFrame(clip.file, clip.file.index[n]!))[1000]!;
      t.ok(Math.abs(luma - (16 + (greyOf(n) * 219) / 255)) < 3, `${name}: frame ${n} has luma ${luma}`);
    }
  }
  const slow = (await store.load(box(join(dir, 'a.webm'))))!;
  t.ok(Math.abs(slow.file.index.length - 20) <= 1, `15 a second become 30: ${slow.file.index.length}`);
  t.equal(slow.file.stored, 10, 'a frame that repeats is stored once');
});

t.test('fits a clip into its box like a picture, with even sides', async (t) => {
  const dir = t.testdir({});
  const file = join(dir, 'a.mp4');
  await writeFilm(file, grey);
  const store = storeOf(dir);
  const shape = async (more: Partial<PictureRequest>): Promise<unknown> => {
    const { file: made, fitted } = (await store.load(box(file, more)))!;
    return [fitted.boxWidth, fitted.boxHeight, made.width, made.height, fitted.dx, fitted.dy];
  };
  t.same(await shape({ width: undefined, height: undefined }), [64, 48, 64, 48, 0, 0], 'as it is');
  t.same(await shape({ width: 32, height: undefined }), [32, 24, 32, 24, 0, 0], 'the other side follows');
  t.same(await shape({ width: 101, height: 51 }), [101, 51, 102, 52, 0, 0], 'an odd box is covered to its last pixel');
  t.same(await shape({ width: 100, height: 48, fit: 'contain' }), [100, 48, 64, 48, 18, 0], 'contained in the middle');
  t.same(await shape({ width: 100, height: 20, fit: 'fill' }), [100, 20, 100, 20, 0, 0]);
});

t.test('shows a rotated clip with non-square pixels upright', async (t) => {
  const dir = t.testdir({});
  await writeFilm(join(dir, 'plain.mp4'), grey);
  const turned = join(dir, 'turned.mp4');
  await runFfmpeg(['-i', join(dir, 'plain.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', turned]);
  const wide = join(dir, 'wide.mp4');
  await runFfmpeg(['-i', join(dir, 'plain.mp4'), '-vf', 'setsar=2', wide]);
  const store = storeOf(dir);
  const open = { width: undefined, height: undefined };
  const one = (await store.load(box(turned, open)))!;
  t.same([one.file.width, one.file.height], [48, 64]);
  const two = (await store.load(box(wide, open)))!;
  t.same([two.file.width, two.file.height], [128, 48]);
});

t.test("matches a clip's colours, tagged or not, with a picture's", async (t) => {
  const dir = t.testdir({});
  const colours = [
    [200, 30, 40],
    [20, 160, 60],
    [30, 60, 200],
    [240, 200, 20],
  ] as const;
  for (const [i, colour] of colours.entries()) {
    const film = { ...grey, frames: 2, paint: (_n: number, rgb: Buffer) => fillRgb(rgb, colour) };
    await writeFilm(join(dir, `hd${i}.mp4`), film);
    // Untagged film of this size is BT.601, as players take it.
    await runFfmpeg([
      '-i',
      join(dir, `hd${i}.mp4`),
      '-vf',
      'scale=in_color_matrix=bt709:out_color_matrix=bt601',
      '-crf',
      '4',
      join(dir, `sd${i}.mkv`),
    ]);
    const rgba = new Uint8Array(64 * 48 * 4).map((_, k) => (k % 4 === 3 ? 255 : colour[k % 4]!));
    const picture = kernels.rgbaToYuva(rgba, 64, 48, 0, 0).data;
    for (const name of [`hd${i}.mp4`, `sd${i}.mkv`]) {
      const { first } = (await storeOf(dir).load(box(join(dir, name))))!;
      for (const at of [500, 64 * 48 + 100, 64 * 48 * 1.25 + 100]) {
        t.ok(Math.abs(first.data[at]! - picture[at]!) <= 3, `${name}: ${first.data[at]} for ${picture[at]} at ${at}`);
      }
    }
  }
});

t.test('keeps decoded clips and decodes again when the cached file is damaged', async (t) => {
  const dir = t.testdir({});
  const file = join(dir, 'a.mp4');
  await writeFilm(file, grey);
  const first = (await storeOf(dir).load(box(file)))!;
  const kept = join(dir, 'cache', readdirSync(join(dir, 'cache'))[0]!);
  const before = readFileSync(kept);
  await t.rejects(storeOf(dir, { ffmpeg: { path: '/nonexistent', version: 'other' } }).load(box(file)), {
    code: 'E_FFMPEG_MISSING',
  });
  const store = storeOf(dir);
  const again = (await store.load(box(file)))!;
  t.equal(again.file.digest, first.file.digest);
  t.equal(await store.load(box(file)), again, 'and is in memory after that');
  const flipped = Buffer.from(before);
  flipped[5000]! ^= 1;
  for (const bytes of [flipped, before.subarray(0, -1), Buffer.alloc(0)]) {
    writeFileSync(kept, bytes);
    const healed = (await storeOf(dir).load(box(file)))!;
    t.equal(healed.file.digest, first.file.digest);
    t.same(readFileSync(kept), before);
  }
});

t.test('keeps the cache within its budget, least recently used and stale files first', async (t) => {
  const dir = t.testdir({
    'a.clip': 'x'.repeat(60),
    'b.clip': 'x'.repeat(60),
    'c.clip.1.1.tmp': 'x',
    'd.clip.2.1.tmp': 'x',
  });
  const hourAgo = Date.now() / 1000 - 4000;
  utimesSync(join(dir, 'a.clip'), hourAgo, hourAgo);
  utimesSync(join(dir, 'c.clip.1.1.tmp'), hourAgo, hourAgo);
  await trimClipCache(dir, 100);
  t.same(readdirSync(dir).sort(), ['b.clip', 'd.clip.2.1.tmp']);
});

t.test('refuses other files with their place, the finding and the remedy', async (t) => {
  const dir = t.testdir({
    'text.mp4': 'only words',
    'cut.mp4': Buffer.concat([Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42'), Buffer.alloc(5000, 7)]),
    'old.avi': 'RIFF\0\0\0\0AVI LIST',
    'picture.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>',
  });
  await runFfmpeg(['-f', 'lavfi', '-i', 'sine=d=0.2', '-c:a', 'aac', join(dir, 'sound.mp4')]);
  const store = storeOf(dir);
  const refused = async (name: string, found: RegExp): Promise<void> => {
    const e = await store.load(box(join(dir, name))).catch((error: unknown) => error as Error & { code: string });
    t.match(e, { code: 'E_ASSET_INVALID', where: `layers[1] "film".items[0]: ${join(dir, name)}`, found });
  };
  await refused('text.mp4', /another kind/);
  await refused('cut.mp4', /./);
  await refused('old.avi', /AVI/);
  await refused('sound.mp4', /only sound/);
  t.equal(await store.load(box(join(dir, 'picture.svg'))), undefined, 'a picture is for the reader of pictures');
  t.equal(await store.load(box(join(dir, 'absent.mp4'))), undefined, 'and so is what is not there');
  t.same(existsSync(join(dir, 'cache')) ? readdirSync(join(dir, 'cache')) : [], [], 'nothing is left behind');
  const none = new ClipStore(kernels, rate, undefined);
  await writeFilm(join(dir, 'a.mp4'), { ...grey, frames: 1 });
  await t.rejects(none.load(box(join(dir, 'a.mp4'))), { code: 'E_ASSET_INVALID' });
});

t.test('does not follow lists with other files or addresses', async (t) => {
  let asked = 0;
  const server = createServer((_, reply) => {
    asked += 1;
    reply.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.mp4`;
  const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${url}\n#EXT-X-ENDLIST\n`;
  const head = Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42');
  const dir = t.testdir({
    'list.mp4': playlist,
    'concat.mov': `ffconcat version 1.0\nfile 'a.mp4'\n`,
    'hidden.mp4': Buffer.concat([head, Buffer.from(`\n${playlist}`)]),
    'matroska.mkv': Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.from(`\n${playlist}`)]),
  });
  await writeFilm(join(dir, 'a.mp4'), { ...grey, frames: 2 });
  // A MOV whose samples are said to be in another file, by name.
  const outside = readFileSync(join(dir, 'a.mp4'));
  const at = outside.indexOf('url ');
  outside.writeUInt32BE(0, at + 4); // "not in this file"
  writeFileSync(join(dir, 'outside.mov'), outside);
  const store = storeOf(dir);
  for (const name of ['list.mp4', 'concat.mov', 'hidden.mp4', 'matroska.mkv']) {
    await t.rejects(store.load(box(join(dir, name))), { code: 'E_ASSET_INVALID' }, name);
  }
  const outcome = await store.load(box(join(dir, 'outside.mov'))).then(
    (clip) => clip!.file.index.length,
    (e: { code: string }) => e.code,
  );
  t.ok(outcome === 2 || outcome === 'E_ASSET_INVALID', `its own samples or none: ${outcome}`);
  t.equal(asked, 0, 'nothing was asked of the network');
});

t.test('names the limits for clips that are too long, too large or too big', async (t) => {
  const dir = t.testdir({});
  const lavfi = (name: string, source: string, ...more: string[]): Promise<void> =>
    runFfmpeg(['-f', 'lavfi', '-i', source, '-preset', 'ultrafast', ...more, join(dir, name)]);
  await lavfi('long.mp4', 'color=red:s=32x32:r=1:d=122');
  // A live recording says no length; it is found out while it is decoded.
  await lavfi('unsaid.mkv', 'color=red:s=32x32:r=1:d=122', '-live', '1');
  await lavfi('big.mp4', 'color=red:s=4200x2400:d=0.1');
  const store = storeOf(dir);
  for (const [name, found] of [
    ['long.mp4', /122\.0 s/],
    ['unsaid.mkv', /more than 120 s/],
    ['big.mp4', /pixels/],
  ] as const) {
    const e: unknown = await store.load(box(join(dir, name))).catch((error: unknown) => error);
    t.match(e, { code: 'E_ASSET_TOO_LARGE', found, expected: /120 s, 256 MB, 9\.4 megapixels and 2 GB/ }, name);
  }
  const huge = join(dir, 'huge.mp4');
  writeFileSync(huge, '\0\0\0\x18ftypisom');
  truncateSync(huge, 257 * 1024 * 1024);
  t.ok(statSync(huge).size > 256 * 1024 * 1024);
  await t.rejects(store.load(box(huge)), { code: 'E_ASSET_TOO_LARGE', found: '257 MB' });
  t.same(readdirSync(join(dir, 'cache')), [], 'nothing is left behind');
});

t.test('stops decoding with the room', async (t) => {
  const dir = t.testdir({});
  await runFfmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=640x360:d=8', '-preset', 'ultrafast', join(dir, 'a.mp4')]);
  const stop = new AbortController();
  const store = storeOf(dir, { signal: stop.signal });
  const loading = store.load(box(join(dir, 'a.mp4'), { width: 640, height: 360 }));
  const cache = join(dir, 'cache');
  while (!existsSync(cache) || readdirSync(cache).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort(new Error('the room stops'));
  await t.rejects(loading, { message: 'the room stops' });
  t.same(readdirSync(cache), []);
});

t.test('does not load a refused clip, and judges a passed one once', async (t) => {
  const dir = t.testdir({});
  await writeFilm(join(dir, 'a.mp4'), grey);
  let judged = 0;
  const store = storeOf(dir, {
    admit: async ({ file, frame, where, rate: r }) => {
      judged += 1;
      t.equal(where, `layers[1] "film".items[0]: ${join(dir, 'a.mp4')}`);
      t.same([file.stored, (await frame(9)).length, r.num], [10, 64 * 48 * 1.5, 30]);
      if (judged === 1) throw Object.assign(new Error('a code'), { code: 'E_ASSET_REFUSED' });
    },
  });
  await t.rejects(store.load(box(join(dir, 'a.mp4'))), { code: 'E_ASSET_REFUSED' });
  await store.load(box(join(dir, 'a.mp4')));
  await store.load(box(join(dir, 'a.mp4'), { maxWidth: 999 }));
  t.equal(judged, 2);
});
