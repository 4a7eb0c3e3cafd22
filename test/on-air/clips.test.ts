import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import { renderRoom } from '../../src/engine/render-room.js';
import { makeCode } from '../compliance/frame/draw-code.js';
import { writeFilm } from '../scene/clips/clip-kit.js';
import { decodeLuma, onAir, record, templateRoom, until } from './kit.js';

const WIDTH = 360;
const HEIGHT = 640;
const BOX = { x: 20, y: 100, width: 256, height: 128 };
const FRAMES = 40;
const BITS = 6;
const CELL = 32;

const dir = mkdtempSync(join(tmpdir(), 'showroom-clips-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
process.env['XDG_CACHE_HOME'] = join(dir, 'cache');

/** A frame that says its number in the cells of its second row; in the first a light runs. */
const painted = (n: number, x: number, y: number): number => {
  const cell = Math.floor(x / CELL);
  if (y < CELL) return Math.floor((x + n * 8) / 16) % 2 === 0 ? 70 : 110;
  if (y >= 2 * CELL) return 60 + Math.floor((x + y) / 8);
  return cell < BITS && ((n >> cell) & 1) === 1 ? 210 : 30;
};
const lumaOf = (grey: number): number => 16 + (grey * 219) / 255;

const film = join(dir, 'film.mp4');
await writeFilm(film, {
  ...{ width: BOX.width, height: BOX.height, frames: FRAMES },
  paint(n, rgb) {
    for (let i = 0; i < BOX.width * BOX.height; i += 1) {
      rgb.fill(painted(n, i % BOX.width, Math.floor(i / BOX.width)), i * 3, i * 3 + 3);
    }
  },
});

const room = (layers: object[]): Record<string, any> => {
  const base = templateRoom('minimal');
  return { ...base, video: { width: WIDTH, height: HEIGHT }, layers: [...base['layers'], ...layers] };
};
const layer = { id: 'film', type: 'media', items: [film], fit: 'fill', z: 5, ...BOX };

/** Which frame of the clip stands in a picture, and how far its luma is from it on average. */
function look(luma: Uint8Array): { n: number; distance: number } {
  const at = (x: number, y: number): number => luma[(BOX.y + y) * WIDTH + BOX.x + x]!;
  let n = 0;
  for (let bit = 0; bit < BITS; bit += 1) if (at(bit * CELL + CELL / 2, CELL * 1.5) > 120) n |= 1 << bit;
  let sum = 0;
  for (let y = 0; y < BOX.height; y += 1) {
    for (let x = 0; x < BOX.width; x += 1) sum += Math.abs(at(x, y) - lumaOf(painted(n, x, y)));
  }
  return { n, distance: sum / (BOX.width * BOX.height) };
}

const countOf = (list: readonly number[], value: number): number => list.filter((one) => one === value).length;

t.test('offline the same room and seed give the same frames, each with its frame of the clip', async (t) => {
  const file = join(dir, 'room.json');
  writeFileSync(file, JSON.stringify(room([layer])));
  const config = loadRoom(file);
  const options = { fromSeconds: 0, toSeconds: 1.5, log: silentLog, signal: new AbortController().signal };
  const one = await renderRoom(config, { ...options, out: join(dir, 'one.raw') });
  const two = await renderRoom(config, { ...options, out: join(dir, 'two.raw') });
  t.equal(one.videoSha256, two.videoSha256);
  t.equal(one.replaced, 0, 'the gate has nothing against it');
  const size = (WIDTH * HEIGHT * 3) / 2;
  const video = readFileSync(join(dir, 'one.raw', 'video.i420'));
  for (let n = 0; n < 45; n += 1) {
    const seen = look(video.subarray(n * size, (n + 1) * size));
    t.equal(seen.n, n % FRAMES);
    t.ok(seen.distance < 2.5, `frame ${n} is off by ${seen.distance.toFixed(2)}`);
  }
});

t.test('on air a receiver gets the clip as it is; one with a code is refused with its time', async (t) => {
  const air = await onAir(t, room([layer]));
  await until('frames leave', () => air.live.snapshot().frames.released > 45);
  const flv = join(dir, 'air.flv');
  await record(air.live.addresses.rtmp, 3, flv);
  const pictures = await decodeLuma(flv, WIDTH, HEIGHT, 75);
  t.ok(pictures.length >= 50, `${pictures.length} pictures`);
  const seen = pictures.map(look);
  // A slot that came too late repeats a picture; the next one shows the frame of its own number again.
  const offsets = seen.map((one, i) => (((one.n - i) % FRAMES) + FRAMES) % FRAMES);
  const usual = offsets.toSorted((a, b) => countOf(offsets, b) - countOf(offsets, a))[0]!;
  const behind = offsets.map((offset) => (usual - offset + FRAMES) % FRAMES);
  t.ok(countOf(behind, 0) >= seen.length * 0.4, `${countOf(behind, 0)} of ${seen.length} pictures in time`);
  t.ok(
    behind.every((frames) => frames < FRAMES / 2),
    `none is ahead of its time: ${behind.join()}`,
  );
  const mean = seen.reduce((sum, one) => sum + one.distance, 0) / seen.length;
  t.ok(mean < 6, `luma is off by ${mean.toFixed(2)} on average`);
  const { frames, lateClipFrames } = air.live.snapshot();
  t.equal(frames.releasedUnjudged, 0);
  t.comment(`late clip frames: ${lateClipFrames}, replaced: ${frames.replaced}`);

  const code = await makeCode('https://evil.example/pay');
  const module = 4;
  const side = (code.width + 8) * module;
  const bad = join(dir, 'bad.mp4');
  await writeFilm(bad, {
    ...{ width: side, height: side, frames: 30 },
    paint(n, rgb) {
      for (let i = 0; i < side * side; i += 1) {
        const [mx, my] = [Math.floor((i % side) / module) - 4, Math.floor(i / side / module) - 4];
        const inside = mx >= 0 && my >= 0 && mx < code.width && my < code.height;
        const dark = n >= 20 && n < 23 && inside && code.dark[my * code.width + mx] === 1;
        rgb.fill(dark ? 0 : 255, i * 3, i * 3 + 3);
      }
    },
  });
  const put = { type: 'media', items: [bad], x: 20, y: 300, z: 6 };
  const refused = await air.api('PUT', '/api/layers/bad', put);
  t.equal(refused.status, 422);
  t.match(JSON.stringify(refused.body), /bad\.mp4 at 0\.7 s/);
  const admissions = (): any[] => air.ledger().filter((e) => e.kind === 'admission');
  await until('the ledger has it', () => admissions().length > 0);
  t.match(admissions(), [{ action: 'refuse', rule: '3.3' }]);
  const moved = await air.api('PUT', '/api/layers/film', { ...layer, id: undefined, y: 400 });
  t.equal(moved.status, 200, 'the same clip elsewhere is known and comes at once');
  t.equal((await air.api('DELETE', '/api/layers/film')).status, 204);
});
