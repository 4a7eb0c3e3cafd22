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

/** Values between the samples of one plane; pixel centres are at .5. */
export class PlaneSampler {
  constructor(
    private readonly plane: Uint8Array,
    private readonly width: number,
    private readonly height: number,
  ) {}

  /** Bilinear. */
  at(px: number, py: number): number {
    const { plane, width, height } = this;
    const x = Math.min(width - 1.001, Math.max(0, px - 0.5));
    const y = Math.min(height - 1.001, Math.max(0, py - 0.5));
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const i = y0 * width + x0;
    const fx = x - x0;
    const fy = y - y0;
    const top = plane[i]! * (1 - fx) + plane[i + 1]! * fx;
    const low = plane[i + width]! * (1 - fx) + plane[i + width + 1]! * fx;
    return top * (1 - fy) + low * fy;
  }

  /** By a cubic (a = −1), which gives back what sampling took from modules of under two pixels. */
  sharp(px: number, py: number): number {
    const { plane, width, height } = this;
    const x0 = Math.floor(px - 0.5);
    const y0 = Math.floor(py - 0.5);
    if (x0 < 1 || y0 < 1 || x0 > width - 3 || y0 > height - 3) return this.at(px, py);
    const f = px - 0.5 - x0;
    const g = py - 0.5 - y0;
    const ff = f * f;
    const gg = g * g;
    const a0 = f * (2 * f - ff - 1);
    const a1 = 1 - 2 * ff + ff * f;
    const a2 = f + ff - ff * f;
    const a3 = ff * f - ff;
    const i = y0 * width + x0;
    const h = i - width;
    const j = i + width;
    const k = j + width;
    const sum =
      g * (2 * g - gg - 1) * (a0 * plane[h - 1]! + a1 * plane[h]! + a2 * plane[h + 1]! + a3 * plane[h + 2]!) +
      (1 - 2 * gg + gg * g) * (a0 * plane[i - 1]! + a1 * plane[i]! + a2 * plane[i + 1]! + a3 * plane[i + 2]!) +
      (g + gg - gg * g) * (a0 * plane[j - 1]! + a1 * plane[j]! + a2 * plane[j + 1]! + a3 * plane[j + 2]!) +
      (gg * g - gg) * (a0 * plane[k - 1]! + a1 * plane[k]! + a2 * plane[k + 1]! + a3 * plane[k + 2]!);
    return Math.min(255, Math.max(0, sum));
  }
}

/** The projective map from the unit square to a quad. */
export class QuadMap {
  private readonly m = new Float64Array(8);

  constructor(quad: Quad) {
    const { topLeft: a, topRight: b, bottomRight: c, bottomLeft: d } = quad;
    const sx = a.x - b.x + c.x - d.x;
    const sy = a.y - b.y + c.y - d.y;
    const [dx1, dx2, dy1, dy2] = [b.x - c.x, d.x - c.x, b.y - c.y, d.y - c.y];
    const det = dx1 * dy2 - dx2 * dy1;
    const g = det === 0 ? 0 : (sx * dy2 - dx2 * sy) / det;
    const h = det === 0 ? 0 : (dx1 * sy - sx * dy1) / det;
    this.m.set([b.x - a.x + g * b.x, d.x - a.x + h * d.x, a.x, b.y - a.y + g * b.y, d.y - a.y + h * d.y, a.y, g, h]);
  }

  /** Where (u, v) is. */
  point(u: number, v: number): Corner {
    const { m } = this;
    const z = m[6]! * u + m[7]! * v + 1;
    return { x: (m[0]! * u + m[1]! * v + m[2]!) / z, y: (m[3]! * u + m[4]! * v + m[5]!) / z };
  }

  /** Bilinear sample of a plane at (u, v). */
  sample(plane: PlaneSampler, u: number, v: number): number {
    const { m } = this;
    const z = m[6]! * u + m[7]! * v + 1;
    return plane.at((m[0]! * u + m[1]! * v + m[2]!) / z, (m[3]! * u + m[4]! * v + m[5]!) / z);
  }

  /** Cubic sample at (u, v). */
  sampleSharp(plane: PlaneSampler, u: number, v: number): number {
    const { m } = this;
    const z = m[6]! * u + m[7]! * v + 1;
    return plane.sharp((m[0]! * u + m[1]! * v + m[2]!) / z, (m[3]! * u + m[4]! * v + m[5]!) / z);
  }
}

/** One plane, and the projective map from the unit square to a quad on it. */
export class QuadSampler {
  private readonly map: QuadMap;
  private readonly plane: PlaneSampler;

  constructor(plane: Uint8Array, width: number, height: number, quad: Quad) {
    this.plane = new PlaneSampler(plane, width, height);
    this.map = new QuadMap(quad);
  }

  /** Bilinear sample at (u, v). */
  at(u: number, v: number): number {
    return this.map.sample(this.plane, u, v);
  }

  /** Cubic sample at (u, v). */
  sharp(u: number, v: number): number {
    return this.map.sampleSharp(this.plane, u, v);
  }
}
