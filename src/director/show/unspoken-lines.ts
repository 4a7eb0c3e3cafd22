import type { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { UnspokenSnapshot } from '../../core/room-handle.js';
import type { LedgerEntry } from '../../core/verdict.js';
import type { RundownLine } from '../rundown.js';

/**
 * Lines that had their turn and were not spoken: said in the log, the ledger and the state.
 *
 * A voice that is gone fails for each line of the script, many a minute and for hours: of those in a row the ledger has the
 * first. A line that somebody put in is there each time, as somebody waits for it.
 */
export class UnspokenLines {
  /** Lines in a row. */
  run = 0;
  private total = 0;
  private last: UnspokenSnapshot['last'] = null;

  constructor(private readonly parts: { readonly log: Log; readonly ledger: (entry: LedgerEntry) => void }) {}

  tell(line: RundownLine, error: EngineError): void {
    const { id, text } = line;
    this.run += 1;
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

  /** A line was spoken. */
  spoken(): void {
    this.run = 0;
  }

  snapshot(): UnspokenSnapshot {
    return { total: this.total, last: this.last };
  }
}
