import { packedLimit } from '../../src/core/kernels.js';
import { i420Size } from '../../src/core/media/picture.js';
import { bytes, eachVariant, int, random, randomPlane, randomScene, sameBytes, sizes, twin } from './parity-kit.js';

const ODD_SIZES = [
  [1, 1],
  [3, 2],
  [17, 9],
  [64, 33],
  [161, 90],
] as const;

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
    for (const [w, h] of ODD_SIZES) {
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

  await t.test('turnPlane, by any angle and in both sizes, beyond the edges as well', async (t) => {
    for (const [w, h] of ODD_SIZES) {
      if (w < 2 || h < 2) continue;
      const plane = bytes(w * h);
      for (const angle of [0, Math.PI / 2, -Math.PI, random() * 7, random() * -7]) {
        for (const scale of [1, 2] as const) {
          const [tw, th] = [int(1, 2 * w + 20), int(1, 2 * h + 20)];
          const [a, b] = [new Uint8Array(tw * th), new Uint8Array(tw * th)];
          twin.turnPlane(plane, w, h, Math.cos(angle), Math.sin(angle), scale, a, tw, th);
          native.turnPlane(plane, w, h, Math.cos(angle), Math.sin(angle), scale, b, tw, th);
          if (!sameBytes(t, a, b, `${w}×${h} to ${tw}×${th}, ${angle} × ${scale}`)) return;
        }
      }
    }
    for (const k of [twin, native]) {
      const from = new Uint8Array(64);
      t.throws(() => k.turnPlane(from, 1, 8, 1, 0, 1, new Uint8Array(64), 8, 8), { code: 'E_NATIVE' }, 'one column');
      t.throws(() => k.turnPlane(from, 8, 9, 1, 0, 1, new Uint8Array(64), 8, 8), { code: 'E_NATIVE' }, 'too short');
      t.throws(() => k.turnPlane(from, 8, 8, 1, 0, 1, new Uint8Array(63), 8, 8), { code: 'E_NATIVE' }, 'no room');
      t.throws(() => k.turnPlane(from, 8, 8, 1, 0, 3 as 2, new Uint8Array(64), 8, 8), { code: 'E_NATIVE' }, 'a scale');
    }
  });

  await t.test('meanCells, also of planes smaller than the cells', async (t) => {
    for (const [w, h] of [...ODD_SIZES, [5, 3], [1, 1], [700, 411]] as const) {
      for (const cells of [1, 7, 12, 64]) {
        const plane = cells === 7 ? new Uint8Array(w * h).fill(255) : bytes(w * h);
        const [a, b] = [new Uint8Array(cells * cells), new Uint8Array(cells * cells)];
        twin.meanCells(plane, w, h, cells, a);
        native.meanCells(plane, w, h, cells, b);
        if (!sameBytes(t, a, b, `${cells} × ${cells} means of ${w}×${h}`)) return;
      }
    }
    for (const k of [twin, native]) {
      t.throws(() => k.meanCells(new Uint8Array(64), 8, 8, 65, new Uint8Array(5000)), { code: 'E_NATIVE' }, 'too many');
      t.throws(() => k.meanCells(new Uint8Array(64), 8, 8, 4, new Uint8Array(15)), { code: 'E_NATIVE' }, 'no room');
      t.throws(() => k.meanCells(new Uint8Array(63), 8, 8, 4, new Uint8Array(16)), { code: 'E_NATIVE' }, 'too short');
    }
  });

  await t.test('blurPlane, for every radius, and for the brightest pixels', async (t) => {
    for (const [w, h] of ODD_SIZES) {
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
