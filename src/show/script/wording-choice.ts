import { type Line, wordingsOf } from '../../config/sections/script.js';
import type { ScriptPosition } from './live-script.js';

/** A show of a day has some ten thousand lines; of older ones nobody remembers the words. */
const MAX_SAID = 20_000;
/** Positions whose wording is kept, since a plan may go back and come again. */
const MAX_CHOSEN = 512;

/** Wordings that were added to a line on air. */
export interface AddedWordings {
  of(line: Line): readonly string[];
}

/**
 * Chooses the wording of a line each time it comes.
 *
 * Problem: lines of several segments share wordings ("Any questions?"), a pinned segment comes every minute, and wordings
 * are added on air; a wording by the number of the round repeats itself too soon.
 * Rule: a wording that was never said, beginning with that of the round; where all were, the one said longest ago, by
 * whichever line. A position that comes again, since the plan was taken back, has the same wording. Wordings that a
 * change of a listing has made false are not chosen.
 */
export class WordingChoice {
  /** Text → the number of the line that said it last; oldest first. */
  private readonly said = new Map<string, number>();
  private readonly chosen = new Map<string, { readonly line: Line; readonly text: string }>();
  private count = 0;
  private withheld = new WeakMap<Line, Set<string>>();
  /** Wordings written on air; none without a writer. */
  added: AddedWordings | undefined;

  /** A wording may not be said at present. */
  withhold(line: Line, text: string): void {
    const known = this.withheld.get(line);
    if (known === undefined) this.withheld.set(line, new Set([text]));
    else known.add(text);
  }

  /** All wordings may be tried again. */
  release(): void {
    this.withheld = new WeakMap();
  }

  /** Undefined while all wordings of the line are withheld. */
  choose(line: Line, { round, segment, line: index }: ScriptPosition): string | undefined {
    const place = `${round}.${segment}.${index}`;
    const before = this.chosen.get(place);
    const withheld = this.withheld.get(line);
    if (before?.line === line && withheld?.has(before.text) !== true) return before.text;
    const own = wordingsOf(line);
    const added = this.added?.of(line) ?? [];
    const all = added.length === 0 ? own : [...own, ...added];
    const wordings = withheld === undefined ? all : all.filter((one) => !withheld.has(one));
    if (wordings.length === 0) return undefined;
    let text = wordings[round % wordings.length]!;
    let oldest = Infinity;
    for (let i = 0; i < wordings.length && oldest >= 0; i += 1) {
      const one = wordings[(round + i) % wordings.length]!;
      const at = this.said.get(one) ?? -1;
      if (at >= oldest) continue;
      oldest = at;
      text = one;
    }
    this.note(text);
    this.chosen.set(place, { line, text });
    if (this.chosen.size > MAX_CHOSEN) this.chosen.delete(this.chosen.keys().next().value!);
    return text;
  }

  private note(text: string): void {
    this.said.delete(text);
    this.said.set(text, this.count);
    this.count += 1;
    if (this.said.size > MAX_SAID) this.said.delete(this.said.keys().next().value!);
  }
}
