// frame path
import { type FrameIndex, type FrameRate, millisecondsToFrames } from '../../core/time.js';

/*
 * Measures the scan cost of a frame while large clips advance every `step` frames.
 *
 * Problem: the right clip rate must be known before a backlog builds up, and a faster rate before it is tried.
 * Rule: scan time is counted separately for frames with and without clip movement, and the mean cost at any other step
 * follows from both. Still frames cost something too, as changes are scanned round-robin; where none was scanned
 * lately, a quarter of a moving frame's cost is assumed (a third was measured, in film grain).
 * Numbers: means over about sixteen frames, which cover a full round (thirteen); short means over six. A scan counts as
 * at most 100 ms: longer ones are the first picture of a show, or code V8 has not compiled yet.
 */
const FRAMES = 16;
const LATELY = 6;
const KNOWN = 8;
const MAX_MS = 100;
const STANDING_SHARE = 0.25;
/** Frames whose scan may be unfinished; a power of two. */
const RING = 256;

class ScanCost {
  private readonly moved = new Uint8Array(RING);
  private moving = 0;
  private movingLately = 0;
  private standing = 0;
  private count = 0;

  /** Records whether large clips advance in frame n. */
  note(n: number, moves: boolean): void {
    this.moved[n & (RING - 1)] = moves ? 1 : 0;
  }

  /** Records the scan time of frame n. */
  add(n: number, ms: number): void {
    const counted = Math.min(MAX_MS, ms);
    if (this.moved[n & (RING - 1)] === 0) {
      this.standing += (counted - this.standing) / FRAMES;
      return;
    }
    this.count += 1;
    // Plain means at first.
    this.moving += (counted - this.moving) / Math.min(FRAMES, this.count);
    this.movingLately += (counted - this.movingLately) / Math.min(LATELY, this.count);
  }

  /** Scan thread time per frame in ms when clips advance every `step` frames; 0 while unknown. */
  at(step: number): number {
    return this.mean(step, this.moving);
  }

  /** Cost of the last few frames. */
  lately(step: number): number {
    return this.mean(step, this.movingLately);
  }

  private mean(step: number, moving: number): number {
    if (this.count < KNOWN) return 0;
    return (moving + (step - 1) * Math.max(this.standing, moving * STANDING_SHARE)) / step;
  }
}

/*
 * Controls how often the large clips of a show advance.
 *
 * Problem: every frame is scanned for codes before it leaves. A film of noise or heavy grain is entirely new thirty
 * times a second. Where the scan threads need longer for a frame than it lasts, waiting scans are never in time: the
 * show freezes, then the slate is up, for as long as the film runs. A film at half its rate is far better.
 *
 * Demands: no frame is lost before the rate is found, and none for trying; a film within the threads' capacity is never
 * slowed.
 *
 * Rule: a clip that covers much of the picture shows each frame `step` times as long, skipping those in between, so it
 * keeps its time. The cost of a frame at each step is measured (`ScanCost`) and compared with the available scan thread
 * time. When the clock begins, the preroll frames have shown the cost of the film, and the first step that fits is
 * applied before another frame is drawn. From then on the step rises, by at least two and as far as needed to fit, when
 * the measured cost no longer fits, or when the scan backlog would make the next scans late; then again when the
 * backlog grows, but not before the last change could take effect. A backlog behind a single long scan does not count
 * while the total load is at most half of the capacity. The step falls by one after a period without that, if the
 * measured cost fits; when it has to rise again soon after, that period doubles, so a film beyond capacity settles at a
 * steady rate.
 *
 * Numbers: a look-ahead of twenty frames leaves seven for the scan, and a backlog of four scans is half of that; two
 * threads that keep up have a backlog of three. The first picture of a film takes six times as long as the others, so
 * the frames after it may wait for four frames more. At least one frame in six advances: five pictures a second still
 * look like a film. The period is 1 s at first, a minute at most; "soon" is 5 s, as a slight overload takes that long
 * to pile up. Scans at two thirds of the threads' time finish in time, including single ones of three times the mean;
 * three quarters can be too late. Half of it applies at the beginning, while the rest of the engine starts and the
 * threads' code is not compiled yet: 33 ms a frame on two threads, where heavy grain takes 60 to 75 in the preroll
 * frames, ordinary film and fast cuts 20.
 */
const STEPS = [1, 2, 3, 4, 6] as const;
const SLOWER = 2;
const BEHIND = 5;
const SETTLE_FRAMES = 4;
const CALM_MS = 1000;
const SOON_MS = 5000;
const LONGEST_CALM_MS = 60_000;
/** Shares of the scan threads' time: at first, the target, and the overload limit. */
const FIRST_SHARE = 0.5;
const FITS_SHARE = 0.65;
const FULL_SHARE = 0.85;

