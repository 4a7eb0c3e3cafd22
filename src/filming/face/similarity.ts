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
