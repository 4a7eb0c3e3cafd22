import t from 'tap';
import { barsAngle } from '../../../src/codescan/pdf417/bars-reader.js';
import { makeCode } from '../../../scripts/bench/scan/make-code.js';
import { paintSymbol } from '../../../scripts/bench/scan/paint-symbol.js';
import { matrixShape } from '../../../scripts/bench/scan/symbol-shapes.js';
import { STRAIGHT } from '../placing.js';

const SIDE = 280;
const SIZE = 240;
const shape = matrixShape(await makeCode('3afj7ab6yomq9', 'PDF417'), 2);

/** Lines of upright strokes, like letters beside a code, on the lower `lines` of a plane. */
function withLetters(lines: number): Uint8Array {
  const rgba = new Uint8Array(SIDE * SIDE * 4).fill(190);
  for (let y = SIDE - lines; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const inside = y % 24 < 16 && (x % 9 < 3 || (y % 24 < 3 && x % 27 < 20));
      if (inside) rgba.fill(40, 4 * (y * SIDE + x), 4 * (y * SIDE + x) + 3);
    }
  }
  return rgba;
}

/** The luma of a code rotated by this many degrees above letters. */
function areaWith(degrees: number, lines: number, tilt = 0): Uint8Array {
  const rgba = withLetters(lines);
  paintSymbol({ width: SIDE, height: SIDE, rgba }, shape, {
    ...STRAIGHT,
    x: SIDE / 2,
    y: SIDE / 2,
    size: SIZE,
    degrees,
    tilt,
    tiltAxis: 80,
  });
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => rgba[4 * i]!);
}

/** Degrees between two directions of a rectangle. */
function apart(a: number, b: number): number {
  const off = Math.abs(a - b) % 90;
  return Math.min(off, 90 - off);
}

t.test('measures the angle of a rotated PDF417 to three degrees, whatever surrounds it', async (t) => {
  for (const lines of [0, 90]) {
    for (const degrees of [8, 17, 25, 45, 63, 118, 205]) {
      const angle = barsAngle(areaWith(degrees, lines, 12), SIDE, SIDE);
      const off = angle === undefined ? Infinity : apart((angle * 180) / Math.PI, degrees);
      t.ok(off <= 3, `${degrees}° over ${lines} lines of letters: ${off.toFixed(1)}° off`);
    }
  }
});

t.test('does not rotate upright bars and letters', async (t) => {
  t.equal(barsAngle(areaWith(0, 90), SIDE, SIDE), undefined);
  t.equal(barsAngle(areaWith(90, 0), SIDE, SIDE), undefined);
  const rgba = withLetters(SIDE);
  const letters = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => rgba[4 * i]!);
  t.equal(barsAngle(letters, SIDE, SIDE), undefined);
});

t.test('measures faint stripes by their slope', async (t) => {
  const lean = 25;
  const [c, s] = [Math.cos((lean * Math.PI) / 180), Math.sin((lean * Math.PI) / 180)];
  const plane = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const along = (i % SIDE) * c + Math.floor(i / SIDE) * s;
    return Math.round(128 + 6 * Math.sin(along / 4));
  });
  const angle = barsAngle(plane, SIDE, SIDE)!;
  t.ok(apart((angle * 180) / Math.PI, lean) <= 3, `${angle} rad`);
});

t.test('finds no bars in noise of squares of any size', async (t) => {
  for (const square of [1, 2, 3, 4, 6, 8]) {
    for (const shift of [0, 1]) {
      // One tone per square, from a fixed generator (Knuth, MMIX).
      let state = 0x2545f491n + BigInt(square);
      const columns = Math.ceil(SIDE / square) + 1;
      const tones = Uint8Array.from({ length: columns * columns }, () => {
        state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
        return Number(state >> 56n);
      });
      const plane = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
        const [x, y] = [(i % SIDE) + shift, Math.floor(i / SIDE)];
        return tones[Math.floor(y / square) * columns + Math.floor(x / square)]!;
      });
      t.equal(barsAngle(plane, SIDE, SIDE), undefined, `squares of ${square} px, ${shift} px to the left`);
    }
  }
});
