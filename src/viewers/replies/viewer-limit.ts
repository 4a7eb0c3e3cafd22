const MINUTE_MS = 60_000;
const MAX_VIEWERS = 5000;

/** Maximum comments of one viewer a minute; hostile ones weigh more. */
export class ViewerLimit {
  private readonly viewers = new Map<string, { fromMs: number; count: number }>();

  constructor(private readonly perMinute: number) {}

  /** Counts a comment; true when the viewer has had enough of the room's attention. */
  exceeds(viewer: string, nowMs: number): boolean {
    return this.add(viewer, nowMs, 1) > this.perMinute;
  }

  add(viewer: string, nowMs: number, weight: number): number {
    let entry = this.viewers.get(viewer);
    if (entry === undefined || nowMs - entry.fromMs >= MINUTE_MS) {
      this.viewers.delete(viewer);
      this.viewers.set(viewer, (entry = { fromMs: nowMs, count: 0 }));
      if (this.viewers.size > MAX_VIEWERS) this.viewers.delete(this.viewers.keys().next().value!);
    }
    entry.count += weight;
    return entry.count;
  }
}
