import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadPresenter } from '../../src/avatar/load-presenter.js';
import { mouthTrack } from '../../src/avatar/mouth-track.js';
import type { PresenterData } from '../../src/avatar/presenter-data.js';
import { GESTURES, type GestureName } from '../../src/avatar/presenter-pack.js';
import { PresenterRuntime } from '../../src/avatar/presenter-runtime.js';
import { silentLog } from '../../src/core/log.js';
import { templatePath } from '../../src/core/paths.js';
import { BitmapTable, DRAW_STRIDE, DrawList, i420Size, newBitmapId, RectList } from '../../src/core/picture.js';
import { VISEMES, type MouthTrack } from '../../src/core/speech.js';
import { frameIndex, type FrameRate } from '../../src/core/time.js';
import { twinKernels } from '../../src/native/twin/twin-kernels.js';

const rate: FrameRate = { num: 30, den: 1 };
const kernels = twinKernels();
const box = { x: 40, y: 20, width: 240, height: 300 };
const cacheDir = t.testdir();
const load = (name: string, at = box): Promise<PresenterData> =>
  loadPresenter(templatePath('presenters', name), { box: at, kernels, log: silentLog, cacheDir });
const mei = await load('mei');

const frame = (runtime: PresenterRuntime, n: number): number[] => {
  const list = new DrawList();
  runtime.paint(frameIndex(n), list);
  return [...list.items.subarray(0, list.count * DRAW_STRIDE)];
};
const steady = (viseme: string, frames: number, openness = 255): MouthTrack => ({
  viseme: new Uint8Array(frames).fill(VISEMES.indexOf(viseme as 'aa')),
  openness: new Uint8Array(frames).fill(openness),
});
const script = (r: PresenterRuntime): PresenterRuntime => {
  r.speak(frameIndex(20), steady('aa', 60));
  r.speak(frameIndex(120), steady('PP', 30, 0));
  r.gesture(frameIndex(30), 'wave');
  r.gesture(frameIndex(200), 'nod');
  return r;
};

t.test('every presenter loads, with all its items even and inside the box', async (t) => {
  for (const name of ['mei', 'leo', 'amara']) {
    const data = await load(name);
    const runtime = script(new PresenterRuntime(data, rate, 3));
    const byId = new Map(data.sprites.map((s) => [s.id, s]));
    for (const s of data.sprites) {
      const { width, height } = s.bitmap;
      const inside =
        s.x >= box.x && s.y >= box.y && s.x + width <= box.x + box.width && s.y + height <= box.y + box.height;
      if (!inside || (s.x | s.y | width | height) % 2 !== 0) t.fail(`${name}: sprite ${s.x},${s.y} ${width}×${height}`);
      if (s.bitmap.data.length !== (width * height * 11) / 4) t.fail('bitmap of another length');
    }
    for (let n = 0; n < 300; n += 7) {
      const items = frame(runtime, n);
      t.ok(items.length >= 9 * DRAW_STRIDE, 'the whole figure is there');
      for (let i = 0; i < items.length; i += DRAW_STRIDE) {
        const s = byId.get(items[i]!)!;
        t.same(items.slice(i + 1, i + DRAW_STRIDE), [s.x, s.y, 256, box.x, box.y, box.width, box.height]);
      }
    }
  }
});

t.test('the figure stands on the bottom of its box and is cut at its sides only outside of the safe box', async (t) => {
  const narrow = await load('leo', { x: 0, y: 0, width: 120, height: 300 });
  const body = narrow.sprites[narrow.bodyLower]!;
  t.equal(body.y + body.bitmap.height, 300);
  t.ok(body.x >= 0 && body.x + body.bitmap.width <= 120);
  const head = narrow.sprites[narrow.sway[0]!.head]!;
  t.ok(head.y > 40, 'it became smaller instead of losing its shoulders');
  await t.rejects(load('leo', { x: 1, y: 0, width: 120, height: 300 }), { code: 'E_PRESENTER_INVALID' });
});

