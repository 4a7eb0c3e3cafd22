// frame path
import { type FrameIndex, type FrameRate, millisecondsToFrames } from '../../core/time.js';
import { ScanCost } from './scan-cost.js';

/*
 * How often the large clips of a show move on.
 *
 * The problem: every frame is searched for codes before it leaves. A film of noise or heavy grain is new all over thirty times
 * a second, and where the scan threads need longer for it than a frame lasts, what waits is never judged in time: the show
 * stands, then the slate is up, for as long as the film runs. A film at half its rate is far better to look at.
 *
 * The demands: not a frame is lost before the pace is found, and none for trying; a film that is not too much is never slowed.
 *
 * The rule: a clip that covers much of the picture shows each frame `step` times as long, by skipping those in between, so it
 * keeps its time. What a frame costs at each step is measured (`ScanCost`) and held against the time of the scan threads that are there.
 * When the clock begins, the frames made ahead of it have told what a picture of the film costs, and the first step that fits is taken
 * before another is drawn. From then on the film goes slower, by two steps at least and as far as it takes to fit, when what is measured fits
 * no more, or when so many scans wait that the next ones would be late; then again when they get more, but not before the last change can have
 * shown. Scans that wait behind a single long one, while all take half of what there is at most, do not count. It goes a step faster
 * after a time without that, if what is measured says that it will fit; when it has to slow down again soon after, that time doubles, so that
 * a film that is too much has a calm rate, not one that swings.
 *
 * The numbers: a look-ahead of twenty frames leaves seven for the scan, of which four scans that are not done are the half: with
 * two threads there are three while they keep up. The first picture of a film takes six times as long as the others, so what comes
 * after it has to wait for four frames more. One frame in six at the least: five pictures a second still are a film. 1 s to begin with, a
 * minute at the most; 5 s are soon: a little too much takes so long to pile up. Scans of two thirds of the threads' time are done in
 * time, single ones of three times the mean among them; with three quarters nine frames of 878 came too late once. Half of it is for the
 * beginning: the rest of the engine starts then, and the threads' code is not compiled yet. Of two threads that is 33 ms a frame: heavy grain
 * takes 60 to 75 in the frames made ahead, ordinary film and fast cuts 20.
 */
const STEPS = [1, 2, 3, 4, 6] as const;
const SLOWER = 2;
const BEHIND = 5;
const SETTLE_FRAMES = 4;
const CALM_MS = 1000;
const SOON_MS = 5000;
const LONGEST_CALM_MS = 60_000;
/** Of the scan threads' time: what may be used at first, what is aimed at, and what is too much. */
const FIRST_SHARE = 0.5;
const FITS_SHARE = 0.65;
const FULL_SHARE = 0.85;

export class ClipRateControl {
  private readonly cost = new ScanCost();
  private readonly frameMs: number;
  private clock: 'waits' | 'begins' | 'runs' = 'waits';
  private rung = 0;
  private readonly leastCalm: number;
  private readonly mostCalm: number;
  private readonly soon: number;
  /** Frames without waiting scans after which clips go faster. */
  private wantedCalm: number;
  private calm = 0;
  private sinceSlower = SETTLE_FRAMES;
  private sinceFaster: number;
  private joined = 0;
  /** Scans that waited when clips were slowed down last. */
  private waited = 0;

  constructor(
    rate: FrameRate,
    private readonly onChange: (event: { type: 'clip-pace'; frame: FrameIndex; step: number }) => void,
    /** How many scan threads there are. */
    private readonly threads: () => number = () => 1,
  ) {
    this.frameMs = (rate.den * 1000) / rate.num;
    this.leastCalm = millisecondsToFrames(CALM_MS, rate);
    this.mostCalm = millisecondsToFrames(LONGEST_CALM_MS, rate);
    this.soon = millisecondsToFrames(SOON_MS, rate);
    this.wantedCalm = this.leastCalm;
    this.sinceFaster = this.mostCalm;
  }

  /** Clips move on in each frame whose number divides by this. */
  get step(): number {
    return STEPS[this.rung]!;
  }

  /** From the next frame on they come when the clock says so; those before waited for their scans. */
  begin(): void {
    if (this.clock === 'waits') this.clock = 'begins';
  }

  /** The scan of frame n took so long. */
  scanned(n: FrameIndex, ms: number): void {
    this.cost.add(n, ms);
  }

  /**
   * Frame n is about to be drawn: so many scans are not finished, and so many were put into later ones since the show began,
   * because they came too late; `plays`: there is a large clip, without which nothing goes slower. Returns whether `step`
   * changed.
   */
  look(n: FrameIndex, pending: number, joined: number, plays = true): boolean {
    const before = this.rung;
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
    if (this.rung === before) return false;
    this.onChange({ type: 'clip-pace', frame: n, step: this.step });
    return true;
  }

  private start(plays: boolean): void {
    this.clock = 'runs';
    if (plays) this.rung = Math.max(this.rung, this.fitting(FIRST_SHARE));
    this.calm = 0;
  }

  private slower(pending: number): void {
    if (this.sinceFaster < this.soon) this.wantedCalm = Math.min(this.mostCalm, this.wantedCalm * 2);
    else if (this.rung === 0 && this.sinceFaster >= this.mostCalm) this.wantedCalm = this.leastCalm;
    this.rung = Math.min(STEPS.length - 1, Math.max(this.rung + SLOWER, this.fitting(FITS_SHARE)));
    this.sinceSlower = 0;
    this.waited = pending;
    this.calm = 0;
  }

  private faster(): void {
    this.waited = 0;
    this.calm = 0;
    if (this.rung === 0 || !this.fits(this.rung - 1, FITS_SHARE)) return;
    this.rung -= 1;
    this.sinceFaster = 0;
  }

  /** So little is measured that it was a single scan for which the others wait. */
  private get isEasy(): boolean {
    return this.most > 0 && this.share(this.most) <= FIRST_SHARE;
  }

  /** What is measured at this step fits no more. */
  private get isFull(): boolean {
    return this.share(this.most) > FULL_SHARE;
  }

  /** What a frame takes at this step, all in all or lately. */
  private get most(): number {
    return Math.max(this.cost.at(this.step), this.cost.lately(this.step));
  }

  /** The first rung at which what is measured fits into that share of the threads' time, or else the last. */
  private fitting(share: number): number {
    const found = STEPS.findIndex((_, rung) => this.fits(rung, share));
    return found < 0 ? STEPS.length - 1 : found;
  }

  private fits(rung: number, share: number): boolean {
    return this.share(this.cost.at(STEPS[rung]!)) <= share;
  }

  /** Of the scan threads' time, when a frame takes so long. */
  private share(ms: number): number {
    return ms / (this.threads() * this.frameMs);
  }
}
