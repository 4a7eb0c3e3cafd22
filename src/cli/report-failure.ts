import type { RoomFault } from '../config/load-room.js';
import { isEngineError } from '../core/errors.js';
import { onOneLine } from './print-lines.js';

/** A message may quote a file. */
const MAX_MESSAGE = 2000;

/** The exit code that shells use after Ctrl-C. */
export const INTERRUPTED = 130;

/** Prints one clear message about an error to standard error; returns the exit code. */
export function reportFailure(error: unknown): number {
  if (isEngineError(error)) {
    process.stderr.write(`engine: ${onOneLine(error.message, MAX_MESSAGE)} [${error.code}]\n`);
    const faults = error.details['faults'];
    if (Array.isArray(faults) && faults.length > 1) {
      for (const { where, line, expected, found, todo } of faults as RoomFault[]) {
        const place = line === undefined ? where : `line ${line}, ${where}`;
        process.stderr.write(
          `  - ${onOneLine(`${place}: expected ${expected}, found ${found}${todo === undefined ? '' : `; ${todo}`}`, MAX_MESSAGE)}\n`,
        );
      }
    }
    return 1;
  }
  if (error instanceof Error && error.name === 'AbortError') {
    process.stderr.write('engine: stopped before it was done\n');
    return INTERRUPTED;
  }
  process.stderr.write(
    `engine: an internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return 70;
}
