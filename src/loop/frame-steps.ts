// frame path
import { type FrameIndex, type FrameRate, millisecondsToFrames } from '../core/time.js';

/**
 * How many frames a second are drawn on a machine that is too busy for all of them.
 *
 * Problem: where verdicts or the encoder cannot keep up, frames are replaced at random, the picture freezes, and soon the
 * slate is up although most frames were clean. Half as many frames, each judged in time, are hardly seen.
 *
 * Demands: slots, sound, windows and timestamps stay as they are (frame n is at n·den/num); an idle machine never notices;
 * one stall changes nothing; no swinging to and fro.
 *
 * Rule: in a step below the full rate only some slots are drawn and scanned; the others repeat the picture, carry their
 * verdict, and have sound of their own. The encoder gets each drawn picture, and repeats only where it would else get less
 * than every second slot: its look-ahead and its key frames are counted in pictures, so they take at most twice their time,
 * and its timestamps have a rhythm instead of holes at random. Overload is: a frame was released without a verdict, scans were
 * coalesced, the encoder refused a drawn picture, or a slot was missed because the one before took too long. A slot that was
 * missed because the thread was not woken is none: fewer frames would not change that. Each slot with overload counts one, each
 * without takes a tenth off; at `LIMIT` the next step is taken, two at once when it came from one slot after the other.
 * Scans and verdicts that are under way when a step changes do not count. After a calm time the room goes one step back up;
 * when it has to come down again soon, the calm time doubles.
 * Where the machine stops the whole process again and again (a quota of a container), fewer frames cure nothing and only make the
 * picture poorer: when the last step has nearly as many faults as the full rate had, the full rate is kept for a time that doubles.
 *
 * Numbers: 30, 20, 15, 10 and 5 frames a second, no less than 4; a second and a half in a row or one slot in five for thirteen seconds, not in the first 20 s; calm
 * for 5 s to 60 s with no more than one slot in twenty at fault; "soon" is 10 s. The last step is judged after 3 s: it is of use where it
 * has at most six tenths of the faults. The full rate is kept for 30 s to 5 min.
 */
const SHARES = [1, 2 / 3, 1 / 2, 1 / 3, 1 / 6] as const;
const MIN_FPS = 4;
/** While a room starts, voices and pictures are still being made. */
const START_MS = 20_000;
const LIMIT = 45;
const RELIEF = 0.1;
/** Within so many slots the limit is reached by overload in nearly every one: then two steps are taken. */
const HEAVY_SLOTS = 60;
const MAX_FAULTS = 0.05;
const CALM_MS = 5000;
const LONGEST_CALM_MS = 60_000;
const SOON_MS = 10_000;
const TRIAL_MS = 3000;
const KEEP_MS = 30_000;
const LONGEST_KEEP_MS = 300_000;
/** A smaller share of faults is no overload. */
const MIN_OVERLOAD = 0.1;
/** A step with more of the full rate's faults cures nothing. */
const MAX_SHARE_LEFT = 0.6;
/** Slots over which the share of faults at the full rate is averaged. */
const SHARE_SLOTS = 60;
/** In a step below the full rate the encoder gets a picture at least this often. */
const MAX_GAP_SLOTS = 2;
/** A rest of rounding in sums of thirds. */
const ALMOST = 1 - 1e-6;

/** What happened since the frame before. All are counters of the whole show. */
export interface LoadCounters {
  /** Frames released without a verdict. */
  unjudged: number;
  /** Scans that were coalesced because others waited. */
  joined: number;
  /** Drawn pictures that the encoder refused. */
  refused: number;
  /** Slots missed because the one before took too long. */
  overrun: number;
}

export class FrameSteps {
  /** The slot planned last is drawn; its picture goes to the encoder. */
  draws = true;
  feeds = true;
  private stepIndex = 0;
  private readonly count: number;
  private readonly settle: number;
  private readonly leastCalm: number;
  private readonly mostCalm: number;
  private readonly soon: number;
  private wantedCalm: number;
  private credit = 1;
  private sinceFed = 0;
  private score = 0;
  /** Slots since the score left 0. */
  private rising = 0;
  /** Slots since the last change of step, and those of them with overload. */
  private slots = 0;
  private faults = 0;
  private sinceUp: number;
  /** Slots of the start that are left. */
  private starting: number;
  /** Slots since the present step settled, and those of them with overload. */
  private inStep = 0;
  private faultsInStep = 0;
  /** Share of slots with overload lately, and as it was when the full rate was left. */
  private share = 0;
  private fullShare = 0;
  /** Slots for which the full rate is kept whatever happens. */
  private kept = 0;
  private keep: number;
  private readonly trial: number;
  private readonly leastKeep: number;
  private readonly mostKeep: number;
  private readonly seen: LoadCounters = { unjudged: 0, joined: 0, refused: 0, overrun: 0 };

