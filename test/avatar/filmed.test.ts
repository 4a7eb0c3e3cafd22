import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { chooseMouths, easeMouths } from '../../src/avatar/filmed/choose-mouths.js';
import { FilmReader } from '../../src/avatar/filmed/film-data.js';
import {
  FilmFile,
  FilmFileWriter,
  matteBytes,
  maxMatteBytes,
  packMatte,
  unpackMatte,
} from '../../src/avatar/filmed/film-file.js';
import { readFilmPack } from '../../src/avatar/filmed/film-manifest.js';
import { FilmRing } from '../../src/avatar/filmed/film-ring.js';
import { joinMatte } from '../../src/avatar/filmed/fit-film.js';
import type { PresenterData } from '../../src/avatar/presenter-data.js';
import { readPackVoices } from '../../src/avatar/presenter-pack.js';
import { PresenterRuntime } from '../../src/avatar/presenter-runtime.js';
import {
  BitmapTable,
  DRAW,
  DRAW_STRIDE,
  DrawList,
  i420Size,
  RectList,
  yuvaSize,
} from '../../src/core/media/picture.js';
import { seededRandom } from '../../src/core/random.js';
import { type MouthTrack, VISEMES } from '../../src/core/speech.js';
import { frameIndex } from '../../src/core/time.js';
import { MOUTH_SHAPES } from '../../src/filming/mouths/filmed-mouth-shapes.js';
import { featuresOf } from '../../src/filming/mouths/talk-bank.js';
import { alteredPack, BOX, consent, HEIGHT, kernels, loadPack, WIDTH, writePack } from './filmed/film-rig.js';

t.test('choose mouths', async (t) => {
  const shapes = MOUTH_SHAPES.map(({ viseme, openness, spread }) => ({ viseme, openness, spread, next: -1 }));
  const track = (parts: readonly (readonly [string, number, number])[]): MouthTrack => ({
    viseme: Uint8Array.from(parts.flatMap(([v, , n]) => Array.from({ length: n }, () => VISEMES.indexOf(v as 'aa')))),
    openness: Uint8Array.from(parts.flatMap(([, o, n]) => Array.from({ length: n }, () => o))),
  });

  t.test('rests in silence, meets lips on a closure, bites on an F', async (t) => {
    const chosen = chooseMouths(
      track([
        ['sil', 0, 4],
        ['aa', 150, 4],
        ['PP', 0, 1],
        ['aa', 220, 4],
        ['FF', 45, 2],
        ['sil', 0, 3],
      ]),
      featuresOf(shapes),
    );
    t.same([...chosen.slice(0, 4)], [0, 0, 0, 0]);
    t.equal(shapes[chosen[8]!]!.viseme, 'PP');
    t.ok(shapes[chosen[11]!]!.openness > 170);
    t.equal(shapes[chosen[13]!]!.viseme, 'FF');
    t.equal(chosen.at(-1), 0);
  });

  t.test('rounds for U and O and spreads for I', async (t) => {
    const of = (viseme: string, openness: number): number => {
      const chosen = chooseMouths(track([[viseme, openness, 6]]), featuresOf(shapes));
      return shapes[chosen[3]!]!.spread;
    };
    t.ok(of('U', 110) < -0.5);
    t.ok(of('O', 180) < -0.3);
    t.ok(of('I', 110) > 0.4);
  });

  t.test('prefers the person’s own steps where two mouths are equally near', async (t) => {
    const mouths = [
      { viseme: 'sil', openness: 0, spread: 0, next: -1 },
      { viseme: 'aa', openness: 100, spread: 0, next: 3 },
      { viseme: 'aa', openness: 204, spread: 0, next: -1 },
      { viseme: 'aa', openness: 200, spread: 0, next: -1 },
    ] as const;
    const chosen = chooseMouths(
      track([
        ['aa', 100, 1],
        ['aa', 203, 1],
      ]),
      featuresOf([...mouths]),
    );
    t.same([...chosen], [1, 3]);
  });

  t.test('follows the wanted opening over a whole line', async (t) => {
    const wanted = Array.from({ length: 60 }, (_, i) => Math.round(110 + 100 * Math.sin(i / 4)));
    const chosen = chooseMouths(
      { viseme: new Uint8Array(60).fill(VISEMES.indexOf('aa')), openness: Uint8Array.from(wanted) },
      featuresOf(shapes),
    );
    const off = wanted.map((w, i) => Math.abs(w - shapes[chosen[i]!]!.openness));
    t.ok(Math.max(...off) <= 40);
    t.same([...chooseMouths({ viseme: new Uint8Array(0), openness: new Uint8Array(0) }, featuresOf(shapes))], []);
  });

  t.test(
    'goes from mouth to mouth through the warps between them, in two to four frames, with closed lips kept',
    async (t) => {
      const features = featuresOf(shapes);
      const wanted = track([
        ['aa', 230, 5],
        ['U', 120, 5],
        ['PP', 0, 2],
        ['aa', 230, 5],
        ['I', 60, 5],
      ]);
      const chosen = chooseMouths(wanted, features);
      const eased = easeMouths(chosen, features);
      const jump = (list: Uint8Array): number =>
        Math.max(
          ...[...list].slice(1).map((m, i) => {
            const [a, b] = [shapes[list[i]!]!, shapes[m]!];
            if (a.viseme === 'PP' || b.viseme === 'PP') return 0;
            return Math.hypot((a.openness - b.openness) / 100, (a.spread - b.spread) / 0.8);
          }),
        );
      t.ok(jump(chosen) > 1.4, `at once: ${jump(chosen)}`);
      t.ok(jump(eased) < 1.15, `by steps: ${jump(eased)}`);
      for (const f of [10, 11]) t.equal(shapes[eased[f]!]!.viseme, 'PP');
      const changed = [...eased].filter((m, f) => m !== chosen[f]).length;
      t.ok(changed >= 2 && changed <= 12, `${changed} frames lie between`);
    },
  );
});

