/** The line in the plane of U and V along which colours vary most. */
export class ColourAxis {
  /** How many there are, of U and V the sums, those of the squares and that of the products. */
  private readonly moments = new Float64Array(6);

  clear(): void {
    this.moments.fill(0);
  }

  add(u: number, v: number): void {
    const { moments } = this;
    moments[0]! += 1;
    moments[1]! += u;
    moments[2]! += v;
    moments[3]! += u * u;
    moments[4]! += v * v;
    moments[5]! += u * v;
  }

  get count(): number {
    return this.moments[0]!;
  }

  get mean(): [u: number, v: number] {
    const [n = 0, su = 0, sv = 0] = this.moments;
    return [su / n, sv / n];
  }

  /** Its direction in radians; undefined where the variance across it is more than this share of that along it. */
  direction(mostAcross: number): number | undefined {
    const [n = 0, su = 0, sv = 0, uu = 0, vv = 0, uv = 0] = this.moments;
    if (n === 0) return undefined;
    const [a, b, d] = [uu / n - (su / n) ** 2, uv / n - (su * sv) / n / n, vv / n - (sv / n) ** 2];
    const spread = Math.hypot(a - d, 2 * b);
    return a + d - spread > mostAcross * (a + d + spread) ? undefined : 0.5 * Math.atan2(2 * b, a - d);
  }
}
