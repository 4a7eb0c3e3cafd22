// frame path
import { RECT_STRIDE, RectList } from '../../core/media/picture.js';
import type { ReplaceCause } from '../../core/verdict.js';

/** Codes of a frame whose positions are kept; more codes share one rectangle around them. */
const PLACES = 8;
/** Replaces the count when a part of the frame is unjudged. */
const UNKNOWN = 255;

/** Positions of the codes in the last frames, by slot of a ring, and a trail that follows codes back through them. */
export class CodePlaces {
  private readonly items: Int32Array;
  private readonly counts: Uint8Array;
  private readonly list = new RectList(PLACES);
  private readonly trail = new RectList(PLACES);

  constructor(ring: number) {
    this.items = new Int32Array(ring * PLACES * RECT_STRIDE);
    this.counts = new Uint8Array(ring);
  }

  /** Stores the codes of a fully judged frame. */
  put(slot: number, found: RectList): void {
    const { list } = this;
    list.clear();
    copy(found, list);
    this.counts[slot] = list.count;
    this.items.set(list.items, slot * PLACES * RECT_STRIDE);
  }

  unknown(slot: number): void {
    this.counts[slot] = UNKNOWN;
  }

  /** Adds a frame's codes to `out`; false when a part of the frame is unjudged. */
  addTo(slot: number, out: RectList): boolean {
    const count = this.counts[slot]!;
    if (count === UNKNOWN) return false;
    for (let i = 0; i < count; i += 1) {
      const at = (slot * PLACES + i) * RECT_STRIDE;
      out.push(this.items[at]!, this.items[at + 1]!, this.items[at + 2]!, this.items[at + 3]!);
    }
    return true;
  }

  /** Starts a trail at these codes. */
  begin(codes: RectList): void {
    this.trail.clear();
    copy(codes, this.trail);
  }

  /**
   * Follows the codes of the trail to their positions in an earlier frame. False when a code has no match there: it was
   * not read in that frame, and its first visible frame is unknown.
   */
  follow(slot: number): boolean {
    const { items } = this;
    const trail = this.trail.items;
    const count = this.counts[slot]!;
    if (count === UNKNOWN) return false;
    for (let i = 0; i < this.trail.count; i += 1) {
      const a = i * RECT_STRIDE;
      let met = false;
      for (let j = 0; j < count && !met; j += 1) {
        const b = (slot * PLACES + j) * RECT_STRIDE;
        if (trail[a]! >= items[b]! + items[b + 2]! || items[b]! >= trail[a]! + trail[a + 2]!) continue;
        if (trail[a + 1]! >= items[b + 1]! + items[b + 3]! || items[b + 1]! >= trail[a + 1]! + trail[a + 3]!) continue;
        for (let k = 0; k < RECT_STRIDE; k += 1) trail[a + k] = items[b + k]!;
        met = true;
      }
      if (!met) return false;
    }
    return true;
  }
}

function copy(from: RectList, to: RectList): void {
  for (let i = 0; i < from.count; i += 1) {
    const at = i * RECT_STRIDE;
    to.push(from.items[at]!, from.items[at + 1]!, from.items[at + 2]!, from.items[at + 3]!);
  }
}

/** A frame's judgement at its release. */
export const JUDGED = { clean: 1, violation: 2, unjudged: 3 } as const;

/** The picture shown instead of a frame with a code: `OnCode` of the room. */
export type OnCode = 'slate' | 'hold' | 'blur' | 'pixelate';

/** The picture that is shown. */
type Shown = 'own' | 'obscured' | 'last-clean' | 'slate';

/**
 * Decides frame by frame whether the room's own picture is released.
 *
 * Problem: a violation must never be seen, viewers must not see flicker, and one late scan must not cost a second of
 * programme.
 *
 * - A violation starts a replacement of at least `minimumHoldFrames`. It ends when that time is over, the last
 *   `quietFrames` frames were clean, and no frame still in the window is known to be in violation. Clean frames
 *   replaced in the meantime count as `hold-time`.
 * - A frame without a verdict is replaced by the last clean picture, and the next clean frame is shown at once: a
 *   picture repeated for a frame or two is not perceived as flicker. On a machine too busy for any step of its frame
 *   rate that picture stands for up to `heldFrames`; then the slate follows, for the minimum time of a violation, until
 *   most frames are judged in time again.
 * - `hold` shows the last clean picture, for at most `holdFrames` (a frozen picture is a fault too), then the slate
 *   until the end of the replacement.
 * - `blur` and `pixelate` show the frame with its codes obscured (`Obscurer`), in the hold time as well. A frame that
 *   could not be obscured, or whose proof is late, is replaced by the last shown picture, for at most `holdFrames`,
 *   then by the slate. A code may remain for minutes, and a briefly slow machine must not hide the show that long: the
 *   slate ends once it was up for `minimumHoldFrames` and `quietFrames` consecutive frames could have been shown
 *   obscured.
 * - A command (the operator's blank or dump, the risk score at its limit) switches to the slate from one frame to the
 *   next and leaves no hold time behind.
 */
