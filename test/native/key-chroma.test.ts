import { i420Size, yuvaSize } from '../../src/core/media/picture.js';
import { bytes, eachVariant, int, random, sameBytes, twin } from './parity-kit.js';

/** Tables in which a third of all chroma is empty, a third full and the rest between. */
function tables(): Uint8Array {
  const made = bytes(3 * 65_536);
  for (let i = 0; i < 65_536; i += 1) {
    const share = random();
    if (share < 0.33) made[i] = 0;
    else if (share < 0.66) made[i] = 255;
  }
  return made;
}

/** A picture with areas of one chroma, as a backdrop and a person have, and noise in a part. */
function picture(w: number, h: number): Uint8Array {
  const frame = bytes(i420Size(w, h));
  const quarter = (w * h) / 4;
  for (const plane of [w * h, w * h + quarter])
    for (let y = 0; y < h / 2; y += 1)
      for (let x = 0; x < w / 2; x += 1)
        if (x < w / 3 || y > h / 4) frame[plane + (y * w) / 2 + x] = 40 + 30 * Math.floor((4 * x) / w);
  return frame;
}

eachVariant('key a picture', async (t, native) => {
  await t.test('keyChroma at any place of a larger picture', async (t) => {
    for (const [w, h] of [
      [2, 2],
      [2, 64],
      [34, 30],
      [254, 46],
      [320, 180],
    ] as const) {
      for (let round = 0; round < 6; round += 1) {
        const [x, y] = [2 * int(0, 20), 2 * int(0, 20)];
        const [tw, th] = [w + x + 2 * int(0, 9), h + y + 2 * int(0, 9)];
        const [frame, table] = [picture(w, h), tables()];
        const [a, b] = [new Uint8Array(yuvaSize(tw, th)), new Uint8Array(yuvaSize(tw, th))];
        twin.keyChroma(frame, w, h, table, a, tw, th, x, y);
        native.keyChroma(frame, w, h, table, b, tw, th, x, y);
        if (!sameBytes(t, a, b, `${w}×${h} at ${x}, ${y} of ${tw}×${th}`)) return;
      }
    }
  });

  await t.test('keyChroma refuses pictures, tables and places that do not fit', async (t) => {
    const frame = picture(16, 16);
    const table = tables();
    const to = new Uint8Array(yuvaSize(32, 32));
    for (const k of [twin, native]) {
      const refuses = (run: () => void, what: string): void => void t.throws(run, { code: 'E_NATIVE' }, what);
      refuses(() => k.keyChroma(frame, 18, 16, table, to, 32, 32, 0, 0), 'a larger picture');
      refuses(() => k.keyChroma(frame, 15, 16, table, to, 32, 32, 0, 0), 'an odd size');
      refuses(() => k.keyChroma(frame, 16, 16, table.subarray(1), to, 32, 32, 0, 0), 'short tables');
      refuses(() => k.keyChroma(frame, 16, 16, table, to, 34, 32, 0, 0), 'a short target');
      refuses(() => k.keyChroma(frame, 16, 16, table, to, 32, 32, 18, 0), 'beyond the right edge');
      refuses(() => k.keyChroma(frame, 16, 16, table, to, 32, 32, 0, -2), 'above the upper edge');
      refuses(() => k.keyChroma(frame, 16, 16, table, to, 32, 32, 1, 0), 'an odd place');
    }
  });
});
