// frame path
import type { BitmapTable, DrawList, PresenterPainter } from '../../core/media/picture.js';
import { SOURCE_STEPS } from '../../core/source-step.js';
import type { FrameIndex, FrameRate } from '../../core/time.js';
import { millisecondsToFrames } from '../../core/time.js';
import { ExternalRing, HISTORY_EVERY, slotId, slotPicture, type ExternalSlots } from './external-ring.js';

/*
 * The fallback ladder of an external avatar.
 *
 * Problem: another engine stutters, restarts and goes away, and viewers must always see a presenter.
 *
 * Rule: the newest picture is shown. Without a new one the last stays for `HOLD_MS`; then the idle clip plays, or the last
 * good seconds back and forth, which begins at the last picture and so has no jump; from `standInMs` after the last
 * picture the drawn presenter stands in, or, in a room without one, the slate is asked for while the loop goes on. Before
 * the first picture of the show the drawn presenter is there. The source returns after a few pictures in a row: more of
 * them the further down the ladder, so that a stuttering source does not flicker. All times are counted in frames.
 *
 * Numbers: last picture 0.3 s; back from the idle loop with 3 pictures, from the stand-in with 15.
 */
export const HOLD_MS = 300;
const BACK_FROM_IDLE = 3;
const BACK_FROM_STAND_IN = 15;
/** A slot is being written only when two pictures came within microseconds. */
const MAX_TRIES = 3;

const FRESH = SOURCE_STEPS.indexOf('fresh');
const IDLE = SOURCE_STEPS.indexOf('idle');
const SLATE = SOURCE_STEPS.indexOf('slate');
const STAND_IN = SOURCE_STEPS.indexOf('stand-in');

export interface ExternalPainterOptions {
  readonly slots: ExternalSlots;
  /** The drawn presenter. It is always painted, so that it knows its lines when it stands in. */
  readonly drawn: PresenterPainter;
  readonly rate: FrameRate;
  readonly standInMs: number;
  /** False: the slate takes the place of the drawn presenter. */
  readonly standIn: boolean;
}

/** Paints the presenter from the pictures of another engine, or what stands in for them. */
export class ExternalPainter implements PresenterPainter {
  filmStep = 1;
  private readonly ring: ExternalRing;
  private readonly holdFrames: number;
  private readonly standInFrames: number;
  private readonly lost: number;
  /** Handle (0 or 1) last used by each slot. */
  private readonly handles: Uint8Array;
  private standing: number;
  private live = 0;
  private idle = 0;
  private lastNew = -1;
  /** Pictures in a row without a gap. */
  private run = 0;
  private stalledAt = 0;
  private movedAt = -1;
  private step = 0;
  private shown = -1;
  private showsIdleClip = false;

  constructor(private readonly options: ExternalPainterOptions) {
    const { slots, rate, standInMs, standIn } = options;
    this.ring = new ExternalRing(slots);
    this.holdFrames = millisecondsToFrames(HOLD_MS, rate);
    this.standInFrames = millisecondsToFrames(standInMs, rate);
    this.lost = standIn ? STAND_IN : SLATE;
    this.handles = new Uint8Array(slots.slots.length);
    this.standing = this.lost;
    this.live = this.ring.live;
    this.ring.setStep(this.standing);
  }

  get playsFilm(): boolean {
    return this.standing !== STAND_IN && this.shown >= 0;
  }

  /** Call once, before the first frame. */
  registerBitmaps(table: BitmapTable): void {
    const { slots } = this.options;
    for (let slot = 0; slot < slots.slots.length; slot += 1) {
      const picture = slotPicture(slots, slot);
      table.set(slotId(slots, slot, 0), picture);
      table.set(slotId(slots, slot, 1), picture);
    }
  }

  paint(n: FrameIndex, list: DrawList): void {
    const before = list.count;
    this.options.drawn.paint(n, list);
    this.climb(n);
    if (this.standing === STAND_IN) return;
    if (n % this.filmStep === 0 || this.shown < 0 || n === this.movedAt) this.choose(n);
    if (this.shown < 0) return;
    list.count = before;
    const { slots } = this.options;
    const id = slotId(slots, this.shown, this.handles[this.shown]!);
    list.push(id, slots.x, slots.y, 256, slots.x, slots.y, slots.width, slots.height);
  }

  /** Moves on the ladder. */
  private climb(n: number): void {
    const { ring } = this;
    const { live } = ring;
    if (live !== this.live) {
      const came = (live - this.live) | 0;
      this.run = this.lastNew >= 0 && n - this.lastNew <= this.holdFrames ? this.run + came : came;
      this.live = live;
      this.lastNew = n;
    }
    const flows = this.lastNew >= 0 && n - this.lastNew <= this.holdFrames;
    if (!flows) this.run = 0;
    const needed = this.standing === FRESH ? 0 : this.standing === IDLE ? BACK_FROM_IDLE : BACK_FROM_STAND_IN;
    if (flows && this.run >= needed) {
      this.move(FRESH, n);
    } else if (this.standing === FRESH) {
      this.move(IDLE, n);
    } else if (this.standing === IDLE && n - this.stalledAt + this.holdFrames >= this.standInFrames) {
      this.move(this.lost, n);
    }
  }

  private move(standing: number, n: number): void {
    if (standing === this.standing) return;
    if (standing === IDLE) {
      this.stalledAt = n;
      this.step = 0;
      this.showsIdleClip = false;
      this.idle = this.ring.idle;
    }
    this.standing = standing;
    this.movedAt = n;
    this.ring.setStep(standing);
  }

  private choose(n: number): void {
    const { ring } = this;
    if (this.standing === FRESH) return this.take(ring.newest);
    const { idle } = ring;
    if (idle !== this.idle) {
      this.idle = idle;
      this.showsIdleClip = true;
      return this.take(ring.newest);
    }
    if (this.showsIdleClip) return;
    const { kept } = ring;
    if (kept < 2) return this.shown < 0 ? this.take(ring.newest) : undefined;
    // Back and forth over the history, each picture as long as it was.
    const at = Math.floor((n - this.stalledAt) / HISTORY_EVERY);
    if (at === this.step && this.shown >= 0) return;
    this.step = at;
    const turn = at % (2 * kept - 2);
    this.take(ring.past(turn < kept ? turn : 2 * kept - 2 - turn));
  }

  /** The shown slot is never written, so the same slot is the same picture. */
  private take(slot: number): void {
    const { ring } = this;
    let wanted = slot;
    for (let i = 0; i < MAX_TRIES && wanted >= 0 && wanted !== this.shown; i += 1) {
      if (ring.show(wanted)) {
        this.handles[wanted]! ^= 1;
        this.shown = wanted;
        return;
      }
      wanted = ring.newest;
    }
    if (this.shown >= 0) ring.show(this.shown);
  }
}
