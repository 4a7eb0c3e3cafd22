export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Corners of a symbol: at the finders' common corner, to its right, below it, opposite to it. */
export interface Quad {
  readonly topLeft: Corner;
  readonly topRight: Corner;
  readonly bottomLeft: Corner;
  readonly bottomRight: Corner;
}

/** One plane, and the projective map from the unit square to a quad on it. */
export class QuadSampler {
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
    const fx = x - x0;
    const fy = y - y0;
    const top = plane[i]! * (1 - fx) + plane[i + 1]! * fx;
    const low = plane[i + width]! * (1 - fx) + plane[i + width + 1]! * fx;
    return top * (1 - fy) + low * fy;
  }

  /** Sample at (u, v) by a cubic (a = −1), which gives back what sampling took from modules of under two pixels. */
  sharp(u: number, v: number): number {
    const { m, plane, width, height } = this;
    const z = m[6]! * u + m[7]! * v + 1;
    const x = Math.min(width - 1.001, Math.max(0, (m[0]! * u + m[1]! * v + m[2]!) / z - 0.5));
    const y = Math.min(height - 1.001, Math.max(0, (m[3]! * u + m[4]! * v + m[5]!) / z - 0.5));
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    if (x0 < 1 || y0 < 1 || x0 > width - 3 || y0 > height - 3) return this.at(u, v);
    const fx = x - x0;
    const fy = y - y0;
    const [a0, a1, a2, a3] = [
      -fx * (1 - fx) ** 2,
      1 - 2 * fx ** 2 + fx ** 3,
      fx + fx ** 2 - fx ** 3,
      fx ** 3 - fx ** 2,
    ];
    let sum = 0;
    for (let k = 0; k < 4; k += 1) {
      const i = (y0 + k - 1) * width + x0;
      const row = a0 * plane[i - 1]! + a1 * plane[i]! + a2 * plane[i + 1]! + a3 * plane[i + 2]!;
      const weight =
        k === 0
          ? -fy * (1 - fy) ** 2
          : k === 1
            ? 1 - 2 * fy ** 2 + fy ** 3
            : k === 2
              ? fy + fy ** 2 - fy ** 3
              : fy ** 3 - fy ** 2;
      sum += weight * row;
    }
    return sum < 0 ? 0 : sum > 255 ? 255 : sum;
  }
}