t.test('film manifest', async (t) => {
  const root = t.testdir();
  const good = await writePack(join(root, 'good'));

  const altered = (name: string, file: 'pack.json' | 'track.json', change: (value: any) => unknown): string =>
    alteredPack(good, join(root, name), file, change);

  t.test('reads a complete pack', async (t) => {
    const { manifest, track } = await readFilmPack(good);
    t.equal(manifest.consent.who, 'Ana Torres');
    t.equal(track.mouths.length, 5);
    t.same(await readPackVoices(good), {});
  });

  t.test('refuses a pack without complete consent, naming the field', async (t) => {
    for (const field of Object.keys(consent)) {
      const dir = altered(`no-${field}`, 'pack.json', (m) => {
        delete m.consent[field];
        return m;
      });
      await t.rejects(loadPack(dir, join(root, 'cache')), {
        code: 'E_PRESENTER_INVALID',
        where: new RegExp(`consent\\.${field}`),
        todo: /filmed-presenters\.md/,
      });
    }
    const minor = altered('minor', 'pack.json', (m) => ({ ...m, consent: { ...m.consent, adult: false } }));
    await t.rejects(readFilmPack(minor), { code: 'E_PRESENTER_INVALID', expected: /adult/ });
    const none = altered('none', 'pack.json', (m) => ({ ...m, consent: undefined }));
    await t.rejects(readPackVoices(none), { code: 'E_PRESENTER_INVALID' }, 'also where only the voices are read');
  });

  t.test('refuses files outside the pack', async (t) => {
    for (const file of ['../good/film.mp4', '/etc/passwd']) {
      const dir = altered(`outside-${file.length}`, 'pack.json', (m) => ({ ...m, film: { ...m.film, file } }));
      await t.rejects(readFilmPack(dir), { code: 'E_PRESENTER_INVALID', expected: 'a file inside the pack' });
    }
  });

  t.test('refuses tables of another length and references that do not exist', async (t) => {
    const short = altered('short', 'track.json', (m) => ({ ...m, poses: m.poses.slice(6) }));
    await t.rejects(readFilmPack(short), { code: 'E_PRESENTER_INVALID', where: /poses/ });
    const blends = altered('blends', 'track.json', (m) => ({ ...m, blends: m.blends.map(() => 3) }));
    await t.rejects(readFilmPack(blends), { code: 'E_PRESENTER_INVALID', where: /blends/ });
    const many = altered('many', 'track.json', (m) => ({
      ...m,
      mouths: Array.from({ length: 300 }, () => m.mouths[0]),
    }));
    await t.rejects(readFilmPack(many), { code: 'E_PRESENTER_INVALID', where: /mouths/ });
  });

  t.test('refuses times beyond the film', async (t) => {
    const late = altered('late', 'pack.json', (m) => ({ ...m, gestures: [{ name: 'wave', fromMs: 0, toMs: 9000 }] }));
    await t.rejects(readFilmPack(late), { code: 'E_PRESENTER_INVALID', where: /gestures\[0\]/ });
  });
});

