import { packedLimit } from '../../src/core/kernels.js';
import { i420Size } from '../../src/core/picture.js';
import { bytes, eachVariant, int, random, randomPlane, randomScene, sameBytes, sizes, twin } from './parity-kit.js';

eachVariant('draw, pack and filter', async (t, native) => {
  await t.test('compose, over random scenes with clips, opacities and rectangles of every size', async (t) => {
    for (const [w, h] of sizes) {
      for (let round = 0; round < 25; round += 1) {
        const [rects, list, table] = randomScene(w, h);
        const before = bytes(i420Size(w, h));
        const expected = before.slice();
        const got = before.slice();
        twin.compose(expected, w, h, rects, list, table);
        native.compose(got, w, h, rects, list, table);
        if (!sameBytes(t, expected, got, `${w}×${h} round ${round}`)) return;
      }
    }
<<<<<<< HEAD
    t.pass('200 scenes');
=======
  }
  return plane;
}

/** Random squares of some pixels, in patches: what a code looks like to the search for texture. */
function chequers(w: number, h: number, m: number): Uint8Array {
  const plane = new Uint8Array(w * h).fill(120);
  for (let patch = int(1, 40); patch > 0; patch -= 1) {
    const [x0, y0, side] = [int(0, w), int(0, h), int(20, 90)];
    for (let y = y0; y < Math.min(h, y0 + side); y += m) {
      for (let x = x0; x < Math.min(w, x0 + side); x += m) {
        const v = random() < 0.5 ? 30 : 220;
        for (let r = y; r < Math.min(h, y + m); r += 1) plane.fill(v, r * w + x, r * w + Math.min(w, x + m));
      }
    }
  }
  return plane;
}

function sameBytes(t: Pick<Test, 'fail'>, a: ArrayLike<number>, b: ArrayLike<number>, what: string): boolean {
  for (let i = 0; i < a.length; i += 1) {
    if (a[i] === b[i]) continue;
    t.fail(`${what}: byte ${i} is ${b[i]}, the twin says ${a[i]}`);
    return false;
  }
  return a.length === b.length || t.fail(`${what}: lengths differ`);
}

function check(variant: 'scalar' | 'avx2'): void {
  let native: Kernels;
  const skip = existsSync(addonPath()) ? false : 'the addon is not built here (npm run build)';
  t.test(`the ${variant} kernels give the twin's bytes`, { skip }, async (t): Promise<void> => {
    try {
      native = loadKernels({ variant });
    } catch (e) {
      if (variant === 'scalar') throw e;
      t.comment('this processor has no AVX2');
      return;
    }
    t.equal(native.variant, variant);

    await t.test('compose, over random scenes with clips, opacities and rectangles of every size', async (t) => {
      for (const [w, h] of sizes) {
        for (let round = 0; round < 25; round += 1) {
          const [rects, list, table] = randomScene(w, h);
          const before = bytes(i420Size(w, h));
          const expected = before.slice();
          const got = before.slice();
          twin.compose(expected, w, h, rects, list, table);
          native.compose(got, w, h, rects, list, table);
          if (!sameBytes(t, expected, got, `${w}×${h} round ${round}`)) return;
        }
      }
      t.pass('200 scenes');
    });

    await t.test('rgbaToYuva, for odd sizes and both shifts', async (t) => {
      for (const [w, h] of [
        [1, 1],
        [2, 2],
        [3, 5],
        [17, 9],
        [64, 33],
        [101, 40],
      ] as const) {
        for (const shiftX of [0, 1] as const) {
          for (const shiftY of [0, 1] as const) {
            const rgba = bytes(w * h * 4);
            if (random() < 0.4) for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
            const a = twin.rgbaToYuva(rgba, w, h, shiftX, shiftY);
            const b = native.rgbaToYuva(rgba, w, h, shiftX, shiftY);
            t.same([b.width, b.height, b.opaque], [a.width, a.height, a.opaque]);
            sameBytes(t, a.data, b.data, `${w}×${h} +${shiftX}+${shiftY}`);
          }
        }
      }
    });

    await t.test('copyRects, i420ToRgba, planeStats and countDifferences', async (t) => {
      for (const [w, h] of sizes) {
        const from = bytes(i420Size(w, h));
        const [rects] = randomScene(w, h);
        const expected = bytes(from.length);
        const got = expected.slice();
        t.equal(native.countDifferences(from, got), twin.countDifferences(from, got));
        twin.copyRects(from, expected, w, h, rects);
        native.copyRects(from, got, w, h, rects);
        sameBytes(t, expected, got, `copyRects ${w}×${h}`);
        const a = new Uint8Array(w * h * 4);
        const b = new Uint8Array(w * h * 4);
        twin.i420ToRgba(from, w, h, a);
        native.i420ToRgba(from, w, h, b);
        sameBytes(t, a, b, `i420ToRgba ${w}×${h}`);
        for (let n = 0; n < 8; n += 1) {
          const s1 = new Float64Array(4);
          const s2 = new Float64Array(4);
          const at = [int(-5, w), int(-5, h), int(-2, w + 5), int(-2, h + 5)] as const;
          twin.planeStats(from.subarray(0, w * h), w, ...at, s1);
          native.planeStats(from.subarray(0, w * h), w, ...at, s2);
          t.same([...s2], [...s1], `planeStats ${at}`);
        }
      }
    });

    await t.test('packChanges and unpackChanges, to the byte and back', async (t) => {
      for (const size of [1, 15, 16, 17, 96, 1000, 6151]) {
        for (const share of [0, 0.002, 0.05, 0.5, 1]) {
          const from = bytes(size);
          const to = from.slice();
          for (let i = 0; i < size; i += 1) if (random() < share) to[i] = random() * 256;
          const a = new Uint8Array(packedLimit(size)).fill(9);
          const b = a.slice();
          const n = twin.packChanges(from, to, a);
          t.equal(native.packChanges(from, to, b), n, `${size} bytes, ${share} changed: ${n}`);
          if (!sameBytes(t, a, b, 'packed')) return;
          const back = [from.slice(), from.slice()] as const;
          twin.unpackChanges(a, n, back[0]);
          native.unpackChanges(a, n, back[1]);
          if (!sameBytes(t, back[0], to, 'unpacked by the twin') || !sameBytes(t, back[1], to, 'unpacked')) return;
        }
      }
      for (const k of [twin, native]) {
        const packed = new Uint8Array(packedLimit(96));
        const n = k.packChanges(bytes(96), bytes(96), packed);
        t.throws(() => k.unpackChanges(packed, n, new Uint8Array(32)), { code: 'E_NATIVE' }, 'not of this frame');
        t.throws(() => k.unpackChanges(packed, n - 3, new Uint8Array(96)), { code: 'E_NATIVE' }, 'cut off');
        t.throws(() => k.packChanges(new Uint8Array(96), new Uint8Array(95), packed), { code: 'E_NATIVE' });
        t.throws(() => k.packChanges(new Uint8Array(96), new Uint8Array(96), packed.subarray(1)), { code: 'E_NATIVE' });
      }
    });

    await t.test('sharpenPlane, enlargePlane and doublePlane, to the byte', async (t) => {
      for (const [w, h] of [
        [1, 1],
        [3, 2],
        [17, 9],
        [64, 33],
        [161, 90],
      ] as const) {
        const plane = randomPlane(w, h).subarray(0, w * h);
        for (const radius of [1, 2] as const) {
          for (const gain of [1, 4, 16]) {
            const [a, b] = [new Uint8Array(w * h), new Uint8Array(w * h)];
            twin.sharpenPlane(plane, w, h, radius, gain, a);
            native.sharpenPlane(plane, w, h, radius, gain, b);
            if (!sameBytes(t, a, b, `sharpened ${w}×${h}, radius ${radius}, gain ${gain}`)) return;
          }
        }
        const [a, b] = [new Uint8Array(4 * w * h), new Uint8Array(4 * w * h)];
        twin.enlargePlane(plane, w, h, a);
        native.enlargePlane(plane, w, h, b);
        if (!sameBytes(t, a, b, `enlarged ${w}×${h}`)) return;
        twin.doublePlane(plane, w, h, a);
        native.doublePlane(plane, w, h, b);
        if (!sameBytes(t, a, b, `doubled ${w}×${h}`)) return;
        t.pass(`${w}×${h}`);
      }
    });

    await t.test('blurPlane, for every radius, and of pixels as bright as can be', async (t) => {
      for (const [w, h] of [
        [1, 1],
        [3, 2],
        [17, 9],
        [64, 33],
        [161, 90],
      ] as const) {
        for (let radius = 1; radius <= 3; radius += 1) {
          const plane = radius === 2 ? new Uint8Array(w * h).fill(255) : bytes(w * h);
          const [a, b] = [plane.slice(), plane.slice()];
          twin.blurPlane(a, w, h, radius);
          native.blurPlane(b, w, h, radius);
          if (!sameBytes(t, a, b, `blurred ${w}×${h}, radius ${radius}`)) return;
        }
      }
      for (const k of [twin, native]) {
        t.throws(() => k.blurPlane(new Uint8Array(64), 8, 8, 4), { code: 'E_NATIVE' }, 'too wide');
        t.throws(() => k.blurPlane(new Uint8Array(63), 8, 8, 1), { code: 'E_NATIVE' }, 'too short');
      }
    });

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
            t.equal(
              native.mixPlanes(cb, cr, w, x, y, rw, rh, a, b, 6, q),
              range,
              `${rw}×${rh}, ${a} and ${b}: ${range}`,
            );
            if (!sameBytes(t, p, q, `mixed ${rw}×${rh}`)) return;
            if (range >= 6) written += 1;
          }
        }
      }
      t.ok(written > 40, `${written} mixtures compared`);
      for (const k of [twin, native]) {
        const [cb, cr] = [new Uint8Array(64), new Uint8Array(63)];
        t.throws(
          () => k.mixPlanes(cb, cr, 8, 0, 0, 8, 8, 1, 1, 6, new Uint8Array(64)),
          { code: 'E_NATIVE' },
          'outside',
        );
        t.throws(
          () => k.mixPlanes(cb, cb, 8, 0, 0, 8, 8, 1, 1, 6, new Uint8Array(63)),
          { code: 'E_NATIVE' },
          'no room',
        );
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
>>>>>>> scan
  });

  await t.test('rgbaToYuva, for odd sizes and both shifts', async (t) => {
    for (const [w, h] of [
      [1, 1],
      [2, 2],
      [3, 5],
      [17, 9],
      [64, 33],
      [101, 40],
    ] as const) {
      for (const shiftX of [0, 1] as const) {
        for (const shiftY of [0, 1] as const) {
          const rgba = bytes(w * h * 4);
          if (random() < 0.4) for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255;
          const a = twin.rgbaToYuva(rgba, w, h, shiftX, shiftY);
          const b = native.rgbaToYuva(rgba, w, h, shiftX, shiftY);
          t.same([b.width, b.height, b.opaque], [a.width, a.height, a.opaque]);
          sameBytes(t, a.data, b.data, `${w}×${h} +${shiftX}+${shiftY}`);
        }
      }
    }
  });

  await t.test('copyRects, i420ToRgba, planeStats and countDifferences', async (t) => {
    for (const [w, h] of sizes) {
      const from = bytes(i420Size(w, h));
      const [rects] = randomScene(w, h);
      const expected = bytes(from.length);
      const got = expected.slice();
      t.equal(native.countDifferences(from, got), twin.countDifferences(from, got));
      twin.copyRects(from, expected, w, h, rects);
      native.copyRects(from, got, w, h, rects);
      sameBytes(t, expected, got, `copyRects ${w}×${h}`);
      const a = new Uint8Array(w * h * 4);
      const b = new Uint8Array(w * h * 4);
      twin.i420ToRgba(from, w, h, a);
      native.i420ToRgba(from, w, h, b);
      sameBytes(t, a, b, `i420ToRgba ${w}×${h}`);
      for (let n = 0; n < 8; n += 1) {
        const s1 = new Float64Array(4);
        const s2 = new Float64Array(4);
        const at = [int(-5, w), int(-5, h), int(-2, w + 5), int(-2, h + 5)] as const;
        twin.planeStats(from.subarray(0, w * h), w, ...at, s1);
        native.planeStats(from.subarray(0, w * h), w, ...at, s2);
        t.same([...s2], [...s1], `planeStats ${at}`);
      }
    }
  });

  await t.test('packChanges and unpackChanges, to the byte and back', async (t) => {
    for (const size of [1, 15, 16, 17, 96, 1000, 6151]) {
      for (const share of [0, 0.002, 0.05, 0.5, 1]) {
        const from = bytes(size);
        const to = from.slice();
        for (let i = 0; i < size; i += 1) if (random() < share) to[i] = random() * 256;
        const a = new Uint8Array(packedLimit(size)).fill(9);
        const b = a.slice();
        const n = twin.packChanges(from, to, a);
        t.equal(native.packChanges(from, to, b), n, `${size} bytes, ${share} changed: ${n}`);
        if (!sameBytes(t, a, b, 'packed')) return;
        const back = [from.slice(), from.slice()] as const;
        twin.unpackChanges(a, n, back[0]);
        native.unpackChanges(a, n, back[1]);
        if (!sameBytes(t, back[0], to, 'unpacked by the twin') || !sameBytes(t, back[1], to, 'unpacked')) return;
      }
    }
    for (const k of [twin, native]) {
      const packed = new Uint8Array(packedLimit(96));
      const n = k.packChanges(bytes(96), bytes(96), packed);
      t.throws(() => k.unpackChanges(packed, n, new Uint8Array(32)), { code: 'E_NATIVE' }, 'not of this frame');
      t.throws(() => k.unpackChanges(packed, n - 3, new Uint8Array(96)), { code: 'E_NATIVE' }, 'cut off');
      t.throws(() => k.packChanges(new Uint8Array(96), new Uint8Array(95), packed), { code: 'E_NATIVE' });
      t.throws(() => k.packChanges(new Uint8Array(96), new Uint8Array(96), packed.subarray(1)), { code: 'E_NATIVE' });
    }
  });

  await t.test('sharpenPlane, enlargePlane and doublePlane, to the byte', async (t) => {
    for (const [w, h] of [
      [1, 1],
      [3, 2],
      [17, 9],
      [64, 33],
      [161, 90],
    ] as const) {
      const plane = randomPlane(w, h).subarray(0, w * h);
      for (const radius of [1, 2] as const) {
        for (const gain of [1, 4, 16]) {
          const [a, b] = [new Uint8Array(w * h), new Uint8Array(w * h)];
          twin.sharpenPlane(plane, w, h, radius, gain, a);
          native.sharpenPlane(plane, w, h, radius, gain, b);
          if (!sameBytes(t, a, b, `sharpened ${w}×${h}, radius ${radius}, gain ${gain}`)) return;
        }
      }
      const [a, b] = [new Uint8Array(4 * w * h), new Uint8Array(4 * w * h)];
      twin.enlargePlane(plane, w, h, a);
      native.enlargePlane(plane, w, h, b);
      if (!sameBytes(t, a, b, `enlarged ${w}×${h}`)) return;
      twin.doublePlane(plane, w, h, a);
      native.doublePlane(plane, w, h, b);
      if (!sameBytes(t, a, b, `doubled ${w}×${h}`)) return;
      t.pass(`${w}×${h}`);
    }
  });

  await t.test('blurPlane, for every radius, and of pixels as bright as can be', async (t) => {
    for (const [w, h] of [
      [1, 1],
      [3, 2],
      [17, 9],
      [64, 33],
      [161, 90],
    ] as const) {
      for (let radius = 1; radius <= 3; radius += 1) {
        const plane = radius === 2 ? new Uint8Array(w * h).fill(255) : bytes(w * h);
        const [a, b] = [plane.slice(), plane.slice()];
        twin.blurPlane(a, w, h, radius);
        native.blurPlane(b, w, h, radius);
        if (!sameBytes(t, a, b, `blurred ${w}×${h}, radius ${radius}`)) return;
      }
    }
    for (const k of [twin, native]) {
      t.throws(() => k.blurPlane(new Uint8Array(64), 8, 8, 4), { code: 'E_NATIVE' }, 'too wide');
      t.throws(() => k.blurPlane(new Uint8Array(63), 8, 8, 1), { code: 'E_NATIVE' }, 'too short');
    }
  });
});
