import type { LiveLine } from '../../show/script/live-script.js';
import type { AddedWordings } from '../../show/script/wording-choice.js';

/** Enough for a line that comes every minute of two hours. */
export const MAX_PER_LINE = 128;

/**
 * Wordings that were written on air, by line. A line is never changed, only replaced, so an edited line begins without any,
 * and those of a removed one are freed with it.
 */
export class FreshWordings implements AddedWordings {
  private readonly lines = new WeakMap<LiveLine, string[]>();

  of(line: LiveLine): readonly string[] {
    return this.lines.get(line) ?? [];
  }

  add(line: LiveLine, wording: string): void {
    const list = this.lines.get(line);
    if (list === undefined) this.lines.set(line, [wording]);
    else if (list.length < MAX_PER_LINE) list.push(wording);
  }

  clear(line: LiveLine): void {
    this.lines.delete(line);
  }
}
