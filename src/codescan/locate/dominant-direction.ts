/** Bins that directions of changes are counted in, half a turn; and how far around the commonest one they are of it. */
const BINS = 60;
const BESIDE = 4;

/** The direction in the plane of U and V that most of the changes from sample to sample have, of whatever others there are. */
export class CommonestDirection {
  private readonly weights = new Float64Array(BINS);
  /** Of the doubled angles, by bin: a change and the one back are one direction. */
  private readonly cosines = new Float64Array(BINS);
  private readonly sines = new Float64Array(BINS);

  clear(): void {
    this.weights.fill(0);
    this.cosines.fill(0);
    this.sines.fill(0);
  }

  add(u: number, v: number): void {
    const change = Math.hypot(u, v);
    if (change === 0) return;
    const [c, s] = [(u * u - v * v) / change, (2 * u * v) / change];
    const bin = Math.min(BINS - 1, Math.floor((Math.atan2(s, c) / (2 * Math.PI) + 0.5) * BINS));
    this.weights[bin]! += change;
    this.cosines[bin]! += c;
    this.sines[bin]! += s;
  }

  /** In radians; undefined where less than `least` of all changes are of it. */
  direction(least: number): number | undefined {
    const { weights, cosines, sines } = this;
    const around = (list: Float64Array, bin: number): number => {
      let sum = 0;
      for (let i = -BESIDE; i <= BESIDE; i += 1) sum += list[(bin + i + BINS) % BINS]!;
      return sum;
    };
    let [best, most, all] = [0, 0, 0];
    for (let bin = 0; bin < BINS; bin += 1) {
      all += weights[bin]!;
      const here = around(weights, bin);
      if (here > most) [best, most] = [bin, here];
    }
    return most < least * all || all === 0 ? undefined : 0.5 * Math.atan2(around(sines, best), around(cosines, best));
  }
}
