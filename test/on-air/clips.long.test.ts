import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { makeCode } from '../kit/draw-code.js';
import { writeFilm } from '../kit/clip-films.js';
import { clipRoom, FRAMES, HEIGHT, look, numberedClip, WIDTH } from './clips-kit.js';
import { decodeTimedLuma, onAir, record, until } from '../kit/on-air.js';

const dir = mkdtempSync(join(tmpdir(), 'showroom-clips-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
process.env['XDG_CACHE_HOME'] = join(dir, 'cache');
const layer = await numberedClip(dir);

const countOf = (list: readonly number[], value: number): number => list.filter((one) => one === value).length;

t.test('delivers the clip unchanged to a receiver, and refuses one with a code with its time', async (t) => {
  const air = await onAir(t, clipRoom([layer]));
  await until('frames leave', () => air.live.snapshot().frames.released > 45);
  const flv = join(dir, 'air.flv');
  await record(air.live.addresses.rtmp, 3, flv);
  const pictures = await decodeTimedLuma(flv, WIDTH, HEIGHT);
  t.ok(pictures.length >= 50, `${pictures.length} pictures`);
  const seen = pictures.map((picture) => look(picture.luma));
  // By time, not by index: under load encoder slots may be missing, and later ones keep their time.
  const { num, den } = loadRoom(air.file).rate;
  const slots = pictures.map((picture) => Math.round((picture.ptsMs * num) / (1000 * den)));
  // A late slot repeats a picture; the next one shows the frame of its own number again.
  const offsets = seen.map((one, i) => (((one.n - slots[i]!) % FRAMES) + FRAMES) % FRAMES);
  const usual = offsets.toSorted((a, b) => countOf(offsets, b) - countOf(offsets, a))[0]!;
  const behind = offsets.map((offset) => (usual - offset + FRAMES) % FRAMES);
  t.ok(countOf(behind, 0) >= seen.length * 0.4, `${countOf(behind, 0)} of ${seen.length} pictures in time`);
  t.ok(
    behind.every((frames) => frames < FRAMES / 2),
    `none is early: ${behind.join()} in slots ${slots.join()}`,
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
  await until('the ledger records it', () => admissions().length > 0);
  t.match(admissions(), [{ action: 'refuse', rule: '3.3' }]);
  const moved = await air.api('PUT', '/api/layers/film', { ...layer, id: undefined, y: 400 });
  t.equal(moved.status, 200, 'the same clip elsewhere is remembered and admitted at once');
  t.equal((await air.api('DELETE', '/api/layers/film')).status, 204);
});
