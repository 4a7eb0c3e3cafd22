import { yuvaSize } from '../../src/core/media/picture.js';
import { bytes, eachVariant, int, random, sameBytes, twin } from './parity-kit.js';

/** A picture with a mask that is full in the middle, as mouths have. */
function picture(w: number, h: number): Uint8Array {
  const data = bytes(yuvaSize(w, h));
  const alpha = w * h * 1.5;
  for (let y = 0; y < h; y += 1)
    for (let x = 0; x < w; x += 1)
      data[alpha + y * w + x] = Math.min(255, Math.max(0, 40 * Math.min(x, y, w - 1 - x, h - 1 - y) - 30));
  return data;
}

const fixed = (scale: number, angle: number, tx: number, ty: number): Int32Array =>
  Int32Array.from(
    [scale * Math.cos(angle), scale * Math.sin(angle), tx, -scale * Math.sin(angle), scale * Math.cos(angle), ty].map(
      (v) => Math.round(v * 65536),
    ),
  );

eachVariant('place a picture', async (t, native) => {
  await t.test('placePatch, turned, scaled, mixed and toned', async (t) => {
    for (const [w, h] of [
      [2, 2],
      [16, 8],
      [64, 50],
      [148, 118],
    ] as const) {
      for (let round = 0; round < 12; round += 1) {
        const [first, second] = [picture(w, h), picture(w, h)];
        const [tw, th] = [2 * int(1, w), 2 * int(1, h)];
        const inverse = fixed(0.7 + random() * 0.8, random() - 0.5, random() * 20 - 10, random() * 20 - 10);
        const tone = Int32Array.of(int(-40, 40), int(-20, 20), round % 2 === 0 ? 0 : int(-20, 20));
        const mix = round % 3 === 0 ? 0 : int(1, 256);
        const [a, b] = [bytes(yuvaSize(tw, th)), bytes(yuvaSize(tw, th))];
        twin.placePatch(first, second, w, h, mix, inverse, tone, a, tw, th);
        native.placePatch(first, second, w, h, mix, inverse, tone, b, tw, th);
        if (!sameBytes(t, a, b, `${w}×${h} to ${tw}×${th}, mix ${mix}`)) return;
      }
    }
  });

  await t.test('placePatch refuses sizes that do not fit and maps that overflow', async (t) => {
    const p = picture(8, 8);
    const none = new Int32Array(3);
    for (const k of [twin, native]) {
      const place =
        (w: number, mix: number, inverse: Int32Array, to: Uint8Array): (() => void) =>
        () =>
          k.placePatch(p, p, w, 8, mix, inverse, none, to, 8, 8);
      const same = fixed(1, 0, 0, 0);
      t.throws(place(10, 0, same, new Uint8Array(yuvaSize(8, 8))), { code: 'E_NATIVE' }, 'a larger source');
      t.throws(place(8, 257, same, new Uint8Array(yuvaSize(8, 8))), { code: 'E_NATIVE' }, 'a mix');
      t.throws(place(8, 0, same, new Uint8Array(20)), { code: 'E_NATIVE' }, 'no room');
      t.throws(place(8, 0, fixed(9, 0, 0, 0), new Uint8Array(yuvaSize(8, 8))), { code: 'E_NATIVE' }, 'a map');
      t.throws(place(7, 0, same, new Uint8Array(yuvaSize(8, 8))), { code: 'E_NATIVE' }, 'an odd size');
    }
  });
});
