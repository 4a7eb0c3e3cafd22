/*
 * How many scan threads a room needs.
 *
 * The problem: most rooms change in a few parts only, and one thread is idle nine tenths of the time; a second would
 * cost 40 MB for nothing. A layer that changes everywhere in every frame (a film, noise, snow) keeps one thread busy
 * for longer than a frame lasts, and every frame without a verdict in time is replaced.
 *
 * The rule: busy threads are counted every 50 ms. A sample with all threads busy adds one, a sample with an idle thread
 * subtracts three. At 12 another thread is started: after 0.6 s of uninterrupted work, and never while the threads are
 * busy less than three quarters of the time. When fewer than half a thread were busy on average over a whole minute,
 * one thread is ended.
 */

/** Samples of full work after which another thread is wanted, and how much a sample with an idle thread subtracts. */
const FULL_LOOKS = 12;
const SPARE_LOOK = 3;
/** Samples in a minute, and the average number of busy threads below which one is surplus. */
const CALM_LOOKS = 1200;
const CALM_BUSY = 0.5;

/** Scales the threads of one scanner; both bounds are inclusive. */
export class ThreadScaling {
  private full = 0;
  private looks = 0;
  private busySum = 0;

  constructor(
    private readonly least: number,
    private readonly most: number,
    /** Number of wanted threads. */
    public wanted = least,
    /** Samples after which a quiet minute can end. */
    private readonly calmLooks = CALM_LOOKS,
  ) {}

  /** Takes one sample: `busy` of the `ready` threads have a job. Returns whether `wanted` changed. */
  look(busy: number, ready: number): boolean {
    const before = this.wanted;
    this.looks += 1;
    this.busySum += busy;
    // A thread that is about to start may be enough.
    const isFull = ready >= this.wanted && busy >= ready;
    this.full = isFull ? this.full + 1 : Math.max(0, this.full - SPARE_LOOK);
    if (this.full >= FULL_LOOKS) {
      this.wanted = Math.min(this.most, this.wanted + 1);
      this.startAgain();
    } else if (this.looks === this.calmLooks) {
      if (this.busySum < CALM_BUSY * this.calmLooks) this.wanted = Math.max(this.least, this.wanted - 1);
      this.startAgain();
    }
    return this.wanted !== before;
  }

  private startAgain(): void {
    this.full = 0;
    this.looks = 0;
    this.busySum = 0;
  }
}
