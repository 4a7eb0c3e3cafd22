/** Interpolates between the samples of one plane; pixel centres are at .5. */
export class PlaneSampler {
  constructor(
    private readonly plane: Uint8Array,
    private readonly width: number,
    private readonly height: number,
  ) {}

  /** Bilinear interpolation. */
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

  /** Cubic interpolation (a = −1), which restores modules of under two pixels. */
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