t.test('film painter', async (t) => {
  const root = t.testdir();
  const cache = join(root, 'cache');
  const dir = await writePack(join(root, 'pack'));
  const rate = { num: 30, den: 1 };
  const canvas = { width: 140, height: 160 };

  const steady = (viseme: string, frames: number, openness: number): MouthTrack => ({
    viseme: new Uint8Array(frames).fill(VISEMES.indexOf(viseme as 'aa')),
    openness: new Uint8Array(frames).fill(openness),
  });

  class Stage {
    readonly list = new DrawList();
    readonly runtime: PresenterRuntime;
    private readonly table = new BitmapTable();
    private readonly picture = new Uint8Array(i420Size(canvas.width, canvas.height));
    private readonly whole = new RectList(1);

    constructor(
      readonly data: PresenterData,
      seed = 3,
    ) {
      this.whole.push(0, 0, canvas.width, canvas.height);
      this.runtime = new PresenterRuntime(data, rate, seed, 0, { kernels, open: (film) => new FilmReader(film) });
      this.runtime.registerBitmaps(this.table);
    }
    at(n: number): Uint8Array {
      this.list.clear();
      this.runtime.paint(frameIndex(n), this.list);
      kernels.compose(this.picture, canvas.width, canvas.height, this.whole, this.list, this.table);
      return Uint8Array.from(this.picture);
    }
    /** Luma of the film beside the mouth. */
    film(n: number): number {
      return this.at(n)[(BOX.y + HEIGHT - 8) * canvas.width + BOX.x + 8]!;
    }
    /** Luma in the middle of the mouth. */
    mouth(n: number): number {
      return this.at(n)[(BOX.y + 48) * canvas.width + BOX.x + 50]!;
    }
  }
  const stage = async (seed?: number): Promise<Stage> => new Stage(await loadPack(dir, cache), seed);
  const luma = (grey: number): number => 16 + (grey * 219) / 255;

  t.test('plays the film to and fro without a jump', async (t) => {
    const one = await stage();
    const seen = Array.from({ length: 150 }, (_, n) => one.film(n));
    for (let n = 1; n < seen.length; n += 1) t.ok(Math.abs(seen[n]! - seen[n - 1]!) <= 6, `frame ${n}`);
    t.ok(Math.max(...seen) - Math.min(...seen) > 80, 'the whole loop is seen');
    t.same(seen.slice(0, 60), seen.slice(58, 118), 'it repeats after a round');
  });

  t.test('gives the same frames for the same seed and schedule', async (t) => {
    const frames = async (): Promise<string[]> => {
      const one = await stage(9);
      one.runtime.speak(frameIndex(10), steady('aa', 40, 200));
      one.runtime.gesture(frameIndex(30), 'wave');
      return Array.from({ length: 80 }, (_, n) => Buffer.from(one.at(n)).toString('base64'));
    };
    t.same(await frames(), await frames());
  });

  t.test('shows its own mouth in silence, open ones in vowels and met lips at once', async (t) => {
    const one = await stage();
    const track = steady('aa', 40, 235);
    track.viseme.fill(VISEMES.indexOf('PP'), 20, 22);
    track.openness.fill(0, 20, 22);
    one.runtime.speak(frameIndex(30), track);
    for (let n = 0; n < 20; n += 1) t.equal(one.mouth(n), one.film(n), 'silence');
    for (let n = 20; n < 45; n += 1) one.at(n);
    t.ok(Math.abs(one.mouth(45) - luma(150)) <= 2, 'wide open');
    for (let n = 46; n < 50; n += 1) one.at(n);
    t.ok(Math.abs(one.mouth(50) - luma(70)) <= 2, 'met, without a trace of the open one');
    t.ok(Math.abs(one.mouth(51) - luma(70)) <= 2);
  });

  t.test('fades a gesture in and out and leaves unknown ones out', async (t) => {
    const one = await stage();
    one.runtime.gesture(frameIndex(5), 'wave');
    one.runtime.gesture(frameIndex(5), 'think');
    const counts: number[] = [];
    for (let n = 0; n < 60; n += 1) {
      one.at(n);
      counts.push(one.list.count);
    }
    t.ok(counts.includes(2), 'two frames of the film in a fade');
    t.equal(counts.at(-1), 1);
    const last = one.list.items[DRAW.opacity];
    t.equal(last, 256);
  });

  t.test('keeps the last frame while the next one is missing, and counts it', async (t) => {
    const data = await loadPack(dir, cache);
    const runtime = new PresenterRuntime(data, rate, 3, 0, { kernels });
    const list = new DrawList();
    const shown = (n: number): number => {
      list.clear();
      runtime.paint(frameIndex(n), list);
      return list.items[DRAW.bitmap]!;
    };
    t.equal(shown(0), data.sprites[data.film!.still]!.id, 'before anything was read: the first frame');
    const reader = new FilmReader(data.film!);
    while (reader.step());
    const first = shown(1);
    t.not(first, data.sprites[data.film!.still]!.id);
    for (let n = 2; n < 20; n += 1) shown(n);
    t.ok(new FilmRing(data.film!.control).lateFrames > 0);
    reader.close();
  });

  t.test('never reads into a slot that is shown', async (t) => {
    const data = await loadPack(dir, cache);
    const ring = new FilmRing(data.film!.control);
    const reader = new FilmReader(data.film!);
    while (reader.step());
    const slot = ring.show(0, data.film!.loopFrom);
    t.ok(slot >= 0);
    for (let frame = 20; frame < 35; frame += 1) {
      for (let i = 0; i < 8; i += 1) ring.want(i, frame + i > 39 ? -1 : frame + i);
      while (reader.step());
      t.equal(ring.show(0, data.film!.loopFrom), slot);
    }
    reader.close();
  });

  t.test('hands over to another presenter and ends its ring', async (t) => {
    const one = await stage();
    const next = await loadPack(dir, cache);
    one.at(0);
    one.runtime.replace(next, frameIndex(5));
    one.runtime.speak(frameIndex(8), steady('aa', 10, 235));
    t.notOk(new FilmRing(one.data.film!.control).gone);
    for (let n = 1; n < 5; n += 1) one.at(n);
    const list = new DrawList();
    one.runtime.paint(frameIndex(5), list);
    t.ok(new FilmRing(one.data.film!.control).gone);
    const ids = new Set(next.sprites.map((s) => s.id));
    for (let i = 0; i < list.count; i += 1) t.ok(ids.has(list.items[i * DRAW_STRIDE]!));
    t.equal(WIDTH % 2, 0);
  });
});

