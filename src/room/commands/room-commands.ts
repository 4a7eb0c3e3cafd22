import type { OrderSince, ResumeOptions, SlateReason } from '../../config/api/room-handle.js';
import type { FrameIndex } from '../../core/time.js';
import { type HoldCause, REPLACE_CAUSES, type ReplaceCause } from '../../core/verdict.js';
import type { RoomParts } from '../room-parts.js';

/** Causes that last a moment: the gate's own, and frames dropped by the operator. */
const OF_THE_MOMENT: ReadonlySet<ReplaceCause> = new Set(['violation', 'unjudged', 'hold-time', 'dumped']);

type OrderParts = Pick<RoomParts, 'ledger' | 'loop' | 'resume' | 'risk' | 'secondOpinion' | 'words'>;

/**
 * Applies the operator commands: sends them to the loop, keeps them over restarts, and reports them.
 *
 * Problem: several parts can ask for the slate. The report must show the present picture and what has to happen
 * before the slate ends. A resume must not hide a watch that still holds the slate, and unmuting must not clear the
 * risk.
 */
export class RoomCommands {
  muted: boolean;
  blanked: boolean;
  private mutedSince: OrderSince | null;
  private blankedSince: OrderSince | null;

  constructor(
    private readonly parts: OrderParts,
    /** True once the show has stalled long enough to need the slate. */
    private readonly stalled: () => boolean,
    private readonly frame: () => FrameIndex,
  ) {
    this.muted = parts.resume.muted;
    this.blanked = parts.resume.blanked;
    this.mutedSince = this.muted ? since('') : null;
    this.blankedSince = this.blanked ? since('') : null;
  }

  get orders(): { mute: OrderSince | null; blank: OrderSince | null } {
    return { mute: this.mutedSince, blank: this.blankedSince };
  }

  mute(by = ''): void {
    this.operate('mute', true, this.blanked, named(by));
    this.mutedSince ??= since(by);
  }

  blank(by = ''): void {
    this.operate('blank', this.muted, true, named(by));
    this.blankedSince ??= since(by);
  }

  /** Undoes the named commands; without a name all of them, and the slate for the risk if it is up. */
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

  /** The reasons that hold the slate until they are withdrawn. */
  get standing(): SlateReason[] {
    const reasons: SlateReason[] = [];
    if (this.blanked) reasons.push('operator');
    if (this.parts.risk.atLimit) reasons.push('risk');
    return [...reasons, ...this.holds()];
  }

  /** Why viewers see the slate now, including the gate's momentary reasons; empty while they see the show. */
  get slate(): readonly SlateReason[] {
    const { loop } = this.parts;
    const reasons = this.standing;
    const left = REPLACE_CAUSES[loop.board.get('slateCause') - 1];
    // The standing reasons are listed above; the last released frame may carry one that has been withdrawn since.
    if (left !== undefined && OF_THE_MOMENT.has(left)) reasons.push(left);
    return reasons;
  }

  /** Sends the present state to the loop. Call it whenever a reason for the slate comes or goes. */
  apply(): void {
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
    if (!muted) this.mutedSince = null;
    if (!blanked) this.blankedSince = null;
    this.parts.resume.saveCommands(muted, blanked);
    this.apply();
    const details = Object.keys(detail).length === 0 ? {} : { detail };
    this.parts.ledger.append({ kind: 'operator', action, frame: this.frame(), ...details });
  }
}

const since = (by: string): OrderSince => ({ at: new Date().toISOString(), by });
const named = (by: string): Record<string, string> => (by === '' ? {} : { by });
