import type { Rgb } from '../footage/open-footage.js';
import { type Affine, after, inverse, mapX, mapY, type MouthSpace } from './mouth-space.js';

/*
 * Problem: the net's points tremble by half a pixel, and a mouth that trembles on a still face is seen at once.
 * Rule: each frame's pose is refined until the skin around the mouth of a reference picture lies on that of the frame
 * (Lucas-Kanade, inverse compositional: Baker & Matthews 2004), with all six numbers of an affine map, since a turned head is
 * narrower. The lips do not count; where the film's own mouth moves, nor does anything below them.
 */
const STEP = 2;
const ITERATIONS = 6;
/** A correction beyond this share of the unit is a fault of the search: the points are kept. */
const MAX_SHIFT_SHARE = 0.05;
/** Keeps scale and shear near the points' where the picture says little. */
const STIFFNESS = 0.02;
const PARAMETERS = 6;
/** Share of the reference's own contrast that may be left between it and the frame. */
const MAX_REST = 0.4;

/** The part of a reference picture that later frames are laid on. */
export interface PoseTemplate {
  readonly xs: Float32Array;
  readonly ys: Float32Array;
  readonly luma: Float32Array;
  /** Steepest descent, six numbers a sample, already solved: the product with the differences is the correction. */
  readonly descent: Float32Array;
}

/** Mean luma of a pixel's surroundings at a place of the picture. */
export function lumaAt({ data, width, height }: Rgb, x: number, y: number): number {
  const xi = Math.floor(x - 0.5);
  const yi = Math.floor(y - 0.5);
  if (xi < 1 || yi < 1 || xi > width - 3 || yi > height - 3) return -1;
  const fx = x - 0.5 - xi;
  const fy = y - 0.5 - yi;
  const at = (yi * width + xi) * 3;
  const row = width * 3;
  const l = (i: number): number => 0.3 * data[i]! + 0.6 * data[i + 1]! + 0.1 * data[i + 2]!;
  // Bilinear over means of three by three would cost nine times as much: a cross of means is enough against grain.
  const soft = (i: number): number => 0.5 * l(i) + 0.125 * (l(i - 3) + l(i + 3) + l(i - row) + l(i + row));
  const upper = soft(at) * (1 - fx) + soft(at + 3) * fx;
  const lower = soft(at + row) * (1 - fx) + soft(at + row + 3) * fx;
  return upper * (1 - fy) + lower * fy;
}

export function poseTemplate(picture: Rgb, pose: Affine, space: MouthSpace, stillMouth: boolean): PoseTemplate {
  const { unit, noseY, chinY } = space;
  const xs: number[] = [];
  const ys: number[] = [];
  const luma: number[] = [];
  const gradients: number[] = [];
  const reach = 0.55 * unit;
  const bottom = stillMouth ? chinY + 0.04 * unit : -0.06 * unit;
  const at = (x: number, y: number): number => lumaAt(picture, mapX(pose, x, y), mapY(pose, x, y));
  for (let y = noseY - 0.5 * unit; y < bottom; y += STEP) {
    for (let x = -reach; x < reach; x += STEP) {
      const row = Math.round(y - space.top);
      const half = space.halfWidth[Math.min(space.height - 1, Math.max(0, row))]! * 0.9;
      if (Math.abs(x) > half) continue;
      if ((x / (0.36 * unit)) ** 2 + (y / (0.2 * unit)) ** 2 < 1) continue;
      const here = at(x, y);
      const [l, r, u, d] = [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)];
      if (Math.min(here, l, r, u, d) < 0) continue;
      const gx = (r - l) / 2;
      const gy = (d - u) / 2;
      xs.push(x);
      ys.push(y);
      luma.push(here);
      // Lengths in units, so that all six numbers weigh alike.
      const [nx, ny] = [x / unit, y / unit];
      gradients.push(gx * nx, gx * ny, gy * nx, gy * ny, gx, gy);
    }
  }
  const n = xs.length;
  const hessian = new Float64Array(PARAMETERS * PARAMETERS);
  const descent = Float32Array.from(gradients);
  for (let s = 0; s < n; s += 1)
    for (let i = 0; i < PARAMETERS; i += 1)
      for (let j = 0; j < PARAMETERS; j += 1)
        hessian[i * PARAMETERS + j]! += descent[s * PARAMETERS + i]! * descent[s * PARAMETERS + j]!;
  const trace = hessian[4 * PARAMETERS + 4]! + hessian[5 * PARAMETERS + 5]!;
  for (let i = 0; i < PARAMETERS; i += 1)
    hessian[i * PARAMETERS + i]! += STIFFNESS * trace * (i < 4 ? 0.3 : 1e-3) + 1e-3;
  const solved = invert(hessian, PARAMETERS);
  for (let s = 0; s < n; s += 1) {
    const g = descent.slice(s * PARAMETERS, (s + 1) * PARAMETERS);
    for (let i = 0; i < PARAMETERS; i += 1) {
      let sum = 0;
      for (let j = 0; j < PARAMETERS; j += 1) sum += solved[i * PARAMETERS + j]! * g[j]!;
      descent[s * PARAMETERS + i] = sum;
    }
  }
  return { xs: Float32Array.from(xs), ys: Float32Array.from(ys), luma: Float32Array.from(luma), descent };
}