export class Replacement {
  shown: Shown = 'own';
  cause: ReplaceCause | undefined = undefined;
  /** Consecutive replaced frames. */
  run = 0;
  /** True while a replacement's minimum time is not over. */
  get lasts(): boolean {
    return this.sanctioned;
  }

  /** Consecutive frames with a repeated picture. */
  private held = 0;
  private sanctioned = false;
  /** The replacement began because frames had no verdict, and no code was found since. */
  private isBusy = false;
  private sanctionedFrames = 0;
  private quiet = 0;
  /** Judged frames less unjudged ones, 0 to `quietFrames`. */
  private judgedLately = 0;
  /** Consecutive frames of the slate, and of frames that could be shown obscured. */
  private slateFrames = 0;
  private obscurable = 0;

  constructor(
    private readonly onCode: OnCode,
    private readonly minimumHoldFrames: number,
    private readonly quietFrames: number,
    private readonly holdFrames: number,
    /** Frames for which the last clean picture may stand in for frames without a verdict. */
    private readonly heldFrames = holdFrames,
  ) {}

  /**
   * Takes one frame; afterwards `shown` and `cause` describe its release. `order`: the slate is requested, whatever the
   * picture. `violationAhead`: a later frame of the window is in violation. `haveClean`: a clean picture can be
   * repeated. `obscured`: this frame can be shown obscured, with a proof.
   */
  step(
    judged: number,
    order: ReplaceCause | undefined,
    violationAhead: boolean,
    haveClean: boolean,
    obscured = false,
  ): void {
    this.quiet = judged === JUDGED.clean ? this.quiet + 1 : 0;
    this.obscurable = obscured ? this.obscurable + 1 : 0;
    const step = judged === JUDGED.clean ? 1 : judged === JUDGED.violation ? -this.quietFrames : -1;
    this.judgedLately = Math.max(0, Math.min(this.quietFrames, this.judgedLately + step));
    if (judged === JUDGED.violation) {
      this.sanction();
      this.isBusy = false;
    }
    if (this.sanctioned) {
      this.sanctionedFrames += 1;
      const calm = this.isBusy ? this.judgedLately : this.quiet;
      const over = this.sanctionedFrames > this.minimumHoldFrames && calm >= this.quietFrames;
      if (over && !violationAhead) this.sanctioned = false;
    }
    if (order !== undefined) this.replace(order, 'slate');
    else if (judged === JUDGED.violation) this.replace('violation', this.instead(haveClean, obscured));
    else if (judged !== JUDGED.clean) this.replaceUnjudged(haveClean);
    else if (this.sanctioned) this.replace('hold-time', this.instead(haveClean, obscured));
    else this.pass();
  }

  private replaceUnjudged(haveClean: boolean): void {
    const shown = this.sanctioned ? this.instead(haveClean, false) : this.hold(haveClean, this.heldFrames);
    if (shown === 'slate' && !this.sanctioned) {
      this.sanction();
      this.isBusy = true;
    }
    this.replace('unjudged', shown);
  }

  private sanction(): void {
    if (this.sanctioned) return;
    this.sanctioned = true;
    this.sanctionedFrames = 0;
  }

  private instead(haveClean: boolean, obscured: boolean): Shown {
    if (this.onCode === 'slate') return 'slate';
    const obscure = obscured && this.onCode !== 'hold';
    if (this.shown === 'slate') {
      // Returning to a held picture would be flicker.
      const steady = this.slateFrames >= this.minimumHoldFrames && this.obscurable >= this.quietFrames;
      return obscure && steady ? 'obscured' : 'slate';
    }
    return obscure ? 'obscured' : this.hold(haveClean);
  }

  private hold(haveClean: boolean, frames = this.holdFrames): Shown {
    return haveClean && this.held < frames && this.shown !== 'slate' ? 'last-clean' : 'slate';
  }

  private replace(cause: ReplaceCause, shown: Shown): void {
    this.cause = cause;
    this.shown = shown;
    this.run += 1;
    this.held = shown === 'last-clean' ? this.held + 1 : 0;
    this.slateFrames = shown === 'slate' ? this.slateFrames + 1 : 0;
  }

  private pass(): void {
    this.cause = undefined;
    this.shown = 'own';
    this.run = 0;
    this.held = 0;
    this.slateFrames = 0;
  }
}