t.test('same seed and schedule, same frames; another seed, other frames', async (t) => {
  const hash = (seed: number): string => {
    const runtime = script(new PresenterRuntime(mei, rate, seed));
    const h = createHash('sha256');
    for (let n = 0; n < 400; n += 1) h.update(frame(runtime, n).join());
    return h.digest('hex');
  };
  t.equal(hash(1), hash(1));
  t.not(hash(1), hash(2));
});

t.test('a frame does not depend on which frames were painted before it', async (t) => {
  const all = script(new PresenterRuntime(mei, rate, 5));
  const few = script(new PresenterRuntime(mei, rate, 5));
  for (let n = 0; n < 300; n += 1) {
    const items = frame(all, n);
    if (n % 41 === 0) t.same(frame(few, n), items, `frame ${n}`);
  }
});

t.test('the pose bank comes back from disk as it was drawn, and a damaged one is drawn anew', async (t) => {
  const dir = t.testdir();
  mkdirSync(join(dir, 'sub'));
  const options = { box: { ...box, width: 160, height: 200 }, kernels, log: silentLog, cacheDir: join(dir, 'sub') };
  const digest = (d: PresenterData): string => {
    const h = createHash('sha256').update(JSON.stringify([d.sway, d.nod, d.bodyUpper, d.gestures]));
    for (const s of d.sprites) h.update(`${s.x},${s.y}`).update(s.bitmap.data);
    return h.digest('hex');
  };
  const folder = templatePath('presenters', 'amara');
  const drawn = await loadPresenter(folder, options);
  const read = await loadPresenter(folder, options);
  t.equal(digest(read), digest(drawn));
  t.not(read.sprites[0]!.id, drawn.sprites[0]!.id, 'with handles of its own');
  const [file] = readdirSync(options.cacheDir);
  const path = join(options.cacheDir, file!);
  const bytes = readFileSync(path);
  bytes[bytes.length - 9]! ^= 1;
  writeFileSync(path, bytes);
  t.equal(digest(await loadPresenter(folder, options)), digest(drawn), 'one flipped bit is noticed');
  writeFileSync(path, bytes.subarray(0, 5000));
  t.equal(digest(await loadPresenter(folder, options)), digest(drawn), 'so is a file cut short');
});

t.test('every gesture moves, returns to idle, and never jumps between its poses', async (t) => {
  const idleRuntime = new PresenterRuntime(mei, rate, 9);
  for (const name of GESTURES) {
    const runtime = new PresenterRuntime(mei, rate, 9);
    runtime.gesture(frameIndex(10), name);
    let moved = 0;
    let last = -1;
    for (let n = 0; n < 200; n += 1) {
      const items = frame(runtime, n);
      const same = items.join() === frame(idleRuntime, n).join();
      if (!same) {
        moved += 1;
        last = n;
      }
      if (n < 10) t.ok(same, `${name}: nothing before its frame`);
    }
    t.ok(moved > 15, `${name} is seen (${moved} frames)`);
    t.ok(last > 0 && last < 130, `${name} is over by frame ${last}`);
  }
});

t.test('gestures that meet wait their turn, late ones are dropped, and any number may be asked for', async (t) => {
  const arm = (items: number[]): number => items.at(-DRAW_STRIDE)!;
  const waveSteps = new Set(mei.gestures.find((g) => g.name === 'wave')!.right!.steps.map((i) => mei.sprites[i]!.id));
  const pointSteps = new Set(mei.gestures.find((g) => g.name === 'point')!.right!.steps.map((i) => mei.sprites[i]!.id));
  const seen = (first: GestureName, second: GestureName, at: number, what: Set<number>): boolean => {
    const runtime = new PresenterRuntime(mei, rate, 1);
    runtime.gesture(frameIndex(0), first);
    runtime.gesture(frameIndex(at), second);
    for (let n = 0; n < 250; n += 1) if (what.has(arm(frame(runtime, n)))) return true;
    return false;
  };
  t.ok(seen('wave', 'point', 70, pointSteps), 'a cue near the end waits');
  t.notOk(seen('wave', 'point', 10, pointSteps), 'one at the beginning is dropped');
  t.ok(seen('wave', 'point', 10, waveSteps));
  const flooded = new PresenterRuntime(mei, rate, 1);
  for (let i = 0; i < 1000; i += 1) {
    flooded.gesture(frameIndex(i * 200), 'wave');
    flooded.speak(frameIndex(i * 200), steady('aa', 20));
  }
  t.equal(frame(flooded, 5).length, 10 * DRAW_STRIDE);
});

