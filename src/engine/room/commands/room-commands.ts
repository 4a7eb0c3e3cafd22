import type { ResumeOptions, SlateReason } from '../../../core/room-handle.js';
import type { FrameIndex } from '../../../core/time.js';
import { type HoldCause, REPLACE_CAUSES, type ReplaceCause } from '../../../core/verdict.js';
import type { RoomParts } from '../room-parts.js';

/** The gate's own reasons, and what was dropped: over in a moment. */
const OF_THE_MOMENT: ReadonlySet<ReplaceCause> = new Set(['violation', 'unjudged', 'hold-time', 'dumped']);

type OrderParts = Pick<RoomParts, 'ledger' | 'loop' | 'resume' | 'risk' | 'secondOpinion' | 'words'>;

/**
 * What a person ordered, and what else wants the slate: told to the loop, kept over restarts, and said to whoever asks.
 *
 * Problem: the slate has many masters. Who looks at the room must learn what viewers see and what would end it, and a
 * person who resumes must not believe that the show is back when a watch still holds it, nor forget the risk by unmuting.
 */
export class RoomCommands {
  muted: boolean;
  blanked: boolean;

  constructor(
    private readonly parts: OrderParts,
    /** The show has stalled for so long that the slate is wanted. */
    private readonly stalled: () => boolean,
    private readonly frame: () => FrameIndex,
  ) {
    this.muted = parts.resume.muted;
    this.blanked = parts.resume.blanked;
  }

  mute(): void {
    this.operate('mute', true, this.blanked);
  }

  blank(): void {
    this.operate('blank', this.muted, true);
  }

  /** Undoes what is named; without a name all orders, and the slate for the risk if it is up. */
  resume(what: ResumeOptions = {}): void {
    const { risk } = this.parts;
    const all = Object.values(what).every((one) => one === undefined);
    const named = (['mute', 'blank', 'risk'] as const).filter((one) => what[one] === true);
    const cleared = (all ? risk.atLimit : what.risk === true) ? risk.clear() : undefined;
    this.operate('resume', this.muted && !(all || what.mute === true), this.blanked && !(all || what.blank === true), {
      ...(all ? {} : { what: named.join(' ') }),
      ...(cleared === undefined ? {} : { clearedRisk: Math.round(cleared * 100) / 100 }),
    });
  }

  /** Who wants the slate until they change their mind. */
  get standing(): SlateReason[] {
    const reasons: SlateReason[] = [];
    if (this.blanked) reasons.push('operator');
    if (this.parts.risk.atLimit) reasons.push('risk');
    return [...reasons, ...this.holds()];
  }

  /** Why viewers see the slate, the gate's reasons of the moment included; empty while they do not. */
  get slate(): readonly SlateReason[] {
    const { loop } = this.parts;
    const reasons = this.standing;
    const left = REPLACE_CAUSES[loop.board.get('slateCause') - 1];
    // Of the others who ordered it is known above; a frame of before they changed their mind may have left last.
    if (left !== undefined && OF_THE_MOMENT.has(left)) reasons.push(left);
    return reasons;
  }

  /** Tells the loop. To be called when one of those who want the slate has changed its mind. */
  tell(): void {
    const { loop, risk } = this.parts;
    const [hold] = this.holds();
    loop.send({ type: 'operate', muted: this.muted, blanked: this.blanked, risk: risk.atLimit, hold });
  }

  private holds(): HoldCause[] {
    const { words, secondOpinion } = this.parts;
    const holds: HoldCause[] = [];
    if (words.holding) holds.push('words');
    if (secondOpinion.holding) holds.push('codes');
    if (this.stalled()) holds.push('stalled');
    return holds;
  }

  private operate(
    action: string,
    muted: boolean,
    blanked: boolean,
    detail: Record<string, string | number> = {},
  ): void {
    this.muted = muted;
    this.blanked = blanked;
    this.parts.resume.order(muted, blanked);
    this.tell();
    const told = Object.keys(detail).length === 0 ? {} : { detail };
    this.parts.ledger.append({ kind: 'operator', action, frame: this.frame(), ...told });
  }
}
