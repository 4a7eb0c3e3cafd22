import { FINDER_STRIDE } from './candidate-boxes.js';

/*
 * Is this a QR code, although nobody can read it? A code with a logo, a strong blur or dots for modules
 * defeats the readers, and a better camera than ours may not be defeated. Rings, targets and 回 imitate the
 * finder patterns. What they lack is the timing pattern: modules that alternate, in a straight line, all the
 * way between two finders, on two sides (ISO/IEC 18004, 6.3.5), in step with the finders' own modules.
 */

export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Corners of the symbol: at the finders' common corner, to its right, below it, opposite to it. */
export interface Quad {
  readonly topLeft: Corner;
  readonly topRight: Corner;
  readonly bottomLeft: Corner;
  readonly bottomRight: Corner;
}

/** Share of the timing's contrast that alternates in step: noise gives about 0. */
const TIMING_AGREES = 0.72;
/** Correlation of the three corners with the finder pattern. */
const FINDERS_AGREE = 0.72;
/** The fourth corner has no finder; rows of tiles, targets and loudspeakers have. */
const FOURTH_AGREES = 0.5;
const VERSIONS = 40;
/** Most finders among which triples are searched. */
const MAX_TRIPLE_FINDERS = 24;

/** One plane, and the projective map from the unit square to a quad on it. */
class Sampler {
  private readonly m = new Float64Array(8);

  constructor(
    private readonly plane: Uint8Array,
    private readonly width: number,
    private readonly height: number,
    quad: Quad,
  ) {
    const { topLeft: a, topRight: b, bottomRight: c, bottomLeft: d } = quad;
    const sx = a.x - b.x + c.x - d.x;
    const sy = a.y - b.y + c.y - d.y;
    const [dx1, dx2, dy1, dy2] = [b.x - c.x, d.x - c.x, b.y - c.y, d.y - c.y];
    const det = dx1 * dy2 - dx2 * dy1;
    const g = det === 0 ? 0 : (sx * dy2 - dx2 * sy) / det;
    const h = det === 0 ? 0 : (dx1 * sy - sx * dy1) / det;
    this.m.set([b.x - a.x + g * b.x, d.x - a.x + h * d.x, a.x, b.y - a.y + g * b.y, d.y - a.y + h * d.y, a.y, g, h]);
  }

  /** Bilinear sample at (u, v); pixel centres are at .5. */
  at(u: number, v: number): number {
    const { m, plane, width, height } = this;
    const z = m[6]! * u + m[7]! * v + 1;
    const x = Math.min(width - 1.001, Math.max(0, (m[0]! * u + m[1]! * v + m[2]!) / z - 0.5));
    const y = Math.min(height - 1.001, Math.max(0, (m[3]! * u + m[4]! * v + m[5]!) / z - 0.5));
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const i = y0 * width + x0;
    const [fx, fy] = [x - x0, y - y0];
    const top = plane[i]! * (1 - fx) + plane[i + 1]! * fx;
    const low = plane[i + width]! * (1 - fx) + plane[i + width + 1]! * fx;
    return top * (1 - fy) + low * fy;
  }
}

/** 1 dark, 0 light, of the 8×8 modules in a corner: the finder and its separator. */
const finderIsDark = (x: number, y: number): number => {
  if (x === 7 || y === 7) return 0;
  const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
  return ring === 2 ? 0 : 1;
};

/** Pearson's correlation of corners `from` to `to` with dark finders: −1…1, negative for a light-on-dark code. */
function finderCorrelation(sampler: Sampler, modules: number, from: number, to: number): number {
  let [n, sum, squares, dark, product] = [0, 0, 0, 0, 0];
  for (let corner = from; corner <= to; corner += 1) {
    for (let y = 0; y < 8; y += 1) {
      for (let x = 0; x < 8; x += 1) {
        const u = (x + 0.5) / modules;
        const v = (y + 0.5) / modules;
        const p = -sampler.at((corner & 1) === 1 ? 1 - u : u, corner >= 2 ? 1 - v : v);
        const expected = finderIsDark(x, y);
        n += 1;
        sum += p;
        squares += p * p;
        dark += expected;
        product += p * expected;
      }
    }
  }
  const variance = (squares - (sum * sum) / n) * (dark - (dark * dark) / n);
  return variance < 1 ? 0 : (product - (sum * dark) / n) / Math.sqrt(variance);
}