/** The pose of a frame near `from` at which the reference lies on the frame. */
export function refinePose(picture: Rgb, from: Affine, template: PoseTemplate, space: MouthSpace): Affine {
  const { unit } = space;
  let pose = from;
  const n = template.xs.length;
  if (n < 200) return from;
  const now = new Float32Array(n);
  for (let step = 0; step < ITERATIONS; step += 1) {
    let [count, sum] = [0, 0];
    for (let s = 0; s < n; s += 1) {
      const v = lumaAt(
        picture,
        mapX(pose, template.xs[s]!, template.ys[s]!),
        mapY(pose, template.xs[s]!, template.ys[s]!),
      );
      now[s] = v;
      if (v < 0) continue;
      count += 1;
      sum += v - template.luma[s]!;
    }
    if (count < n / 2) return from;
    const light = sum / count;
    const p = new Float64Array(PARAMETERS);
    for (let s = 0; s < n; s += 1) {
      if (now[s]! < 0) continue;
      let error = now[s]! - light - template.luma[s]!;
      // A highlight or a strand of hair must not pull.
      error = Math.max(-18, Math.min(18, error));
      for (let i = 0; i < PARAMETERS; i += 1) p[i]! += template.descent[s * PARAMETERS + i]! * error;
    }
    const change: Affine = {
      a: 1 + p[0]! / unit,
      b: p[1]! / unit,
      c: p[2]! / unit,
      d: 1 + p[3]! / unit,
      tx: p[4]!,
      ty: p[5]!,
    };
    pose = after(pose, inverse(change));
    if (Math.hypot(p[4]!, p[5]!) < 0.01) break;
  }
  if (restShare(picture, pose, template) > MAX_REST) return from;
  const far = [
    [0, 0],
    [-0.4 * unit, 0],
    [0.4 * unit, 0],
    [0, space.chinY],
  ].map(([x, y]) => Math.hypot(mapX(pose, x!, y!) - mapX(from, x!, y!), mapY(pose, x!, y!) - mapY(from, x!, y!)));
  return Math.max(...far) < MAX_SHIFT_SHARE * unit ? pose : from;
}

/** Residual relative to the reference's variance. */
function restShare(picture: Rgb, pose: Affine, { xs, ys, luma }: PoseTemplate): number {
  let [n, sum, squares, own, ownSquares] = [0, 0, 0, 0, 0];
  for (let s = 0; s < xs.length; s += 1) {
    const v = lumaAt(picture, mapX(pose, xs[s]!, ys[s]!), mapY(pose, xs[s]!, ys[s]!));
    if (v < 0) continue;
    const e = v - luma[s]!;
    n += 1;
    sum += e;
    squares += e * e;
    own += luma[s]!;
    ownSquares += luma[s]! * luma[s]!;
  }
  return (squares - (sum * sum) / n) / Math.max(1, ownSquares - (own * own) / n);
}

/** Gauss-Jordan for a small matrix. */
function invert(matrix: Float64Array, n: number): Float64Array {
  const m = Float64Array.from(matrix);
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) out[i * n + i] = 1;
  for (let c = 0; c < n; c += 1) {
    let pivot = c;
    for (let r = c + 1; r < n; r += 1) if (Math.abs(m[r * n + c]!) > Math.abs(m[pivot * n + c]!)) pivot = r;
    for (let k = 0; k < n; k += 1) {
      [m[c * n + k], m[pivot * n + k]] = [m[pivot * n + k]!, m[c * n + k]!];
      [out[c * n + k], out[pivot * n + k]] = [out[pivot * n + k]!, out[c * n + k]!];
    }
    const by = m[c * n + c]!;
    for (let k = 0; k < n; k += 1) {
      m[c * n + k]! /= by;
      out[c * n + k]! /= by;
    }
    for (let r = 0; r < n; r += 1) {
      if (r === c) continue;
      const f = m[r * n + c]!;
      for (let k = 0; k < n; k += 1) {
        m[r * n + k]! -= f * m[c * n + k]!;
        out[r * n + k]! -= f * out[c * n + k]!;
      }
    }
  }
  return out;
}
