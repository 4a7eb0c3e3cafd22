import { OUTLINE_STRIDE, OUTLINES_OUT, TEXTURE_OUT, TINY_FINDERS } from '../../src/core/kernels.js';
import { RectList } from '../../src/core/media/picture.js';
import {
  addNoise,
  bytes,
  chequers,
  drawMarks,
  eachVariant,
  int,
  randomPlane,
  sameBytes,
  sizes,
  twin,
} from './parity-kit.js';

eachVariant('prepare and search planes', async (t, native) => {
  await t.test('mixPlanes, of rectangles of every contrast', async (t) => {
    let written = 0;
    for (const [w, h] of [
      [9, 9],
      [33, 65],
      [64, 33],
      [161, 90],
    ] as const) {
      for (let round = 0; round < 16; round += 1) {
        const spread = [0, 3, 20, 255][round & 3]!;
        const planes = [0, 1].map(() => bytes(w * h).map((v) => 100 + Math.floor((v * spread) / 600)));
        const [cb, cr] = [planes[0]!, planes[1]!];
        const [x, y] = [int(0, w - 2), int(0, h - 2)];
        const [rw, rh] = [int(1, w - x), int(1, h - y)];
        for (const [a, b] of [
          [1, 0],
          [0, 1],
          [1, 1],
          [1, -1],
        ] as const) {
          const [p, q] = [new Uint8Array(w * h).fill(9), new Uint8Array(w * h).fill(9)];
          const range = twin.mixPlanes(cb, cr, w, x, y, rw, rh, a, b, 6, p);
          t.equal(native.mixPlanes(cb, cr, w, x, y, rw, rh, a, b, 6, q), range, `${rw}×${rh}, ${a} and ${b}: ${range}`);
          if (!sameBytes(t, p, q, `mixed ${rw}×${rh}`)) return;
          if (range >= 6) written += 1;
        }
      }
    }
    t.ok(written > 40, `${written} mixtures compared`);
    for (const k of [twin, native]) {
      const [cb, cr] = [new Uint8Array(64), new Uint8Array(63)];
      t.throws(() => k.mixPlanes(cb, cr, 8, 0, 0, 8, 8, 1, 1, 6, new Uint8Array(64)), { code: 'E_NATIVE' }, 'outside');
      t.throws(() => k.mixPlanes(cb, cb, 8, 0, 0, 8, 8, 1, 1, 6, new Uint8Array(63)), { code: 'E_NATIVE' }, 'no room');
    }
  });

  await t.test('shrinkRect, from no halving to three', async (t) => {
    for (const [w, h] of [...sizes, [33, 65], [161, 90], [257, 121]] as [number, number][]) {
      const plane = randomPlane(w, h);
      for (let halvings = 0; halvings <= 3; halvings += 1) {
        const [x, y] = [int(0, w - 1), int(0, h - 1)];
        const [rw, rh] = halvings === 1 ? [w - x, h - y] : [int(0, w - x), int(0, h - y)];
        const [a, b] = [new Uint8Array(w * h).fill(7), new Uint8Array(w * h).fill(7)];
        twin.shrinkRect(plane, w, x, y, rw, rh, halvings, a);
        native.shrinkRect(plane, w, x, y, rw, rh, halvings, b);
        if (!sameBytes(t, a, b, `${rw}×${rh} of ${w}×${h}, ${halvings} halvings`)) return;
      }
    }
    for (const k of [twin, native]) {
      const plane = new Uint8Array(64 * 10);
      t.throws(() => k.shrinkRect(plane, 64, 1, 0, 64, 5, 0, new Uint8Array(640)), { code: 'E_NATIVE' }, 'outside');
      t.throws(() => k.shrinkRect(plane, 64, 0, 0, 64, 10, 0, new Uint8Array(639)), { code: 'E_NATIVE' }, 'no room');
      t.throws(() => k.shrinkRect(plane, 64, 0, 0, 64, 10, 1, plane), { code: 'E_NATIVE' }, 'in place');
    }
  });

  await t.test('findTexture, over random planes, rectangles and swings', async (t) => {
    let [areas, grain] = [0, 0];
    for (const [w, h] of [...sizes, [9, 9], [33, 65], [257, 121], [640, 360], [360, 322]] as [number, number][]) {
      for (let round = 0; round < 12; round += 1) {
        const plane = round === 3 ? bytes(w * h) : round % 3 === 1 ? chequers(w, h, int(1, 5)) : randomPlane(w, h);
        const scale = 1 << int(0, 2);
        const rects = new RectList(8);
        if (round < 4) rects.push(0, 0, w * scale, h * scale);
        else for (let i = 0; i < 3; i += 1) rects.push(int(-3, w), int(-3, h), int(0, w), int(0, h));
        const swing = [1, 16, 24, 128, 255][int(0, 4)]!;
        const a = new Int32Array(TEXTURE_OUT).fill(-1);
        const b = a.slice();
        const n = twin.findTexture(plane, w, h, swing, rects, scale, a);
        if (native.findTexture(plane, w, h, swing, rects, scale, b) !== n) t.fail(`${w}×${h} round ${round}: number`);
        if (!sameBytes(t, a, b, `areas of ${w}×${h} round ${round}`)) return;
        areas += n;
        grain += a[0]!;
      }
    }
    t.ok(areas > 100 && grain > 5, `${areas} areas compared, ${grain} planes with grain`);
    for (const k of [twin, native]) {
      const plane = new Uint8Array(640);
      const out = new Int32Array(TEXTURE_OUT);
      t.throws(() => k.findTexture(plane, 64, 11, 24, new RectList(1), 1, out), { code: 'E_NATIVE' }, 'too short');
      t.throws(() => k.findTexture(plane, 64, 10, 0, new RectList(1), 1, out), { code: 'E_NATIVE' }, 'no swing');
      t.throws(() => k.findTexture(plane, 64, 10, 24, new RectList(1), 1, out.subarray(1)), { code: 'E_NATIVE' });
    }
  });

  await t.test('findTinyFinders, over random planes with finders of two pixels per module', async (t) => {
    const [a, b] = [0, 0].map(() => new Int32Array(TINY_FINDERS * 8)) as [Int32Array, Int32Array];
    const polarities = new Set<number>();
    let hits = 0;
    for (const [w, h] of [...sizes, [9, 9], [33, 65], [257, 121], [360, 322]] as [number, number][]) {
      for (let round = 0; round < 12; round += 1) {
        const plane = round % 4 === 0 ? randomPlane(w, h) : bytes(w * h).map((v) => 100 + (v >> 3));
        for (let i = 0; i < int(0, 12) && w > 40 && h > 40; i += 1) {
          const [x0, y0, sign, module] = [int(0, w - 20), int(0, h - 20), round < 6 ? -70 : 70, int(14, 24) / 10];
          for (let y = 0; y < 7 * module; y += 1) {
            for (let x = 0; x < 7 * module; x += 1) {
              const ring = Math.max(Math.abs(x / module - 3.5), Math.abs(y / module - 3.5));
              plane[(y0 + y) * w + x0 + x] = 128 + (ring > 2.5 || ring < 1.5 ? sign : -sign);
            }
          }
        }
        const n = twin.findTinyFinders(plane, w, h, a.fill(-1));
        t.equal(native.findTinyFinders(plane, w, h, b.fill(-1)), n, `${w}×${h} round ${round}: ${n}`);
        if (!sameBytes(t, a.slice(0, n * 4), b.slice(0, n * 4), `hits of ${w}×${h} round ${round}`)) return;
        for (let i = 0; i < n; i += 1) polarities.add(a[i * 4 + 3]!);
        hits += n;
      }
    }
    t.ok(hits > 50 && polarities.size === 4, `${hits} hits compared, of both polarities and strengths`);
    for (const k of [twin, native]) {
      t.throws(() => k.findTinyFinders(new Uint8Array(640), 64, 11, a), { code: 'E_NATIVE' }, 'too short');
      t.throws(() => k.findTinyFinders(new Uint8Array(640), 64, 10, a.subarray(1)), { code: 'E_NATIVE' }, 'no room');
    }
  });

  await t.test('findFinders, over random planes and rectangles', async (t) => {
    const a = new Int32Array(4 * 256);
    const b = new Int32Array(4 * 256);
    const outlines = [new Int32Array(OUTLINES_OUT), new Int32Array(OUTLINES_OUT)] as const;
    let hits = 0;
    const kinds = new Set<number>();
    for (const [w, h] of [...sizes, [9, 9], [8, 40], [33, 65], [257, 121], [640, 360]] as [number, number][]) {
      for (let round = 0; round < 12; round += 1) {
        const plane = randomPlane(w, h);
        const at = round < 4 ? [0, 0, w, h] : [int(-3, w), int(-3, h), int(0, w), int(0, h)];
        const [x, y, rw, rh] = at as [number, number, number, number];
        if (round % 3 === 0) addNoise(plane, w, h);
        if (round % 3 === 2) drawMarks(plane, w, h);
        const n = twin.findFinders(plane, w, h, x, y, rw, rh, a, outlines[0]);
        t.equal(native.findFinders(plane, w, h, x, y, rw, rh, b, outlines[1]), n, `${w}×${h} round ${round}`);
        if (!sameBytes(t, a, b, `hits of ${w}×${h} round ${round}`)) return;
        if (!sameBytes(t, ...outlines, `outlines of ${w}×${h} round ${round}`)) return;
        for (let i = 0; i < outlines[0][0]!; i += 1) kinds.add(outlines[0][1 + i * OUTLINE_STRIDE]!);
        hits += n;
      }
    }
    t.ok(hits > 100, `${hits} hits compared`);
    t.same(
      [...kinds].toSorted((x, y) => x - y),
      [0, 1, 2],
      'corners, bull’s eyes and starts among them',
    );
  });

  await t.test('outlineKinds, over random planes and crops of locators', async (t) => {
    const seen = [0, 0, 0, 0, 0, 0, 0, 0];
    for (const [w, h] of [...sizes, [7, 30], [9, 9], [33, 65], [257, 121], [640, 360]] as [number, number][]) {
      for (let round = 0; round < 16; round += 1) {
        let plane = randomPlane(w, h);
        let [width, height] = [w, h];
        if (round % 4 === 0) addNoise(plane, w, h);
        if (round % 2 === 1) {
          drawMarks(plane, w, h);
          const [x, y] = [int(0, w >> 1), int(0, h >> 1)];
          [width, height] = [int(1, w - x), int(1, h - y)];
          const part = new Uint8Array(width * height);
          twin.shrinkRect(plane, w, x, y, width, height, 0, part);
          plane = part;
        }
        const kinds = twin.outlineKinds(plane, width, height);
        t.equal(native.outlineKinds(plane, width, height), kinds, `${width}×${height} round ${round}: ${kinds}`);
        seen[kinds]! += 1;
      }
    }
    t.ok(seen.filter((n) => n > 0).length > 4, `kinds seen: ${seen.join()}`);
    for (const k of [twin, native]) t.throws(() => k.outlineKinds(new Uint8Array(99), 10, 10), { code: 'E_NATIVE' });
  });
});
