import { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { UnspokenSnapshot } from '../config/api/room-handle.js';
import type { LedgerEntry, TextHit } from '../core/verdict.js';
import type { RundownLine } from './rundown.js';

/**
 * Lines that were due and not spoken, recorded in log, ledger and state.
 *
 * Problem: a dead voice fails for each script line, many a minute and for hours.
 * Rule: of consecutive failures the ledger records the first. An inserted line is recorded each time, since somebody
 * waits for it.
 */
export class UnspokenLines {
  /** Consecutive failures. */
  run = 0;
  /** The last failure. */
  error: EngineError | undefined;
  private total = 0;
  private last: UnspokenSnapshot['last'] = null;

  constructor(private readonly parts: { readonly log: Log; readonly ledger: (entry: LedgerEntry) => void }) {}

  record(line: RundownLine, error: EngineError): void {
    const { id, text } = line;
    this.run += 1;
    this.error = error;
    this.total += 1;
    this.last = { line: id, text: text.slice(0, 200), code: error.code, message: error.message };
    this.parts.log.error({ code: error.code, line: id }, error.message);
    if (this.run > 1 && line.position !== undefined) return;
    this.parts.ledger({
      kind: 'text',
      surface: 'speech',
      action: 'unspoken',
      evidence: text.slice(0, 200),
      detail: { line: id, code: error.code, why: error.message.slice(0, 200) },
    });
  }

  /** A line that states something else than the changed listing: it says nothing about the voice. */
  stale(line: RundownLine, { match, rule, kind }: TextHit): { outcome: 'refused'; reason: string; isStale: true } {
    const { id, text } = line;
    const reason = `"${match.slice(0, 60)}" is no longer in the listing (rule ${rule})`;
    const error = new EngineError('E_TEXT_REFUSED', {
      where: `line ${id}`,
      expected: 'the facts of the listing as they are now',
      found: `"${match.slice(0, 60)}" (rule ${rule})`,
      todo: 'change the line, or wait: lines of a sentence plan are rewritten',
    });
    this.total += 1;
    this.last = { line: id, text: text.slice(0, 200), code: error.code, message: error.message };
    this.parts.log.warn({ line: id, rule, match }, 'a line is not spoken: its listing has changed');
    this.parts.ledger({
      kind: 'text',
      rule,
      surface: line.judgedAs,
      action: 'refuse',
      evidence: match.slice(0, 200),
      detail: { line: id, kind, why: 'the listing has changed' },
    });
    return { outcome: 'refused', reason, isStale: true };
  }

  /** A line was spoken. */
  spoken(): void {
    this.run = 0;
  }

  snapshot(): UnspokenSnapshot {
    return { total: this.total, last: this.last };
  }
}