t.test('packed matte', async (t) => {
  const WIDTH = 64;
  const HEIGHT = 48;

  /** A person-like frame: noise inside a matte that a function of the place draws. */
  function frameOf(matte: (x: number, y: number) => number, seed = 1): Uint8Array {
    const random = seededRandom(seed);
    const source = new Uint8Array(i420Size(WIDTH, 2 * HEIGHT)).map(() => 16 + Math.floor(random() * 220));
    for (let y = 0; y < HEIGHT; y += 1)
      for (let x = 0; x < WIDTH; x += 1) source[WIDTH * HEIGHT + y * WIDTH + x] = matte(x, y);
    // Chroma of the picture and of its matte lie one below the other.
    const frame = new Uint8Array(yuvaSize(WIDTH, HEIGHT));
    joinMatte(source, WIDTH, HEIGHT, frame);
    return frame;
  }

  const disc = (x: number, y: number): number => {
    const d = Math.hypot(x - 30, y - 24);
    return d < 14 ? 235 : d < 18 ? 120 : 16;
  };
  const random = seededRandom(5);
  const MATTES: Record<string, (x: number, y: number) => number> = {
    disc,
    empty: () => 16,
    full: () => 235,
    'two arms with a hole': (x, y) => (y > 10 && (Math.abs(x - 12) < 4 || Math.abs(x - 50) < 5) ? 235 : 16),
    'touching all edges': (x, y) => (x === 0 || y === 0 || x === WIDTH - 1 || y === HEIGHT - 1 ? 90 : 16),
    noise: () => 16 + Math.floor(random() * 220),
  };

  const packed = Buffer.from(new ArrayBuffer(maxMatteBytes(WIDTH, HEIGHT)));
  const COLOURS = i420Size(WIDTH, HEIGHT);

  t.test('a packed matte unpacks to the same bytes, whatever its form', async (t) => {
    for (const [name, matte] of Object.entries(MATTES)) {
      const frame = frameOf(matte);
      const bytes = packMatte(frame, WIDTH, HEIGHT, packed);
      t.ok(bytes <= packed.length, name);
      const back = new Uint8Array(matteBytes(WIDTH, HEIGHT)).fill(77);
      unpackMatte(packed, bytes, WIDTH, HEIGHT, back);
      t.equal(Buffer.compare(back, frame.subarray(COLOURS)), 0, name);
    }
  });

  t.test('is small where nobody stands and where the matte is full', async (t) => {
    const spans = (HEIGHT / 2) * 8;
    t.equal(packMatte(frameOf(MATTES['empty']!), WIDTH, HEIGHT, packed), spans);
    t.equal(packMatte(frameOf(MATTES['full']!), WIDTH, HEIGHT, packed), spans);
    t.ok(packMatte(frameOf(disc), WIDTH, HEIGHT, packed) < matteBytes(WIDTH, HEIGHT) * 0.4);
  });

  t.test('refuses bytes that hold no matte', async (t) => {
    const bytes = packMatte(frameOf(disc), WIDTH, HEIGHT, packed);
    const to = new Uint8Array(matteBytes(WIDTH, HEIGHT));
    for (const length of [0, 10, bytes - 1])
      t.throws(() => unpackMatte(packed, length, WIDTH, HEIGHT, to), RangeError, `${length} bytes`);
    for (const cell of [0, 2, 4, 6]) {
      const altered = new Uint8Array(packed);
      new DataView(altered.buffer).setUint16(12 * 8 + cell, 60_000, true);
      t.throws(() => unpackMatte(altered, bytes, WIDTH, HEIGHT, to), RangeError);
    }
  });

  t.test('a film gives its frames in any order, and a damaged one is refused', async (t) => {
    const dir = t.testdir();
    for (const alpha of [true, false]) {
      const path = join(dir, `${alpha}.film`);
      const shape = { width: WIDTH, height: HEIGHT, frames: 3, alpha };
      const frames = [1, 2, 3].map((seed) =>
        alpha ? frameOf(disc, seed) : frameOf(MATTES['full']!, seed).slice(0, i420Size(WIDTH, HEIGHT)),
      );
      const fd = openSync(path, 'wx', 0o600);
      const writer = new FilmFileWriter(fd, shape);
      for (const frame of frames) writer.add(frame);
      t.throws(() => FilmFile.open(path, shape), /damaged/, 'not before it is whole');
      writer.end();
      closeSync(fd);
      const film = FilmFile.open(path, shape);
      const to = new Uint8Array(yuvaSize(WIDTH, HEIGHT));
      for (const n of [2, 0, 1, 2]) {
        film.read(n, to, false);
        t.equal(Buffer.compare(to.subarray(0, frames[n]!.length), frames[n]!), 0, `frame ${n}`);
        if (!alpha) t.equal(to.at(-1), 255, 'the matte of a film with its background is full');
      }
      film.close();
      t.throws(() => FilmFile.open(path, { ...shape, frames: 4 }), /another form/);
      const whole = readFileSync(path);
      writeFileSync(path, whole.subarray(0, statSync(path).size - 3));
      t.throws(() => FilmFile.open(path, shape), /damaged/);
      const index = Buffer.from(whole);
      index.writeDoubleLE(1e9, whole.length - 16);
      writeFileSync(path, index);
      t.throws(() => FilmFile.open(path, shape), /index/);
    }
  });
});
