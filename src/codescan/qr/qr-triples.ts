import type { Box } from '../../core/verdict.js';
import { FINDER_STRIDE } from '../locate/candidate-boxes.js';
import { type Corner, type Quad, QuadSampler } from '../pipeline/quad-sampler.js';

/*
 * Three finders that can be corners of one QR code. The cheap search gives finders with a quiet zone around them and
 * loose ones, which may be half a letter: together they would cover the whole picture with readings. A triple at a
 * right angle, with similar sides and modules of one size, is rare enough for a closer reading: the code is redrawn
 * upright, enlarged, on a clear background. Readers want that, and a phone's zoom gives the same.
 */

/** Finders among which triples are searched; strict ones come first. */
export const MAX_COMPARED = 40;
/** Triples kept, the most regular first. */
const MAX_TRIPLES = 5;
/** Modules along a side of the largest code searched for. */
const MAX_MODULES = 177;
/**
 * From this many modules on a triple must be more regular: data that many modules wide contains loose finders by
 * chance.
 */
const MANY_MODULES = 117;
const MANY_LOOSE_MODULES = 57;
/** Maximum departure from equal finders at equal sides and a right angle: a tilt by 50 degrees gives 0.9. */
const MAX_ERROR = 1;
const MAX_LOOSE_ERROR = 0.55;
const MAX_ERROR_OF_MANY = 0.3;
/** Ratio of the sides, and the cosine of the angle between them. */
const LONGER = 1.6;
const MAX_COSINE = 0.42;
/** Pixels per module in the drawing, and modules of clear background around it. */
const DRAWN_MODULE = 4;
const QUIET = 4;
/** Larger codes are not drawn: the plain readings find them as well. */
const DRAWN_MODULES = 57;

export interface Triple {
  /** The finders' middles; `corner` is the common one. */
  readonly corner: Corner;
  readonly right: Corner;
  readonly below: Corner;
  /** Module sizes at the finders in pixels, in that order. */
  readonly sizes: readonly [corner: number, right: number, below: number];
  /** Estimated modules along a side. */
  readonly modules: number;
  /** True for light on dark. */
  readonly inverted: boolean;
  readonly loose: boolean;
  /** Departure from three equal finders at equal sides and a right angle; 0 is perfect. */
  readonly error: number;
}

/** Side of the rectified crop, in pixels; 0 skips it. */
export function drawnSide(triple: Triple): number {
  return triple.modules > DRAWN_MODULES ? 0 : (Math.round(triple.modules) + 2 * QUIET) * DRAWN_MODULE;
}
/** The largest possible side. */
export const MAX_DRAWN_SIDE = (DRAWN_MODULES + 2 * QUIET) * DRAWN_MODULE;

/** Triples among `count` finders (FINDER_STRIDE integers each), the best first and at most this many. */
export function findTriples(finders: Int32Array, count: number, most = MAX_TRIPLES): Triple[] {
  const n = Math.min(count, MAX_COMPARED);
  const found: Triple[] = [];
  for (let a = 0; a < n; a += 1) {
    for (let b = 0; b < n; b += 1) {
      if (b === a || !alike(finders, a, b)) continue;
      for (let c = b + 1; c < n; c += 1) {
        if (c === a || !alike(finders, a, c) || !alike(finders, b, c)) continue;
        const triple = tripleOf(finders, a, b, c);
        if (triple !== undefined) found.push(triple);
      }
    }
  }
  return found.sort((s, t) => s.error - t.error).slice(0, most);
}

/** One polarity, and sizes within a factor of 1.6. */
function alike(finders: Int32Array, a: number, b: number): boolean {
  const i = a * FINDER_STRIDE;
  const j = b * FINDER_STRIDE;
  const s = finders[i + 2]!;
  const t = finders[j + 2]!;
  return ((finders[i + 3]! ^ finders[j + 3]!) & 1) === 0 && 5 * s <= 8 * t && 5 * t <= 8 * s;
}

