/*
 * How many scan threads a room needs.
 *
 * The problem: most rooms change in places, and one thread is idle nine tenths of the time; a second would cost 40 MB for
 * nothing. A layer that changes everywhere in every frame (a film, noise, snow) keeps one thread busy for longer than a
 * frame lasts, and all that it does not judge in time is replaced.
 *
 * The rule: who looks in every 50 ms counts. When all threads were busy for 12 looks more than a third of those in which one
 * had nothing to do, another is wanted: after 0.6 s of work without a pause, never below three quarters of the time. When in a whole
 * minute all together had less to do than half of what one can, one of them is not wanted any more.
 */

/** Looks of full work after which another thread is wanted, and what a look with a thread to spare takes off. */
const FULL_LOOKS = 12;
const SPARE_LOOK = 3;
/** A minute of looks, and the busy threads of an average one below which there are too many. */
const CALM_LOOKS = 1200;
const CALM_BUSY = 0.5;

/** Counts for one scanner; both bounds include their ends. */
export class ThreadScaling {
  private full = 0;
  private looks = 0;
  private busySum = 0;

  constructor(
    private readonly least: number,
    private readonly most: number,
    /** Threads that are wanted. */
    public wanted = least,
    /** Looks after which there may be calm. */
    private readonly calmLooks = CALM_LOOKS,
  ) {}

  /** One look: `busy` of the `ready` threads have a job. Returns whether `wanted` changed. */
  look(busy: number, ready: number): boolean {
    const before = this.wanted;
    this.looks += 1;
    this.busySum += busy;
    // One that is about to scan may be enough.
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
