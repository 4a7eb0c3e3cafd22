import { PlaneSampler } from '../../core/media/plane-sampler.js';

export { PlaneSampler };

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

  /** The image of (u, v). */
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
