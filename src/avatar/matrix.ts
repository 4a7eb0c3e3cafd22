/** a c e / b d f, as SVG's matrix(a b c d e f). */
export type Matrix = readonly [number, number, number, number, number, number];

export const multiply = (m: Matrix, n: Matrix): Matrix => [
  m[0] * n[0] + m[2] * n[1],
  m[1] * n[0] + m[3] * n[1],
  m[0] * n[2] + m[2] * n[3],
  m[1] * n[2] + m[3] * n[3],
  m[0] * n[4] + m[2] * n[5] + m[4],
  m[1] * n[4] + m[3] * n[5] + m[5],
];
export const shift = (x: number, y: number): Matrix => [1, 0, 0, 1, x, y];
/** Around a point, clockwise on screen. */
export function turn(degrees: number, x: number, y: number): Matrix {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return multiply(multiply(shift(x, y), [cos, sin, -sin, cos, 0, 0]), shift(-x, -y));
}
/** Around a horizontal line: sideways by `slope` of the distance to it, and stretched by `by`. */
export const lean = (y: number, slope: number, by: number): Matrix =>
  multiply(multiply(shift(0, y), [1, 0, slope, by, 0, 0]), shift(0, -y));

/** Undoes it. */
export function inverse([a, b, c, d, e, f]: Matrix): Matrix {
  const det = a * d - b * c;
  return [d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det];
}