/** How much of the second differences along row (or column) 6 alternates in step, −1…1. */
function timingAgreement(sampler: Sampler, modules: number, offset: number): number {
  let agree = 0;
  let total = 0;
  let inStep = 0;
  let steps = 0;
  for (let side = 0; side < 2; side += 1) {
    const v = (6.5 + offset) / modules;
    const sample = (i: number): number => {
      const u = (i + 0.5) / modules;
      return side === 0 ? sampler.at(u, v) : sampler.at(v, u);
    };
    let before = sample(6);
    let here = sample(7);
    for (let i = 7; i <= modules - 8; i += 1) {
      const next = sample(i + 1);
      const step = here - (before + next) / 2;
      const right = (i & 1) === 1 ? step : -step;
      agree += right;
      steps += 1;
      if (Math.abs(step) >= 1) inStep += Math.sign(right);
      // Below one step of the samples there is nothing but rounding.
      total += Math.max(1, Math.abs(step));
      before = here;
      here = next;
    }
  }
  // One strong edge must not stand for a whole line: the signs count as much as the sizes.
  return Math.sign(agree) * Math.min(Math.abs(agree) / total, Math.abs(inStep) / steps);
}

function agrees(sampler: Sampler, modules: number): boolean {
  const finders = finderCorrelation(sampler, modules, 0, 2);
  if (Math.abs(finders) < FINDERS_AGREE) return false;
  const sign = Math.sign(finders);
  if (sign * finderCorrelation(sampler, modules, 3, 3) > FOURTH_AGREES) return false;
  return [0, -0.35, 0.35].some((offset) => sign * timingAgreement(sampler, modules, offset) >= TIMING_AGREES);
}

/** True when the quad holds the finders and timing patterns of a QR code of any version. */
export function isQrCode(plane: Uint8Array, width: number, height: number, quad: Quad): boolean {
  if (width < 21 || height < 21) return false;
  const sampler = new Sampler(plane, width, height, quad);
  const side = Math.hypot(quad.topRight.x - quad.topLeft.x, quad.topRight.y - quad.topLeft.y);
  for (let version = 1; version <= VERSIONS; version += 1) {
    const modules = 17 + 4 * version;
    if (side < modules * 1.2) break;
    if (agrees(sampler, modules)) return true;
  }
  return false;
}

/**
 * Searches the finders that the cheap search met (FINDER_STRIDE integers each) for three that are corners
 * of a QR code; returns its outline.
 */
export function findQrCode(
  plane: Uint8Array,
  width: number,
  height: number,
  finders: Int32Array,
  count: number,
): Quad | undefined {
  const n = Math.min(count, MAX_TRIPLE_FINDERS);
  for (let a = 0; a < n; a += 1) {
    for (let b = 0; b < n; b += 1) {
      if (b === a || !sameKind(finders, a, b)) continue;
      for (let c = b + 1; c < n; c += 1) {
        if (c === a || !sameKind(finders, a, c) || !sameKind(finders, b, c)) continue;
        const quad = codeOf(plane, width, height, finders, a, b, c);
        if (quad !== undefined) return quad;
      }
    }
  }
  return undefined;
}

/** One polarity, and sizes within a factor of 1.6. */
function sameKind(finders: Int32Array, a: number, b: number): boolean {
  const [i, j] = [a * FINDER_STRIDE, b * FINDER_STRIDE];
  const [s, t] = [finders[i + 2]!, finders[j + 2]!];
  return finders[i + 3] === finders[j + 3] && 5 * s <= 8 * t && 5 * t <= 8 * s;
}

function codeOf(
  plane: Uint8Array,
  width: number,
  height: number,
  finders: Int32Array,
  a: number,
  b: number,
  c: number,
): Quad | undefined {
  const [i, j, k] = [a * FINDER_STRIDE, b * FINDER_STRIDE, c * FINDER_STRIDE];
  const [x, y] = [finders[i]! + 0.5, finders[i + 1]! + 0.5];
  const [ux, uy] = [finders[j]! + 0.5 - x, finders[j + 1]! + 0.5 - y];
  const [vx, vy] = [finders[k]! + 0.5 - x, finders[k + 1]! + 0.5 - y];
  const [u, v] = [Math.hypot(ux, uy), Math.hypot(vx, vy)];
  // A tilt of 50 degrees shortens one side to 0.64 of the other.
  if (u > 1.6 * v || v > 1.6 * u || Math.abs(ux * vx + uy * vy) > 0.42 * u * v) return undefined;
  const module = (finders[i + 2]! + finders[j + 2]! + finders[k + 2]!) / 48;
  const guess = Math.round((Math.max(u, v) / module - 10) / 4);
  for (let version = Math.max(1, guess - 1); version <= Math.min(VERSIONS, guess + 3); version += 1) {
    const between = 10 + 4 * version;
    const [ex, ey, fx, fy] = [ux / between, uy / between, vx / between, vy / between];
    const at = (s: number, t: number): Corner => ({ x: x + s * ex + t * fx, y: y + s * ey + t * fy });
    const quad: Quad = {
      topLeft: at(-3.5, -3.5),
      topRight: at(between + 3.5, -3.5),
      bottomLeft: at(-3.5, between + 3.5),
      bottomRight: at(between + 3.5, between + 3.5),
    };
    if (agrees(new Sampler(plane, width, height, quad), between + 7)) return quad;
  }
  return undefined;
}
