// frame path
import { type FrameIndex, type FrameRate, millisecondsToFrames } from '../../core/time.js';

/*
 * How often the large clips of a show move on.
 *
 * The problem: every frame is searched for codes before it leaves. A film of noise or heavy grain is new all over thirty times
 * a second, and where the scan threads need longer for it than a frame lasts, what waits is never judged in time: the show
 * stands, then the slate is up, for as long as the film runs. A film at half its rate is far better to look at.
 *
 * The rule: a clip that covers much of the picture shows each frame `step` times as long, by skipping those in between, so it
 * keeps its time. When so many scans wait that the next ones would be late, it goes two steps slower at once, and again when they get
 * more, but not before the last change can have shown. It goes a step faster after a time without that; when it has to slow down
 * again soon after, that time doubles, so that a film that is too much has a calm rate, not one that swings.
 *
 * The numbers: a look-ahead of twenty frames leaves seven for the scan, of which four scans that are not done are the half: with
 * two threads there are three while they keep up. The first picture of a film takes six times as long as the others, so what comes
 * after it has to wait for four frames more. One frame in six at the least: five pictures a second still are a film. 1 s to begin with, a
 * minute at the most; 5 s are soon: a little too much takes so long to pile up.
 */
const STEPS = [1, 2, 3, 4, 6] as const;
const SLOWER = 2;
const BEHIND = 5;
const SETTLE_FRAMES = 4;
const CALM_MS = 1000;
const SOON_MS = 5000;
const LONGEST_CALM_MS = 60_000;

export class ClipPace {
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
  ) {
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

  /**
   * Frame n is about to be drawn: so many scans are not finished, and so many were put into later ones since the show began,
   * because they came too late. Returns whether `step` changed.
   */
  look(n: FrameIndex, pending: number, joined: number): boolean {
    const before = this.rung;
    const late = joined > this.joined;
    const behind = late || pending >= BEHIND;
    this.joined = joined;
    this.sinceSlower += 1;
    this.sinceFaster += 1;
    this.calm = behind ? 0 : this.calm + 1;
    const settled = this.sinceSlower >= SETTLE_FRAMES;
    if (behind && settled && (late || pending > this.waited)) this.slower(pending);
    else if (this.calm >= this.wantedCalm) this.faster();
    if (this.rung === before) return false;
    this.onChange({ type: 'clip-pace', frame: n, step: this.step });
    return true;
  }

  private slower(pending: number): void {
    if (this.sinceFaster < this.soon) this.wantedCalm = Math.min(this.mostCalm, this.wantedCalm * 2);
    else if (this.rung === 0 && this.sinceFaster >= this.mostCalm) this.wantedCalm = this.leastCalm;
    this.rung = Math.min(STEPS.length - 1, this.rung + SLOWER);
    this.sinceSlower = 0;
    this.waited = pending;
  }

  private faster(): void {
    this.waited = 0;
    this.calm = 0;
    if (this.rung === 0) return;
    this.rung -= 1;
    this.sinceFaster = 0;
  }
}
