import { createHash } from 'node:crypto';
import { unlinkSync, writeFileSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { layer as layerSchema } from '../../../src/config/sections/layer.js';
import { resolveLayer } from '../../../src/config/resolve-room.js';
import { silentLog, type Log } from '../../../src/core/log.js';
import { frameIndex } from '../../../src/core/time.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { ClipFeeder } from '../../../src/scene/clips/clip-feeder.js';
import { ClipRing, type CompiledClips, SerialQueue } from '../../../src/scene/clips/clip-ring.js';
import { SlotReader } from '../../../src/scene/clips/frame-reader.js';
import { SceneCompiler } from '../../../src/scene/scene-compiler.js';
import type { SceneUpdate } from '../../../src/scene/scene-update.js';
import { draw, kernels, near, roomOf, square, Stage } from '../scene-kit.js';
import { clipDepsOf, greyOf, writeFilm, type Film } from '../../kit/clip-films.js';

const f = frameIndex;
const films = t.testdir({ 'red.svg': square('#ff0000', 64) });
const plain = join(films, 'plain.mp4');
const slow = join(films, 'slow.mp4');
const grey: Film = { width: 64, height: 48, frames: 24, paint: (n, rgb) => rgb.fill(greyOf(n)) };
const openReader = (clips: CompiledClips): SlotReader => new SlotReader(clips);

t.before(async () => {
  await writeFilm(plain, grey);
  await writeFilm(slow, { ...grey, fps: 10, frames: 6 });
});

const media = (more: object): object => ({
  id: 'film',
  type: 'media',
  items: [plain],
  x: 10,
  y: 20,
  width: 64,
  height: 48,
  fit: 'fill',
  ...more,
});

async function onStage(t: Test, layers: object[], feeder?: ClipFeeder) {
  const room = roomOf(t.testdir({ 'red.svg': square('#ff0000', 64) }), { layers });
  const clips = clipDepsOf(join(films, 'cache'), feeder === undefined ? {} : { feeder });
  const scene = new SceneCompiler(room, { kernels, log: silentLog, admit: async () => undefined, draw, clips });
  const stage = new Stage(room, feeder === undefined ? openReader : undefined);
  t.teardown(() => stage.runtime.close());
  const opening = await scene.open();
  stage.runtime.apply(opening);
  return { room, scene, stage, opening };
}

/** Frames of a stage as one hash, each compared with the same list drawn on an empty canvas. */
function hashOf(t: Test, stage: Stage, frames: number): string {
  const hash = createHash('sha256');
  for (let n = 0; n < frames; n += 1) {
    stage.draw(n);
    if (n % 7 === 0) t.ok(Buffer.from(stage.whole()).equals(stage.canvas), `frame ${n}: the damage was all of it`);
    hash.update(stage.canvas);
  }
  return hash.digest('hex');
}

t.test('loops a clip frame by frame at its position and damages nothing else', async (t) => {
  const { stage } = await onStage(t, [media({})]);
  for (let n = 0; n < 60; n += 1) {
    stage.draw(n);
    const [r] = stage.pixel(40, 40);
    t.ok(Math.abs(r - greyOf(n % 24)) <= 4, `frame ${n}: ${r} for ${greyOf(n % 24)}`);
    if (n > 0) t.equal(stage.damagedArea(), 64 * 48);
  }
  t.ok(near(stage.pixel(5, 100), [0x20, 0x40, 0x60], 3), 'the background is as it was');
});

t.test('reports no damage for a repeated frame', async (t) => {
  const { stage } = await onStage(t, [media({ items: [slow] })]);
  stage.draw(0);
  const areas: number[] = [];
  for (let n = 1; n < 18; n += 1) {
    stage.draw(n);
    areas.push(stage.damagedArea());
  }
  t.equal(areas.filter((area) => area === 0).length, 12);
  t.equal(areas.filter((area) => area === 64 * 48).length, 5);
});

t.test('skips frames of a slowed large clip without losing time, and leaves a small one alone', async (t) => {
  const { stage } = await onStage(t, [
    media({ width: 160, height: 90 }),
    media({ id: 'small', items: [plain], x: 200, y: 120, width: 32, height: 24 }),
  ]);
  stage.draw(0);
  for (let n = 1; n < 60; n += 1) {
    if (n === 10) stage.runtime.clipStep = 3;
    if (n === 40) stage.runtime.clipStep = 1;
    stage.draw(n);
    const large = n >= 10 && n < 40 ? Math.max(9, n - (n % 3)) : n;
    t.ok(Math.abs(stage.pixel(60, 60)[0] - greyOf(large % 24)) <= 4, `frame ${n} of the large clip`);
    t.ok(Math.abs(stage.pixel(216, 132)[0] - greyOf(n % 24)) <= 4, `frame ${n} of the small clip`);
    t.ok(Buffer.from(stage.whole()).equals(stage.canvas), `frame ${n}: the damage was all of it`);
  }
});

t.test('gives the same frames each time: moved, faded, wiped, rounded, in a list', async (t) => {
  const layers = [
    media({ items: [plain, 'red.svg', slow], holdMs: 400, fadeMs: 150, radius: 12, opacity: 0.8, width: 65, x: 11 }),
    media({
      id: 'moving',
      x: 120,
      z: 2,
      enter: { type: 'slide-left', durationMs: 300 },
      motion: { loopMs: 900, keyframes: [{ atMs: 0 }, { atMs: 450, dx: 37, dy: 21, opacity: 0.5 }] },
    }),
    media({ id: 'wiped', y: 120, enter: { type: 'wipe', durationMs: 400 } }),
    media({ id: 'popped', y: 150, x: 200, enter: { type: 'pop', durationMs: 400 } }),
  ];
  const one = hashOf(t, (await onStage(t, layers)).stage, 80);
  const two = hashOf(t, (await onStage(t, layers)).stage, 80);
  t.equal(one, two);
});

/** Draws a frame once the feeder has read what it needs, however busy the machine is. */
async function drawFed(stage: Stage, { layers }: SceneUpdate, n: number): Promise<void> {
  for (const { clips, startFrame } of layers) {
    if (clips === null) continue;
    const ring = new ClipRing(clips.control);
    const turns = new SerialQueue(clips.turnFrames);
    const at = n - startFrame;
    turns.seek(at);
    const runs = clips.items[turns.item]?.runs;
    const from = runs?.start[turns.into] ?? 0;
    while (from > 0 && ring.find(at - (turns.into - from)) < 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  stage.draw(n);
}

t.test('gives the same frames on air as in an offline render', async (t) => {
  const feeder = new ClipFeeder(silentLog);
  t.teardown(() => feeder.close());
  const layers = [
    media({ items: [plain, 'red.svg', slow], holdMs: 200, fadeMs: 100, radius: 9 }),
    media({ id: 'b', x: 160 }),
  ];
  const fed = await onStage(t, layers, feeder);
  const offline = await onStage(t, layers);
  for (let n = 0; n < 90; n += 1) {
    await drawFed(fed.stage, fed.opening, n);
    offline.stage.draw(n);
    if (!Buffer.from(fed.stage.canvas).equals(offline.stage.canvas)) return t.fail(`frame ${n} differs`);
  }
  t.equal(fed.stage.runtime.lateClipFrames, 0);
});

t.test('reports a frame as ready once the feeder has read it, and a first frame always', async (t) => {
  const { stage, opening } = await onStage(t, [media({})], new ClipFeeder(silentLog));
  const { runtime } = stage;
  const { clips } = opening.layers.find((l) => l.clips !== null)!;
  const ring = new ClipRing(clips!.control);
  t.ok(runtime.clipsReady(f(0)));
  const far = 20;
  t.notOk(runtime.clipsReady(f(far)), 'nobody asked for that yet');
  ring.fill(3, far);
  t.ok(runtime.clipsReady(f(far)));
});

t.test("holds pictures, plays clips to their end, and fades to a clip's first frame", async (t) => {
  const { stage } = await onStage(t, [media({ items: ['red.svg', plain], holdMs: 1000, fadeMs: 200 })]);
  stage.draw(0);
  t.ok(near(stage.pixel(40, 40), [255, 0, 0], 4));
  stage.draw(29);
  const [r, g] = stage.pixel(40, 40);
  t.ok(r > greyOf(0) && r < 120 && g < greyOf(0), `almost the clip's first frame: ${r}, ${g}`);
  for (const k of [0, 1, 10, 17]) {
    stage.draw(30 + k);
    t.ok(near(stage.pixel(40, 40), [greyOf(k), greyOf(k), greyOf(k)], 4), `frame ${k} of the clip`);
  }
  stage.draw(30 + 23);
  t.ok(stage.pixel(40, 40)[0] > 170, 'it fades into the picture while it plays its last frames');
  stage.draw(54);
  t.ok(near(stage.pixel(40, 40), [255, 0, 0], 4), 'after 24 frames it is over');
});

t.test('switches items at once without a fade', async (t) => {
  const { stage } = await onStage(t, [media({ items: ['red.svg', plain], holdMs: 200, fadeMs: 0 })]);
  stage.draw(5);
  t.ok(near(stage.pixel(40, 40), [255, 0, 0], 4), 'the last frame of the picture is all picture');
  stage.draw(6);
  t.ok(near(stage.pixel(40, 40), [greyOf(0), greyOf(0), greyOf(0)], 4));
});

t.test('shows the layers below through rounded corners', async (t) => {
  const { stage } = await onStage(t, [media({ radius: 16 })]);
  for (const n of [0, 5]) {
    stage.draw(n);
    t.ok(near(stage.pixel(10, 20), [0x20, 0x40, 0x60], 4), 'outside of the corner');
    t.ok(Math.abs(stage.pixel(42, 44)[0] - greyOf(n)) <= 4, 'in the middle');
  }
});

t.test('shows a new layer when it is ready, and frees its ring after it has left', async (t) => {
  const feeder = new ClipFeeder(silentLog);
  t.teardown(() => feeder.close());
  const { scene, stage } = await onStage(t, [], feeder);
  stage.draw(0);
  const put = (more: object) =>
    resolveLayer(layerSchema.parse(media({ leave: { type: 'fade', durationMs: 100 }, ...more })), (ref) => ref);
  const update = await scene.putLayer(put({}), () => f(5));
  stage.runtime.apply(update);
  const { clips } = update.layers[0]!;
  const ring = new ClipRing(clips!.control);
  stage.draw(4);
  t.ok(near(stage.pixel(40, 40), [0x20, 0x40, 0x60], 3));
  for (let n = 5; n < 9; n += 1) await drawFed(stage, update, n);
  t.ok(Math.abs(stage.pixel(40, 40)[0] - greyOf(3)) <= 4, 'its frames count from there');
  stage.runtime.apply(scene.removeLayer('film', f(10)));
  stage.draw(12);
  t.equal(ring.gone, false, 'while it fades out it plays on');
  stage.draw(13);
  t.equal(ring.gone, true);
  t.ok(near(stage.pixel(40, 40), [0x20, 0x40, 0x60], 3));
  // Twelve clips over a whole 720p frame would want more read-ahead than there is.
  await t.rejects(
    (async () => {
      for (let i = 0; i < 12; i += 1) await scene.putLayer(put({ id: `big${i}`, width: 720, height: 1280 }), f(20));
    })(),
    { code: 'E_ASSET_TOO_LARGE', todo: /fewer clips at once/ },
  );
});

t.test('reports a missing clip file and shows the last frame, the first frame, then the slate', async (t) => {
  const told: string[] = [];
  const log: Log = {
    ...silentLog,
    warn: (_, message) => void told.push(message),
    info: (_, message) => void told.push(message),
  };
  const notes: LedgerEntry[] = [];
  const feeder = new ClipFeeder(log, (entry) => notes.push(entry));
  t.teardown(() => feeder.close());
  const dir = t.testdir({});
  const file = join(dir, 'a.mp4');
  await writeFilm(file, { ...grey, frames: 40 });
  const room = roomOf(dir, {
    layers: [media({ items: [file], idleAfterMs: 200, slateAfterMs: 60_000, radius: 12 })],
  });
  const clips = clipDepsOf(join(dir, 'cache'), { feeder });
  const scene = new SceneCompiler(room, { kernels, log: silentLog, admit: async () => undefined, draw, clips });
  const stage = new Stage(room);
  const opening = await scene.open();
  stage.runtime.apply(opening);
  for (let n = 0; n < 5; n += 1) await drawFed(stage, opening, n);
  const kept = join(dir, 'cache', readdirSync(join(dir, 'cache'))[0]!);
  truncateSync(kept, 5000);
  while (!told.includes('a clip cannot be read')) {
    stage.draw(20);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const before = stage.runtime.lateClipFrames;
  for (let n = 21; n < 30; n += 1) stage.draw(n);
  t.ok(Math.abs(stage.pixel(40, 40)[0] - greyOf(0)) <= 4);
  t.equal(stage.runtime.lateClipFrames, before + 9);
  feeder.look();
  t.ok(told.includes('a clip’s frames came late'));
  t.ok(told.includes('a clip stalls: its first frame is shown'));
  t.same(feeder.sources(), [{ id: 'film', kind: 'clip', step: 'idle' }]);
  for (let n = 30; n < 1900; n += 1) stage.draw(n);
  feeder.look();
  t.same(feeder.sources(), [{ id: 'film', kind: 'clip', step: 'slate' }]);
  const [red, , blue] = stage.pixel(14, 44);
  t.ok(red < 0x30 && blue > red + 4, 'a dark blue ground');
  t.ok(stage.pixel(42, 44)[0] < 0x60, 'nothing of the film in the middle');
  t.ok(near(stage.pixel(10, 20), [0x20, 0x40, 0x60], 4), 'round as the clip was');
  t.same(
    notes.map(({ kind, action, detail }) => [kind, action, detail]),
    [
      ['room', 'clip-stalled', { layer: 'film', before: 'fresh' }],
      ['room', 'clip-slate', { layer: 'film', before: 'idle' }],
    ],
  );
  unlinkSync(kept);
  writeFileSync(join(dir, 'note'), '');
});
