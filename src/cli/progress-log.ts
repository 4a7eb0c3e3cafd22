import type { Log } from '../core/log.js';
import { visibleText } from '../core/visible-text.js';
import { writeProgress } from './terminal/safe-output.js';

const nothing = (): void => undefined;

export interface ProgressLog extends Log {
  /** Shows the current step on a terminal; a pipe gets nothing. */
  step(done: number, of: number, what: string): void;
  /** Clears the last line on a terminal. */
  clear(): void;
}

/**
 * A log that shows only the progress of long work: messages with `done` and `of`. A terminal's line is rewritten; a
 * pipe gets a line per message, one every few seconds.
 */
export function progressLog(
  out: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown } = process.stderr,
): ProgressLog {
  let shown = false;
  const report = (fields: object, message: string): void => {
    const { done, of, clip } = fields as { done?: unknown; of?: unknown; clip?: unknown };
    if (typeof done !== 'number' || typeof of !== 'number') return;
    const line = `${message}${typeof clip === 'string' ? ` (${clip})` : ''}: ${done} of ${of}`;
    if (out.isTTY === true) writeProgress(out, line);
    else out.write(`${visibleText(line)}\n`);
    shown = true;
  };
  const log: ProgressLog = {
    debug: nothing,
    info: report,
    warn: nothing,
    error: nothing,
    child: () => log,
    step(done, of, what) {
      if (out.isTTY !== true) return;
      writeProgress(out, `${done}/${of} ${what}`.slice(0, (out.columns || 80) - 1));
      shown = true;
    },
    clear() {
      if (shown && out.isTTY === true) writeProgress(out, '');
      shown = false;
    },
  };
  return log;
}
