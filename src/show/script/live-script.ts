import type { ScriptLineBody } from '../../config/api/script-handle.js';
import { type Line, type Script, wordingsOf } from '../../config/sections/script.js';

/** A line's position in the script. `round` counts the starts of the script. */
export interface ScriptPosition {
  readonly round: number;
  readonly segment: number;
  readonly line: number;
}

/** A line of the running script; never changed, only replaced. */
export interface LiveLine extends ScriptLineBody {
  readonly id: string;
}

export interface LiveSegment {
  readonly id: string;
  readonly product: string | undefined;
  readonly lines: readonly LiveLine[];
}

/** Everything of a script that can change on air. */
export interface ScriptContent {
  readonly loop: boolean;
  readonly gapMs: number;
  readonly fillers: readonly string[];
  readonly segments: readonly LiveSegment[];
}

/** The running script: the room file's at first, with an id for each segment and line, and a number that counts its edits. */
export class LiveScript {
  private current: ScriptContent;
  private edits = 0;

  constructor({ loop, gapMs, fillers, segments }: Pick<Script, 'loop' | 'gapMs' | 'fillers' | 'segments'>) {
    this.current = { loop, gapMs, fillers, segments: withIds(segments) };
  }

  get content(): ScriptContent {
    return this.current;
  }

  /** Number of edits since the start. */
  get revision(): number {
    return this.edits;
  }

  replace(content: ScriptContent): void {
    this.current = content;
    this.edits += 1;
  }

  /** The indexes of a line; of its segment's first line without a line id. Undefined for unknown ids. */
  find(segmentId: string, lineId?: string): Omit<ScriptPosition, 'round'> | undefined {
    const segment = this.current.segments.findIndex(({ id }) => id === segmentId);
    if (segment < 0) return undefined;
    const line = lineId === undefined ? 0 : this.current.segments[segment]!.lines.findIndex(({ id }) => id === lineId);
    return line < 0 ? undefined : { segment, line };
  }
}

type WithoutId<T extends { readonly id: string }> = Omit<T, 'id'> & { readonly id?: string | undefined };

/** Segments and lines with ids of their own; those without one are numbered. */
export function withIds(
  segments: readonly {
    readonly id?: string | undefined;
    readonly product?: string | undefined;
    readonly lines: readonly WithoutId<LiveLine>[];
  }[],
): LiveSegment[] {
  return numbered(segments, 'segment').map(({ id, product, lines }) => ({
    id,
    product,
    lines: numbered(lines, 'line'),
  }));
}

function numbered<T extends { readonly id?: string | undefined }>(
  list: readonly T[],
  name: string,
): (T & { id: string })[] {
  const taken = new Set(list.map(({ id }) => id));
  return list.map((one, i) => {
    if (one.id !== undefined) return { ...one, id: one.id };
    const id = freeId(name, i + 1, taken);
    taken.add(id);
    return { ...one, id };
  });
}

/** `line-3`, or the next number that is not taken. */
export function freeId(name: string, from: number, taken: ReadonlySet<string | undefined>): string {
  let number = from;
  while (taken.has(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}

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