t.test('the mouth follows the track and rests outside of it', async (t) => {
  const runtime = new PresenterRuntime(mei, rate, 4);
  runtime.speak(frameIndex(15), steady('PP', 5, 0));
  runtime.speak(frameIndex(10), steady('aa', 5));
  const idsOf = (viseme: string, level: number): Set<number> => {
    const at = VISEMES.indexOf(viseme as 'aa') * 4 + level;
    return new Set([...mei.sway, ...mei.nod].map((p) => mei.sprites[p.mouths[at]!]!.id));
  };
  const shows = (n: number, ids: Set<number>): boolean => {
    const items = frame(runtime, n);
    for (let i = 0; i < items.length; i += DRAW_STRIDE) if (ids.has(items[i]!)) return true;
    return false;
  };
  for (const n of [0, 9]) t.ok(shows(n, idsOf('sil', 0)), `rest at ${n}`);
  for (let n = 10; n < 15; n += 1) t.ok(shows(n, idsOf('aa', 3)), `open at ${n}`);
  for (let n = 15; n < 20; n += 1) t.ok(shows(n, idsOf('PP', 0)), `pressed at ${n}`);
  for (const n of [20, 40]) t.ok(shows(n, idsOf('sil', 0)), `rest at ${n}`);
});

t.test('people blink: ten to thirty times a minute, each for three to six frames', async (t) => {
  const runtime = new PresenterRuntime(mei, rate, 11);
  const closed = new Set(mei.sway.map((p) => mei.sprites[p.eyes[6]!]!.id));
  const half = new Set(mei.sway.map((p) => mei.sprites[p.eyes[5]!]!.id));
  let blinks = 0;
  let run = 0;
  for (let n = 0; n < 1800; n += 1) {
    const items = frame(runtime, n);
    const shut = items.some((id, i) => i % DRAW_STRIDE === 0 && (closed.has(id) || half.has(id)));
    if (shut) run += 1;
    else if (run > 0) {
      blinks += 1;
      t.ok(run >= 3 && run <= 6, `a blink of ${run} frames`);
      run = 0;
    }
  }
  t.ok(blinks >= 10 && blinks <= 30, `${blinks} blinks`);
});

t.test('half of all frames of a listening presenter change nothing, and a talking one mostly the mouth', async (t) => {
  const runtime = new PresenterRuntime(mei, rate, 2);
  let unchanged = 0;
  let before = frame(runtime, 0).join();
  for (let n = 1; n < 900; n += 1) {
    const now = frame(runtime, n).join();
    if (now === before) unchanged += 1;
    before = now;
  }
  t.ok(unchanged > 450, `${unchanged} of 899 frames`);
});

t.test('neighbouring steps of the sway are less than two pixels apart at the crown', async (t) => {
  const large = await load('leo', { x: 0, y: 0, width: 560, height: 700 });
  for (let i = 1; i < large.sway.length; i += 1) {
    const a = large.sprites[large.sway[i - 1]!.head]!;
    const b = large.sprites[large.sway[i]!.head]!;
    t.ok(Math.abs(a.x - b.x) <= 2 && Math.abs(a.y - b.y) <= 2, `step ${i}`);
  }
  t.ok(large.bytes < 60 * 2 ** 20, `${large.bytes} bytes`);
});

