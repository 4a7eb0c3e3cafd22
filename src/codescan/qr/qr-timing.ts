/*
 * One finder of a code with the rest cut off by the picture's edge or covered. The timing pattern that starts beside
 * each finder of a code distinguishes it from any other ring around a square: modules that alternate in step, on the
 * line of the finder's inner side and on no line next to it.
 */

/** Samples a plane in modules from a finder's middle, along the sides of its squares. */
export type At = (xModules: number, yModules: number) => number;

/** Modules of the pattern that are compared, the light frame first; version 2 has eleven, version 1 has eight. */
const FIRST = 4;
const COMPARED = 10;
/** Pearson's correlation with the pattern, and the maximum for the lines beside it, which are data. */
const AGREES = 0.86;
const MAX_BESIDE = 0.75;
/** Pixels between dark and light, as a share of the contrast of the finder's rings. */
const MIN_CONTRAST = 0.5;
/** A finder's size is measured to a few hundredths. */
const STRETCHES = [0.94, 0.97, 1, 1.03, 1.06] as const;
/** Modules by which the line may deviate at its end. */
const LEANS = [-0.6, 0, 0.6] as const;

/** Whether a timing pattern starts at a finder; `contrast` is that of its rings, negative for light on dark. */
export function hasTiming(at: At, contrast: number): boolean {
  for (const along of DIRECTIONS) {
    for (const offset of [-3, 3]) {
      for (const stretch of STRETCHES) {
        for (const lean of LEANS) {
          if (agreement(at, along, offset, stretch, lean, contrast) < AGREES) continue;
          const beside = [-2, -1, 1, 2].map((by) => agreement(at, along, offset + by, stretch, lean, contrast));
          if (beside.every((value) => Math.abs(value) < MAX_BESIDE)) return true;
        }
      }
    }
  }
  return false;
}

const DIRECTIONS: readonly ((along: number, beside: number) => [number, number])[] = [
  (a, b) => [a, b],
  (a, b) => [-a, b],
  (a, b) => [b, a],
  (a, b) => [b, -a],
];

/** Correlation of a line with light, dark, light and so on; 0 where it is too faint. */
function agreement(
  at: At,
  place: (along: number, beside: number) => [number, number],
  offset: number,
  stretch: number,
  lean: number,
  contrast: number,
): number {
  let [sum, squares, product] = [0, 0, 0];
  for (let i = 0; i < COMPARED; i += 1) {
    const [x, y] = place((FIRST + i) * stretch, offset * stretch + (lean * i) / COMPARED);
    const p = at(x, y);
    sum += p;
    squares += p * p;
    product += i % 2 === 0 ? p : -p;
  }
  const variance = squares - (sum * sum) / COMPARED;
  const step = (2 * product) / COMPARED / contrast;
  return variance < 1 || step < MIN_CONTRAST ? 0 : (Math.sign(contrast) * product) / Math.sqrt(variance * COMPARED);
}
