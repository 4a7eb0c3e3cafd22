import { FINDER_STRIDE } from '../locate/candidate-boxes.js';
import { type Corner, PlaneSampler } from '../pipeline/quad-sampler.js';

/*
 * One finder of a code with the rest cut off by the picture's edge or covered. The timing pattern that starts beside
 * each finder of a code distinguishes it from any other ring around a square: modules that alternate in step, on the
 * line of the finder's inner side and on no line next to it.
 */

/** Samples a plane in modules from a finder's middle, along the sides of its squares. */
type At = (xModules: number, yModules: number) => number;

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
function hasTiming(at: At, contrast: number): boolean {
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

/*
 * Separated pieces of one code: slid in from two sides, or split by a product. No phone reads it at that moment, but
 * detectors combine the three finders wherever they are and call it a code that fails its error correction; a
 * platform's detector is hardly better. The timing patterns of a whole code may be cut, and the finders' positions
 * prove nothing. A half of a code with two finders is sometimes detected as a code, with a third finder made up from
 * the surroundings, and any viewer recognises it. So each piece must have a finder that matches ring for ring with data
 * beside it, and there may be no more of them than codes have: tiles, loudspeakers and 回 have no data beside them, a
 * weave has many.
 */

/** Maximum number of finders of one size in the pieces of a code or two. */
const MAX_ALIKE = 7;
/** A finder's size relative to the first one's, either way. */
const ALIKE = 1.35;
/** Pixels per module: below it the rings can't be distinguished. */
const MIN_MODULE = 2;
/** Pearson's correlation of a finder, its light frame included, with the pattern. */
const FINDER_AGREES = 0.78;
/** Changes between light and dark along the modules beside a finder; random data has half. */
const MIN_CHANGES = 0.25;
const MAX_CHANGES = 0.75;
/**
 * Correlation that two finders without a third need, and pixels per module: two 回 are in line with characters between
 * them in any dense text.
 */
const HALF_AGREES = 0.91;
const MIN_HALF_MODULE = 2.5;
/** Thresholds for a lone finder; more neighbours mean texture. */
const LONE_AGREES = 0.9;
const MIN_LONE_MODULE = 2.5;
const MAX_ALONE = 12;
/** Modules between the middles of two finders of any code, light frames included; the loops of 由 and 品 are closer. */
const MIN_APART = 9.5;
/** Modules between the middles of two finders along a side: 14 in version 1, 170 in version 40. */
const MIN_BETWEEN = 12;
const MAX_BETWEEN = 175;
/** Radians by which two finders of one half may seem rotated against each other, or against their line. */
const ALIKE_TURN = 0.2;
/** Rotations that are tried, over the 90 degrees after which a finder looks the same. */
const TURNS = 12;

export interface CodePieces {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The box around three finders that can only be a code's, wherever they are, around two that belong to one half of it,
 * or around one with a timing pattern; undefined otherwise.
 */
export function findCodePieces(
  plane: Uint8Array,
  width: number,
  height: number,
  finders: Int32Array,
  count: number,
): CodePieces | undefined {
  const sampler = new PlaneSampler(plane, width, height);
  // By finder: undefined is not examined yet, null does not belong to a code.
  const known: (Mark | null | undefined)[] = [];
  for (let first = 0; first < count; first += 1) {
    const group: number[] = [];
    for (let other = 0; other < count; other += 1) if (isAlike(finders, first, other)) group.push(other);
    if (group.length < 2 || group.length > MAX_ALIKE) continue;
    const like: Mark[] = [];
    for (const i of group) {
      if (known[i] === undefined) known[i] = codeMark(sampler, finders, i) ?? null;
      const mark = known[i];
      if (mark !== null && mark !== undefined) like.push(mark);
    }
    const marks = like.filter((mark) => !like.some((other) => areClose(mark, other)));
    if (marks.length >= 3) return boxAround(marks, width, height);
    if (marks.length === 2 && areOneHalf(marks[0]!, marks[1]!)) return boxAround(marks, width, height);
  }
  if (count > MAX_ALONE) return undefined;
  for (let i = 0; i < count; i += 1) {
    if (known[i] === undefined) known[i] = codeMark(sampler, finders, i) ?? null;
    const mark = known[i];
    if (mark === null || mark === undefined || mark.module < MIN_LONE_MODULE || mark.correlation < LONE_AGREES)
      continue;
    const sign = (finders[i * FINDER_STRIDE + 3]! & 1) === 1 ? -1 : 1;
    if (hasTiming(mark.at, sign * mark.contrast)) return boxAround([mark], width, height);
  }
  return undefined;
}

/** One polarity, and nearly one size. */
function isAlike(finders: Int32Array, a: number, b: number): boolean {
  const [i, j] = [a * FINDER_STRIDE, b * FINDER_STRIDE];
  const [s, t] = [finders[i + 2]!, finders[j + 2]!];
  return ((finders[i + 3]! ^ finders[j + 3]!) & 1) === 0 && s <= ALIKE * t && t <= ALIKE * s;
}

/** Whether two locators are closer than finders can be. */
function areClose(a: Mark, b: Mark): boolean {
  const away = Math.hypot(a.middle.x - b.middle.x, a.middle.y - b.middle.y);
  return a !== b && away < MIN_APART * Math.min(a.module, b.module);
}

/** A finder that matches the pattern ring for ring and has data beside it. */
interface Mark {
  readonly middle: Corner;
  /** Pixels. */
  readonly module: number;
  /** Samples around it, in modules along the sides of its squares. */
  readonly at: At;
  /** Radians, 0 to a right angle. */
  readonly angle: number;
  /** Half of this is a change from light to dark. */
  readonly contrast: number;
  readonly correlation: number;
}

function codeMark(sampler: PlaneSampler, finders: Int32Array, index: number): Mark | undefined {
  const i = index * FINDER_STRIDE;
  const middle: Corner = { x: finders[i]! + 0.5, y: finders[i + 1]! + 0.5 };
  const across = finders[i + 2]! / 16;
  if (across < MIN_MODULE) return undefined;
  const sign = (finders[i + 3]! & 1) === 1 ? -1 : 1;
  let best = FINDER_AGREES;
  let found: Mark | undefined;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const angle = (turn * Math.PI) / 2 / TURNS;
    // Rows and columns cross a rotated square on longer paths.
    const module = across * Math.max(Math.cos(angle), Math.sin(angle));
    const [cos, sin] = [Math.cos(angle) * module, Math.sin(angle) * module];
    const at: At = (x, y) => sampler.at(middle.x + x * cos - y * sin, middle.y + x * sin + y * cos);
    const { correlation, contrast } = compareFinder(at);
    if (correlation * sign < best) continue;
    best = correlation * sign;
    found = { middle, module, at, angle, contrast, correlation: best };
  }
  return found !== undefined && isDataBeside(found.at, found.contrast / 4) ? found : undefined;
}

/**
 * Whether two finders belong to one side of a code: rotated alike, in line with their sides, and with data all the way
 * between them.
 */
function areOneHalf(a: Mark, b: Mark): boolean {
  const [dx, dy] = [b.middle.x - a.middle.x, b.middle.y - a.middle.y];
  if (Math.min(a.correlation, b.correlation) < HALF_AGREES) return false;
  const module = (a.module + b.module) / 2;
  if (module < MIN_HALF_MODULE) return false;
  const between = Math.hypot(dx, dy) / module;
  if (between < MIN_BETWEEN || between > MAX_BETWEEN) return false;
  const turn = Math.abs(a.angle - b.angle);
  if (Math.min(turn, Math.PI / 2 - turn) > ALIKE_TURN) return false;
  const line = (((Math.atan2(dy, dx) - a.angle) % (Math.PI / 2)) + Math.PI / 2) % (Math.PI / 2);
  if (Math.min(line, Math.PI / 2 - line) > ALIKE_TURN) return false;
  const [cos, sin] = [Math.cos(a.angle), Math.sin(a.angle)];
  // From a's middle to b's in modules of a, along its sides.
  const [u, v] = [(dx * cos + dy * sin) / a.module, (dy * cos - dx * sin) / a.module];
  const steps = Math.round(between) - 9;
  let [changes, pairs] = [0, 0];
  for (const beside of [-2, 0, 2]) {
    let last: number | undefined;
    for (let i = 0; i <= steps; i += 1) {
      const t = (5 + i) / (steps + 10);
      const p = Math.abs(u) > Math.abs(v) ? a.at(t * u, t * v + beside) : a.at(t * u + beside, t * v);
      if (last !== undefined) {
        pairs += 1;
        if (Math.abs(p - last) > a.contrast / 2) changes += 1;
      }
      last = p;
    }
  }
  return changes >= MIN_CHANGES * pairs && changes <= MAX_CHANGES * pairs;
}

/** How a finder and the light frame around it match the pattern, and light against dark. */
function compareFinder(at: At): { correlation: number; contrast: number } {
  let [sum, squares, dark, product] = [0, 0, 0, 0];
  const n = 81;
  for (let y = -4; y <= 4; y += 1) {
    for (let x = -4; x <= 4; x += 1) {
      const ring = Math.max(Math.abs(x), Math.abs(y));
      const expected = ring === 2 || ring === 4 ? 0 : 1;
      const p = -at(x, y);
      sum += p;
      squares += p * p;
      dark += expected;
      product += p * expected;
    }
  }
  const covariance = product - (sum * dark) / n;
  const variance = (squares - (sum * sum) / n) * (dark - (dark * dark) / n);
  const contrast = Math.abs(product / dark - (sum - product) / (n - dark));
  return { correlation: variance < 1 ? 0 : covariance / Math.sqrt(variance), contrast };
}

/** Whether the two modules past the finder's light frame change as data does, on one of its sides. */
function isDataBeside(at: At, step: number): boolean {
  const sides: At[] = [
    (past, along) => at(past, along),
    (past, along) => at(-past, along),
    (past, along) => at(along, past),
    (past, along) => at(along, -past),
  ];
  return sides.some((side) => {
    let changes = 0;
    for (const past of [5, 6]) {
      for (let along = -3; along < 3; along += 1) {
        if (Math.abs(side(past, along) - side(past, along + 1)) > step) changes += 1;
      }
    }
    return changes >= MIN_CHANGES * 12 && changes <= MAX_CHANGES * 12;
  });
}

function boxAround(marks: readonly Mark[], width: number, height: number): CodePieces {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (const { middle, module } of marks) {
    const reach = module * 3.5;
    left = Math.min(left, Math.max(0, Math.floor(middle.x - reach)));
    top = Math.min(top, Math.max(0, Math.floor(middle.y - reach)));
    right = Math.max(right, Math.min(width, Math.ceil(middle.x + reach)));
    bottom = Math.max(bottom, Math.min(height, Math.ceil(middle.y + reach)));
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
