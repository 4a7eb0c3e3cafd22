import type { Kernels } from '../../core/kernels.js';

/*
 * Filters for codes that are blurred, or too small for their module width in pixels. Readers and the finder search
 * threshold grey, and a pattern that no longer crosses the threshold is lost to them, though not to an eye or a lens.
 */

const clip = (v: number): number => (v < 0 ? 0 : v > 255 ? 255 : v);

/** Weights of the blur by radius, and the logarithm of their sum: σ is 1 and 1.9 samples. */
const WEIGHTS = [
  [1, 4, 6, 4, 1],
  [1, 2, 4, 6, 6, 6, 4, 2, 1],
] as const;
const SHIFTS = [8, 10] as const;

let sums = new Uint16Array(0);
let wide = new Int16Array(0);

/** p + gain × (p − blurred p); samples beyond an edge repeat the edge. */
export const sharpenPlane: Kernels['sharpenPlane'] = (from, width, height, radius, gain, to) => {
  const weights = WEIGHTS[radius - 1]!;
  const shift = SHIFTS[radius - 1]!;
  const reach = 2 * radius;
  if (sums.length < width * height) sums = new Uint16Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let k = -reach; k <= reach; k += 1) {
        sum += weights[k + reach]! * from[row + Math.min(width - 1, Math.max(0, x + k))]!;
      }
      sums[row + x] = sum;
    }
  }
  const whole = (1 + gain) << shift;
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    for (let x = 0; x < width; x += 1) {
      let blurred = 0;
      for (let k = -reach; k <= reach; k += 1) {
        blurred += weights[k + reach]! * sums[Math.min(height - 1, Math.max(0, y + k)) * width + x]!;
      }
      to[row + x] = clip((from[row + x]! * whole - gain * blurred + (1 << (shift - 1))) >> shift);
    }
  }
};

/** Twice the size by a cubic (a = −1), sharper than the usual one; `to` holds 4 × width × height samples. */
export const enlargePlane: Kernels['enlargePlane'] = (from, width, height, to) => {
  const w = 2 * width;
  if (wide.length < w * height) wide = new Int16Array(w * height);
  for (let y = 0; y < height; y += 1) {
    const p = (x: number): number => from[y * width + Math.min(width - 1, Math.max(0, x))]!;
    for (let x = 0; x < width; x += 1) {
      const at = y * w + 2 * x;
      wide[at] = -3 * p(x - 2) + 19 * p(x - 1) + 57 * p(x) - 9 * p(x + 1);
      wide[at + 1] = -9 * p(x - 1) + 57 * p(x) + 19 * p(x + 1) - 3 * p(x + 2);
    }
  }
  for (let y = 0; y < height; y += 1) {
    const row = (k: number): number => Math.min(height - 1, Math.max(0, y + k)) * w;
    const [a, b, c, d, e] = [row(-2), row(-1), row(0), row(1), row(2)];
    for (let x = 0; x < w; x += 1) {
      const upper = -3 * wide[a + x]! + 19 * wide[b + x]! + 57 * wide[c + x]! - 9 * wide[d + x]!;
      const lower = -9 * wide[b + x]! + 57 * wide[c + x]! + 19 * wide[d + x]! - 3 * wide[e + x]!;
      to[2 * y * w + x] = clip((upper + 2048) >> 12);
      to[(2 * y + 1) * w + x] = clip((lower + 2048) >> 12);
    }
  }
};

/** A rectangle of rows `stride` apart, halved this many times by rounded means; see `Kernels.shrinkRect`. */
export const shrinkRect: Kernels['shrinkRect'] = (plane, stride, x, y, width, height, halvings, to) => {
  let from = plane;
  let at = y * stride + x;
  let step = stride;
  if (halvings === 0) {
    for (let row = 0; row < height; row += 1, at += stride) to.set(plane.subarray(at, at + width), row * width);
    return;
  }
  for (let i = 1, w = width >> 1, h = height >> 1; i <= halvings; i += 1, w >>= 1, h >>= 1) {
    const half = i === halvings ? to : new Uint8Array(w * h);
    for (let row = 0; row < h; row += 1) {
      for (let column = 0, a = at + 2 * row * step; column < w; column += 1, a += 2) {
        half[row * w + column] = (from[a]! + from[a + 1]! + from[a + step]! + from[a + step + 1]! + 2) >> 2;
      }
    }
    from = half;
    at = 0;
    step = w;
  }
};

function boxRows(from: Uint8Array, to: Uint8Array, width: number, height: number, radius: number): void {
  const span = 2 * radius + 1;
  for (let y = 0; y < height; y += 1) {
    const at = y * width;
    let sum = 0;
    for (let i = -radius; i <= radius; i += 1) sum += from[at + Math.min(width - 1, Math.max(0, i))]!;
    for (let x = 0; x < width; x += 1) {
      // Written transposed, so that the second call does the columns.
      to[x * height + y] = (sum + radius) / span;
      sum += from[at + Math.min(width - 1, x + radius + 1)]! - from[at + Math.max(0, x - radius)]!;
    }
  }
}

let spare = new Uint8Array(0);

/** See `Kernels.blurPlane`. */
export const blurPlane: Kernels['blurPlane'] = (plane, width, height, radius) => {
  if (spare.length < width * height) spare = new Uint8Array(width * height);
  for (let pass = 0; pass < 2; pass += 1) {
    boxRows(plane, spare, width, height, radius);
    boxRows(spare, plane, height, width, radius);
  }
};

/** See `Kernels.doublePlane`. */
export const doublePlane: Kernels['doublePlane'] = (from, width, height, to) => {
  const w = width * 2;
  for (let y = 0; y < height * 2; y += 1) {
    const near = y >> 1;
    const far = (y & 1) === 0 ? Math.max(0, near - 1) : Math.min(height - 1, near + 1);
    const a = near * width;
    const b = far * width;
    for (let x = 0; x < w; x += 1) {
      const i = x >> 1;
      const j = (x & 1) === 0 ? Math.max(0, i - 1) : Math.min(width - 1, i + 1);
      to[y * w + x] = (9 * from[a + i]! + 3 * (from[a + j]! + from[b + i]!) + from[b + j]! + 8) >> 4;
    }
  }
};

/** See `Kernels.meanCells`. */
export const meanCells: Kernels['meanCells'] = (plane, width, height, cells, to) => {
  for (let v = 0; v < cells; v += 1) {
    const [y0, y1] = [Math.floor((v * height) / cells), Math.floor(((v + 1) * height) / cells)];
    for (let u = 0; u < cells; u += 1) {
      const [x0, x1] = [Math.floor((u * width) / cells), Math.floor(((u + 1) * width) / cells)];
      let sum = 0;
      for (let y = y0; y < y1; y += 1) for (let i = y * width + x0; i < y * width + x1; i += 1) sum += plane[i]!;
      to[v * cells + u] = Math.floor(sum / Math.max(1, (y1 - y0) * (x1 - x0)));
    }
  }
};
