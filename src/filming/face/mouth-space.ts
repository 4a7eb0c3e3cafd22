import { CHIN, EYE_LEFT, EYE_RIGHT, JAW, MOUTH_LEFT, MOUTH_RIGHT, NOSE_BASE, STABLE } from './track-face.js';

/** An affine map of the plane: x' = a·x + b·y + tx, y' = c·x + d·y + ty. */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly tx: number;
  readonly ty: number;
}

export const IDENTITY: Affine = { a: 1, b: 0, c: 0, d: 1, tx: 0, ty: 0 };

/** First `inner`, then `outer`. */
export const after = (outer: Affine, inner: Affine): Affine => ({
  a: outer.a * inner.a + outer.b * inner.c,
  b: outer.a * inner.b + outer.b * inner.d,
  c: outer.c * inner.a + outer.d * inner.c,
  d: outer.c * inner.b + outer.d * inner.d,
  tx: outer.a * inner.tx + outer.b * inner.ty + outer.tx,
  ty: outer.c * inner.tx + outer.d * inner.ty + outer.ty,
});

export function inverse({ a, b, c, d, tx, ty }: Affine): Affine {
  const det = a * d - b * c;
  const [ia, ib, ic, id] = [d / det, -b / det, -c / det, a / det];
  return { a: ia, b: ib, c: ic, d: id, tx: -(ia * tx + ib * ty), ty: -(ic * tx + id * ty) };
}

export const mapX = (m: Affine, x: number, y: number): number => m.a * x + m.b * y + m.tx;
export const mapY = (m: Affine, x: number, y: number): number => m.c * x + m.d * y + m.ty;

/** The rotation, scale and shift that bring points of `from` nearest to those of `to` (least squares). */
export function similarity(from: Float32Array, to: Float32Array, indices: readonly number[], stride = 3): Affine {
  const n = indices.length;
  let [fx, fy, tx, ty] = [0, 0, 0, 0];
  for (const i of indices) {
    fx += from[i * stride]! / n;
    fy += from[i * stride + 1]! / n;
    tx += to[i * stride]! / n;
    ty += to[i * stride + 1]! / n;
  }
  let [dot, cross, norm] = [0, 0, 0];
  for (const i of indices) {
    const x = from[i * stride]! - fx;
    const y = from[i * stride + 1]! - fy;
    const u = to[i * stride]! - tx;
    const v = to[i * stride + 1]! - ty;
    dot += x * u + y * v;
    cross += x * v - y * u;
    norm += x * x + y * y;
  }
  const a = dot / norm;
  const c = cross / norm;
  return { a, b: -c, c, d: a, tx: tx - a * fx + c * fy, ty: ty - c * fx - a * fy };
}

/**
 * The flat space in which mouths are made and compared: its origin is the middle of the resting mouth, its x axis runs
 * along the line of the eyes, one unit is one pixel of the film. A frame's pose maps it to the frame's pixels.
 */
export interface MouthSpace {
  /** Distance of the outer eye corners in pixels; all sizes of a face are shares of it. */
  readonly unit: number;
  /** The rectangle of a mouth picture, whole even numbers: left and top are negative. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly noseY: number;
  readonly chinY: number;
  /** Half width of the face at each row of the rectangle. */
  readonly halfWidth: Float32Array;
  /** From the space to the template's pixels. */
  readonly toTemplate: Affine;
  /** Landmarks of the template frame. */
  readonly template: Float32Array;
}

const SIDE_SHARE = 0.6;
const BELOW_CHIN_SHARE = 0.26;
const ABOVE_NOSE_SHARE = 0.04;

export function mouthSpace(template: Float32Array): MouthSpace {
  const at = (i: number): [number, number] => [template[i * 3]!, template[i * 3 + 1]!];
  const [lx, ly] = at(EYE_LEFT);
  const [rx, ry] = at(EYE_RIGHT);
  const unit = Math.hypot(rx - lx, ry - ly);
  const a = (rx - lx) / unit;
  const c = (ry - ly) / unit;
  const [mx0, my0] = at(MOUTH_LEFT);
  const [mx1, my1] = at(MOUTH_RIGHT);
  const toTemplate: Affine = { a, b: -c, c, d: a, tx: (mx0 + mx1) / 2, ty: (my0 + my1) / 2 };
  const back = inverse(toTemplate);
  const y = (i: number): number => mapY(back, ...at(i));
  const noseY = y(NOSE_BASE);
  const chinY = y(CHIN);
  const even = (v: number): number => 2 * Math.round(v / 2);
  const left = -even(SIDE_SHARE * unit);
  const top = even(noseY - ABOVE_NOSE_SHARE * unit);
  const height = even(chinY + BELOW_CHIN_SHARE * unit) - top;
  const jaw = JAW.map((i) => [mapX(back, ...at(i)), mapY(back, ...at(i))] as const);
  const halfWidth = new Float32Array(height);
  for (let row = 0; row < height; row += 1) halfWidth[row] = halfAt(jaw, top + row + 0.5);
  return { unit, left, top, width: -2 * left, height, noseY, chinY, halfWidth, toTemplate, template };
}

/** Half the distance of the jaw's two sides at a height; 0 below the chin. */
function halfAt(jaw: readonly (readonly [number, number])[], y: number): number {
  let [left, right] = [0, 0];
  for (let i = 0; i + 1 < jaw.length; i += 1) {
    const [x0, y0] = jaw[i]!;
    const [x1, y1] = jaw[i + 1]!;
    if (y0 <= y === y1 <= y) continue;
    const x = x0 + ((y - y0) / (y1 - y0)) * (x1 - x0);
    if (x < left) left = x;
    if (x > right) right = x;
  }
  return Math.min(-left, right);
}

/** Maps the space to a frame's pixels, by the skull's points. */
export const poseOf = (space: MouthSpace, points: Float32Array): Affine => {
  const s = similarity(space.template, points, STABLE);
  const m = space.toTemplate;
  return {
    a: s.a * m.a + s.b * m.c,
    b: s.a * m.b + s.b * m.d,
    c: s.c * m.a + s.d * m.c,
    d: s.c * m.b + s.d * m.d,
    tx: mapX(s, m.tx, m.ty),
    ty: mapY(s, m.tx, m.ty),
  };
};

/** Landmarks in the space, x and y by turns. */
export function inSpace(pose: Affine, points: Float32Array, indices: readonly number[]): Float32Array {
  const back = inverse(pose);
  const out = new Float32Array(indices.length * 2);
  indices.forEach((i, k) => {
    out[k * 2] = mapX(back, points[i * 3]!, points[i * 3 + 1]!);
    out[k * 2 + 1] = mapY(back, points[i * 3]!, points[i * 3 + 1]!);
  });
  return out;
}