function tripleOf(finders: Int32Array, a: number, b: number, c: number): Triple | undefined {
  const [i, j, k] = [a * FINDER_STRIDE, b * FINDER_STRIDE, c * FINDER_STRIDE];
  const ux = finders[j]! - finders[i]!;
  const uy = finders[j + 1]! - finders[i + 1]!;
  const vx = finders[k]! - finders[i]!;
  const vy = finders[k + 1]! - finders[i + 1]!;
  const uu = ux * ux + uy * uy;
  const vv = vx * vx + vy * vy;
  // A tilt of 50 degrees shortens one side to 0.64 of the other. Most triples end here.
  if (uu > LONGER * LONGER * vv || vv > LONGER * LONGER * uu) return undefined;
  const dot = ux * vx + uy * vy;
  if (!(dot * dot <= MAX_COSINE * MAX_COSINE * uu * vv)) return undefined;
  const [u, v] = [Math.sqrt(uu), Math.sqrt(vv)];
  const cosine = Math.abs(dot) / (u * v);
  const [r, s, t] = [finders[i + 2]! / 16, finders[j + 2]! / 16, finders[k + 2]! / 16];
  const module = (r + s + t) / 3;
  const modules = Math.max(21, Math.max(u, v) / module + 7);
  const loose = finders[i + 3]! >= 4 || finders[j + 3]! >= 4 || finders[k + 3]! >= 4;
  if (Math.max(u, v) < 11 * module || modules > MAX_MODULES + 7) return undefined;
  const spread = Math.log(Math.max(r, s, t) / Math.min(r, s, t));
  const error = Math.abs(Math.log(u / v)) + cosine + spread + (loose ? 0.1 : 0);
  const many = modules > (loose ? MANY_LOOSE_MODULES : MANY_MODULES);
  if (error > (many ? MAX_ERROR_OF_MANY : loose ? MAX_LOOSE_ERROR : MAX_ERROR)) return undefined;
  const at = (n: number): Corner => ({ x: finders[n]! + 0.5, y: finders[n + 1]! + 0.5 });
  const inverted = (finders[i + 3]! & 1) === 1;
  return { corner: at(i), right: at(j), below: at(k), sizes: [r, s, t], modules, inverted, loose, error };
}

/** The outline of a code with this many modules on these finders, as a parallelogram. */
export function quadOf({ corner, right, below }: Triple, modules: number): Quad {
  const between = modules - 7;
  const [ex, ey] = [(right.x - corner.x) / between, (right.y - corner.y) / between];
  const [fx, fy] = [(below.x - corner.x) / between, (below.y - corner.y) / between];
  const at = (s: number, t: number): Corner => ({ x: corner.x + s * ex + t * fx, y: corner.y + s * ey + t * fy });
  return {
    topLeft: at(-3.5, -3.5),
    topRight: at(between + 3.5, -3.5),
    bottomLeft: at(-3.5, between + 3.5),
    bottomRight: at(between + 3.5, between + 3.5),
  };
}

/**
 * The part of a box that the codes of these triples cover, on whole pixels, with a clear margin and an eighth for the
 * corner without a finder, which a tilt moves; undefined without a triple.
 */
export function placeOf(triples: readonly Triple[], { x, y, width, height }: Box): Box | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const triple of triples) {
    const corners = Object.values(quadOf(triple, triple.modules)) as Corner[];
    const xs = corners.map((corner) => corner.x);
    const ys = corners.map((corner) => corner.y);
    const side = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
    const margin = side / 8 + QUIET * Math.max(...triple.sizes);
    left = Math.min(left, ...xs.map((at) => at - margin));
    right = Math.max(right, ...xs.map((at) => at + margin));
    top = Math.min(top, ...ys.map((at) => at - margin));
    bottom = Math.max(bottom, ...ys.map((at) => at + margin));
  }
  if (right <= left) return undefined;
  const [fromX, fromY] = [Math.max(x, Math.floor(left)), Math.max(y, Math.floor(top))];
  const [toX, toY] = [Math.min(x + width, Math.ceil(right)), Math.min(y + height, Math.ceil(bottom))];
  return { x: fromX, y: fromY, width: toX - fromX, height: toY - fromY };
}

/**
 * Draws the code upright and dark on light into `to`, `drawnSide` wide and high, stretched in contrast, with a quiet
 * zone painted over its surroundings.
 */
export function drawTriple(plane: Uint8Array, width: number, height: number, triple: Triple, to: Uint8Array): void {
  const modules = Math.round(triple.modules);
  const side = drawnSide(triple);
  const sampler = new QuadSampler(plane, width, height, quadOf(triple, triple.modules));
  const inner = modules * DRAWN_MODULE;
  const from = QUIET * DRAWN_MODULE;
  const grey = new Float32Array(inner * inner);
  let low = 255;
  let high = 0;
  for (let y = 0; y < inner; y += 1) {
    for (let x = 0; x < inner; x += 1) {
      const p = sampler.sharp((x + 0.5) / inner, (y + 0.5) / inner);
      grey[y * inner + x] = p;
      low = Math.min(low, p);
      high = Math.max(high, p);
    }
  }
  const scale = high > low ? 255 / (high - low) : 0;
  to.fill(255, 0, side * side);
  for (let y = 0; y < inner; y += 1) {
    for (let x = 0; x < inner; x += 1) {
      const p = grey[y * inner + x]!;
      to[(from + y) * side + from + x] = Math.round((triple.inverted ? high - p : p - low) * scale);
    }
  }
}
