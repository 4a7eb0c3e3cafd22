const WINDOW_MS = 4000;

/** Rate of a counter over the last four seconds. */
export class RateWindow {
  private readonly points: { atMs: number; bytes: number }[] = [];

  add(atMs: number, bytes: number): void {
    this.points.push({ atMs, bytes });
    while (this.points.length > 2 && atMs - this.points[0]!.atMs > WINDOW_MS) this.points.shift();
  }

  clear(): void {
    this.points.length = 0;
  }

  /** Undefined before two readings a second apart. */
  get kbps(): number | undefined {
    const first = this.points[0];
    const last = this.points.at(-1);
    if (first === undefined || last === undefined || last.atMs - first.atMs < 1000) return undefined;
    return Math.round(((last.bytes - first.bytes) * 8) / (last.atMs - first.atMs));
  }
}