  constructor(
    private readonly rate: FrameRate,
    /** Frames between drawing and release. */
    windowFrames: number,
    private readonly onChange: (event: { type: 'frame-step'; frame: FrameIndex; fps: number }) => void,
  ) {
    const fps = rate.num / rate.den;
    this.count = SHARES.filter((share) => share === 1 || share * fps >= MIN_FPS).length;
    this.leastCalm = millisecondsToFrames(CALM_MS, rate);
    this.mostCalm = millisecondsToFrames(LONGEST_CALM_MS, rate);
    this.soon = millisecondsToFrames(SOON_MS, rate);
    this.wantedCalm = this.leastCalm;
    this.settle = windowFrames + millisecondsToFrames(300, rate);
    this.sinceUp = this.mostCalm;
    this.starting = millisecondsToFrames(START_MS, rate);
    this.trial = millisecondsToFrames(TRIAL_MS, rate);
    this.leastKeep = millisecondsToFrames(KEEP_MS, rate);
    this.mostKeep = millisecondsToFrames(LONGEST_KEEP_MS, rate);
    this.keep = this.leastKeep;
  }

  /** Frames a second that are drawn. */
  get fps(): number {
    return Math.round((SHARES[this.stepIndex]! * this.rate.num) / this.rate.den);
  }

  /** At the full rate. */
  get isFull(): boolean {
    return this.stepIndex === 0;
  }

  /** Plans the next slot; one that was missed is never drawn. */
  plan(missed: boolean): void {
    if (this.stepIndex === 0) {
      this.draws = !missed;
      this.feeds = true;
      this.credit = 1;
      this.sinceFed = 0;
      return;
    }
    this.credit = Math.min(2, this.credit + SHARES[this.stepIndex]!);
    this.draws = !missed && this.credit >= ALMOST;
    // Drawing neighbours does not make up for missed frames.
    if (this.draws) this.credit = Math.min(this.credit - 1, 1 - SHARES[this.stepIndex]!);
    this.sinceFed += 1;
    this.feeds = this.draws || this.sinceFed >= MAX_GAP_SLOTS;
    if (this.feeds) this.sinceFed = 0;
  }

  /**
   * Call once for each slot of the running clock. `patient`: something else, such as a film at half its rate, is being slowed
   * down for the scan, so late verdicts do not count yet.
   */
  look(n: FrameIndex, now: LoadCounters, patient: boolean): void {
    const { seen } = this;
    const late = !patient && (now.unjudged > seen.unjudged || now.joined > seen.joined);
    const isFault = late || now.refused > seen.refused || now.overrun > seen.overrun;
    seen.unjudged = now.unjudged;
    seen.joined = now.joined;
    seen.refused = now.refused;
    seen.overrun = now.overrun;
    this.slots += 1;
    this.sinceUp += 1;
    if (this.starting > 0) {
      this.starting -= 1;
      return;
    }
    if (this.slots <= this.settle) return;
    if (isFault) this.faults += 1;
    this.inStep += 1;
    if (isFault) this.faultsInStep += 1;
    this.share += ((isFault ? 1 : 0) - this.share) / SHARE_SLOTS;
    if (this.kept > 0) {
      this.kept -= 1;
      return;
    }
    const isLast = this.stepIndex > 0 && this.stepIndex === this.count - 1;
    if (isLast && this.inStep >= this.trial && this.curesNothing) return this.keepFull(n);
    this.score = isFault ? this.score + 1 : Math.max(0, this.score - RELIEF);
    this.rising = this.score === 0 ? 0 : this.rising + 1;
    if (this.score >= LIMIT && !isLast) this.down(n);
    else if (this.slots - this.settle >= this.wantedCalm) this.up(n);
  }

  private get curesNothing(): boolean {
    const share = this.faultsInStep / this.inStep;
    return share > MIN_OVERLOAD && share > this.fullShare * MAX_SHARE_LEFT;
  }

  private keepFull(n: FrameIndex): void {
    this.enter(n, 0);
    this.kept = this.keep;
    this.keep = Math.min(this.mostKeep, this.keep * 2);
  }

  private down(n: FrameIndex): void {
    const isHeavy = this.rising <= HEAVY_SLOTS;
    if (this.sinceUp < this.soon) this.wantedCalm = Math.min(this.mostCalm, this.wantedCalm * 2);
    else if (this.stepIndex === 0 && this.sinceUp >= this.mostCalm) this.wantedCalm = this.leastCalm;
    if (this.stepIndex === 0) this.fullShare = this.share;
    this.enter(n, Math.min(this.count - 1, this.stepIndex + (isHeavy ? 2 : 1)));
  }

  private up(n: FrameIndex): void {
    const calm = this.faults <= MAX_FAULTS * (this.slots - this.settle);
    if (this.stepIndex > 0 && calm) {
      this.sinceUp = 0;
      this.keep = this.leastKeep;
      this.enter(n, this.stepIndex - 1);
    } else {
      this.slots = this.settle;
      this.faults = 0;
    }
  }

  private enter(n: FrameIndex, stepIndex: number): void {
    this.score = 0;
    this.rising = 0;
    this.slots = 0;
    this.faults = 0;
    this.inStep = 0;
    this.faultsInStep = 0;
    if (stepIndex === this.stepIndex) return;
    this.stepIndex = stepIndex;
    this.credit = 1 - SHARES[stepIndex]!;
    this.sinceFed = 0;
    this.onChange({ type: 'frame-step', frame: n, fps: this.fps });
  }
}