export class ClipRateControl {
  private readonly cost = new ScanCost();
  private readonly frameMs: number;
  private clock: 'waits' | 'begins' | 'runs' = 'waits';
  private stepIndex = 0;
  private readonly leastCalm: number;
  private readonly mostCalm: number;
  private readonly soon: number;
  /** Frames without a backlog after which clips go faster. */
  private wantedCalm: number;
  private calm = 0;
  private sinceSlower = SETTLE_FRAMES;
  private sinceFaster: number;
  private joined = 0;
  /** Backlog at the last slowdown. */
  private waited = 0;

  constructor(
    rate: FrameRate,
    private readonly onChange: (event: { type: 'clip-pace'; frame: FrameIndex; step: number }) => void,
    /** Number of scan threads. */
    private readonly threads: () => number = () => 1,
  ) {
    this.frameMs = (rate.den * 1000) / rate.num;
    this.leastCalm = millisecondsToFrames(CALM_MS, rate);
    this.mostCalm = millisecondsToFrames(LONGEST_CALM_MS, rate);
    this.soon = millisecondsToFrames(SOON_MS, rate);
    this.wantedCalm = this.leastCalm;
    this.sinceFaster = this.mostCalm;
  }

  /** Clips advance in each frame whose number is a multiple of this. */
  get step(): number {
    return STEPS[this.stepIndex]!;
  }

  /** Nothing goes slower any more. */
  get isSlowest(): boolean {
    return this.stepIndex === STEPS.length - 1;
  }

  /** Frame n is not drawn. */
  skip(n: FrameIndex): void {
    this.cost.note(n, false);
  }

  /** The clock starts with the next frame; earlier frames waited for their scans. */
  begin(): void {
    if (this.clock === 'waits') this.clock = 'begins';
  }

  /** Records the scan time of frame n. */
  scanned(n: FrameIndex, ms: number): void {
    this.cost.add(n, ms);
  }

  /**
   * Call before drawing frame n, with the number of unfinished scans and of late scans coalesced since the show began;
   * `plays`: a large clip is shown, without which nothing slows down. Returns whether `step` changed.
   */
  look(n: FrameIndex, pending: number, joined: number, plays = true): boolean {
    const before = this.stepIndex;
    const late = joined > this.joined;
    const behind = late || (pending >= BEHIND && !this.isEasy);
    this.joined = joined;
    this.sinceSlower += 1;
    this.sinceFaster += 1;
    this.calm = behind ? 0 : this.calm + 1;
    const settled = this.sinceSlower >= SETTLE_FRAMES;
    if (this.clock === 'begins') this.start(plays);
    else if (plays && behind && settled && (late || pending > this.waited)) this.slower(pending);
    else if (plays && settled && this.clock === 'runs' && this.isFull) this.slower(pending);
    else if (this.calm >= this.wantedCalm) this.faster();
    this.cost.note(n, n % this.step === 0);
    if (this.stepIndex === before) return false;
    this.onChange({ type: 'clip-pace', frame: n, step: this.step });
    return true;
  }

  private start(plays: boolean): void {
    this.clock = 'runs';
    if (plays) this.stepIndex = Math.max(this.stepIndex, this.fitting(FIRST_SHARE));
    this.calm = 0;
  }

  private slower(pending: number): void {
    if (this.sinceFaster < this.soon) this.wantedCalm = Math.min(this.mostCalm, this.wantedCalm * 2);
    else if (this.stepIndex === 0 && this.sinceFaster >= this.mostCalm) this.wantedCalm = this.leastCalm;
    this.stepIndex = Math.min(STEPS.length - 1, Math.max(this.stepIndex + SLOWER, this.fitting(FITS_SHARE)));
    this.sinceSlower = 0;
    this.waited = pending;
    this.calm = 0;
  }

  private faster(): void {
    this.waited = 0;
    this.calm = 0;
    if (this.stepIndex === 0 || !this.fits(this.stepIndex - 1, FITS_SHARE)) return;
    this.stepIndex -= 1;
    this.sinceFaster = 0;
  }

  /** The measured load is so low that the backlog is behind a single long scan. */
  private get isEasy(): boolean {
    return this.most > 0 && this.share(this.most) <= FIRST_SHARE;
  }

  /** The measured cost at this step no longer fits. */
  private get isFull(): boolean {
    return this.share(this.most) > FULL_SHARE;
  }

  /** Cost of a frame at this step, the larger of the long and short means. */
  private get most(): number {
    return Math.max(this.cost.at(this.step), this.cost.lately(this.step));
  }

  /** The first step whose measured cost fits into that share of the threads' time, or else the last. */
  private fitting(share: number): number {
    const found = STEPS.findIndex((_, stepIndex) => this.fits(stepIndex, share));
    return found < 0 ? STEPS.length - 1 : found;
  }

  private fits(stepIndex: number, share: number): boolean {
    return this.share(this.cost.at(STEPS[stepIndex]!)) <= share;
  }

  /** Share of the scan threads' time for this cost per frame. */
  private share(ms: number): number {
    return ms / (this.threads() * this.frameMs);
  }
}