t.test('painting allocates nothing that stays', async (t) => {
  const runtime = script(new PresenterRuntime(mei, rate, 8));
  const list = new DrawList();
  const run = (from: number, to: number): void => {
    for (let n = from; n < to; n += 1) {
      list.clear();
      runtime.paint(frameIndex(n), list);
    }
  };
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  run(0, 20_000);
  const before = held();
  run(20_000, 120_000);
  const grown = held() - before;
  t.ok(grown < 1_000_000, `${grown} bytes over 100,000 frames`);
});

t.test(
  'composed, the figure is opaque in its middle and closed lips differ from open ones only at the mouth',
  async (t) => {
    const { width, height } = { width: 320, height: 340 };
    const table = new BitmapTable();
    const ground = newBitmapId();
    const green = new Uint8Array(width * height * 4);
    for (let i = 0; i < width * height; i += 1) green.set([0, 255, 0, 255], i * 4);
    table.set(ground, kernels.rgbaToYuva(green, width, height, 0, 0));
    const draw = (track: MouthTrack): Uint8Array => {
      const runtime = new PresenterRuntime(mei, rate, 1);
      runtime.registerBitmaps(table);
      runtime.speak(frameIndex(0), track);
      const list = new DrawList();
      list.push(ground, 0, 0, 256, 0, 0, width, height);
      runtime.paint(frameIndex(30), list);
      const rects = new RectList();
      rects.push(0, 0, width, height);
      const canvas = new Uint8Array(i420Size(width, height));
      kernels.compose(canvas, width, height, rects, list, table);
      const rgba = new Uint8Array(width * height * 4);
      kernels.i420ToRgba(canvas, width, height, rgba);
      return rgba;
    };
    const shut = draw(steady('PP', 60, 0));
    const open = draw(steady('aa', 60));
    const greenAt = (x: number, y: number): boolean => {
      const [r, g, b] = shut.subarray((y * width + x) * 4, (y * width + x) * 4 + 3);
      return g! > 200 && r! < 80 && b! < 80;
    };
    t.ok(greenAt(45, 30) && greenAt(275, 30), 'the corners of the box are clear');
    for (let y = 60; y < 320; y += 10) t.notOk(greenAt(160, y), `the middle is covered at ${y}`);
    const mouth = mei.sprites[mei.sway[(mei.sway.length - 1) / 2]!.mouths[VISEMES.indexOf('aa') * 4 + 3]!]!;
    let outside = 0;
    let inside = 0;
    for (let i = 0; i < width * height; i += 1) {
      if (Math.abs(shut[i * 4]! - open[i * 4]!) < 8) continue;
      const [x, y] = [i % width, Math.floor(i / width)];
      const near =
        x > mouth.x - 12 &&
        x < mouth.x + mouth.bitmap.width + 12 &&
        y > mouth.y - 12 &&
        y < mouth.y + mouth.bitmap.height + 12;
      if (near) inside += 1;
      else outside += 1;
    }
    t.ok(inside > 40, `${inside} pixels of mouth`);
    t.equal(outside, 0);
  },
);

t.test('a mouth track of real phonemes shows closed lips on screen', async (t) => {
  const track = mouthTrack(
    [
      { ipa: 'a', startSample: 0, endSample: 6000 },
      { ipa: 'm', startSample: 6000, endSample: 8000 },
      { ipa: 'a', startSample: 8000, endSample: 16_000 },
    ],
    16_000,
    rate,
  );
  const runtime = new PresenterRuntime(mei, rate, 1);
  runtime.speak(frameIndex(0), track);
  const pressed = new Set(mei.sway.map((p) => mei.sprites[p.mouths[VISEMES.indexOf('PP') * 4]!]!.id));
  const items = frame(runtime, 4);
  t.ok(items.some((id, i) => i % DRAW_STRIDE === 0 && pressed.has(id)));
});
