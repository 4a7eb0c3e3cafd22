import { linePut, type ScriptLineBody, type ScriptLinePatch } from '../../config/api/script-handle.js';
import { type Line, type Script, wordingsOf } from '../../config/sections/script.js';
import { EngineError } from '../../core/errors.js';

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
function freeId(name: string, from: number, taken: ReadonlySet<string | undefined>): string {
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

/** Edits of a script's content. Each returns a new content that shares the unchanged segments and lines. */

const MAX_SEGMENTS = 500;
const MAX_LINES = 500;

/** Where a new or moved one goes: behind the one with that id, to the front (null), or to the end (undefined). */
type After = string | null | undefined;

export function segmentOf({ segments }: ScriptContent, id: string): LiveSegment {
  const found = segments.find((one) => one.id === id);
  if (found === undefined) throw unknown('segment', id, segments);
  return found;
}

export function lineOf(segment: LiveSegment, id: string): LiveLine {
  const found = segment.lines.find((one) => one.id === id);
  if (found === undefined) throw unknown(`line of segment "${segment.id}"`, id, segment.lines);
  return found;
}

export function addSegment(content: ScriptContent, segment: LiveSegment, after: After): ScriptContent {
  if (content.segments.some(({ id }) => id === segment.id)) throw taken('segment', segment.id);
  return withSegments(content, inserted(content.segments, segment, after, 'segment'));
}

export function replaceSegment(content: ScriptContent, segment: LiveSegment): ScriptContent {
  return withSegments(
    content,
    content.segments.map((one) => (one.id === segment.id ? segment : one)),
  );
}

export function moveSegment(content: ScriptContent, id: string, after: After): ScriptContent {
  const segment = segmentOf(content, id);
  if (after === id) return content;
  const others = content.segments.filter((one) => one !== segment);
  return withSegments(content, inserted(others, segment, after, 'segment'));
}

export function removeSegment(content: ScriptContent, id: string): ScriptContent {
  const segment = segmentOf(content, id);
  return withSegments(
    content,
    content.segments.filter((one) => one !== segment),
  );
}

export function addLine(content: ScriptContent, segmentId: string, line: LiveLine, after: After): ScriptContent {
  const segment = segmentOf(content, segmentId);
  if (segment.lines.some(({ id }) => id === line.id)) throw taken(`line of segment "${segmentId}"`, line.id);
  return withLines(content, segment, inserted(segment.lines, line, after, `line of segment "${segmentId}"`));
}

export function replaceLine(content: ScriptContent, segmentId: string, line: LiveLine): ScriptContent {
  const segment = segmentOf(content, segmentId);
  return withLines(
    content,
    segment,
    segment.lines.map((one) => (one.id === line.id ? line : one)),
  );
}

export function moveLine(content: ScriptContent, segmentId: string, id: string, after: After): ScriptContent {
  const segment = segmentOf(content, segmentId);
  const line = lineOf(segment, id);
  if (after === id) return content;
  const others = segment.lines.filter((one) => one !== line);
  return withLines(content, segment, inserted(others, line, after, `line of segment "${segmentId}"`));
}

/** The segment goes with its last line. */
export function removeLine(content: ScriptContent, segmentId: string, id: string): ScriptContent {
  const segment = segmentOf(content, segmentId);
  const line = lineOf(segment, id);
  if (segment.lines.length === 1) return removeSegment(content, segmentId);
  return withLines(
    content,
    segment,
    segment.lines.filter((one) => one !== line),
  );
}

/** The given id, or the next number that is free. */
export const idFor = (name: string, given: string | undefined, list: readonly { readonly id: string }[]): string =>
  given ?? freeId(name, list.length + 1, new Set(list.map(({ id }) => id)));

/** Lines of a content that another one does not have. */
export function newLines(before: ScriptContent, now: ScriptContent): { segment: LiveSegment; line: LiveLine }[] {
  const known = new Map(before.segments.flatMap(({ lines, product }) => lines.map((line) => [line, product] as const)));
  return now.segments.flatMap((segment) =>
    segment.lines
      // A line about another product is judged by another listing.
      .filter((line) => !known.has(line) || known.get(line) !== segment.product)
      .map((line) => ({ segment, line })),
  );
}

function inserted<T extends { readonly id: string }>(list: readonly T[], one: T, after: After, name: string): T[] {
  if (after === undefined) return [...list, one];
  if (after === null) return [one, ...list];
  const at = list.findIndex(({ id }) => id === after);
  if (at < 0) throw unknown(name, after, list);
  return list.toSpliced(at + 1, 0, one);
}

function withSegments(content: ScriptContent, segments: readonly LiveSegment[]): ScriptContent {
  if (segments.length === 0 || segments.length > MAX_SEGMENTS) {
    throw new EngineError('E_BAD_REQUEST', {
      where: 'script',
      expected: `1 to ${MAX_SEGMENTS} segments`,
      found: `${segments.length}`,
      ...(segments.length === 0 ? { todo: 'add another segment first, or pause the script' } : {}),
    });
  }
  return { ...content, segments };
}

function withLines(content: ScriptContent, segment: LiveSegment, lines: readonly LiveLine[]): ScriptContent {
  if (lines.length > MAX_LINES) {
    throw new EngineError('E_BAD_REQUEST', {
      where: `segment "${segment.id}"`,
      expected: `at most ${MAX_LINES} lines`,
      found: `${lines.length}`,
    });
  }
  return replaceSegment(content, { ...segment, lines });
}

function unknown(name: string, id: string, list: readonly { readonly id: string }[]): EngineError {
  const ids = list.map((one) => one.id);
  const more = ids.length > 20 ? ` and ${ids.length - 20} more` : '';
  return new EngineError('E_NOT_FOUND', {
    where: name,
    expected: ids.length === 0 ? 'an existing id; the list is empty' : `one of ${ids.slice(0, 20).join(', ')}${more}`,
    found: `"${id}"`,
  });
}

const taken = (name: string, id: string): EngineError =>
  new EngineError('E_BAD_REQUEST', {
    where: name,
    expected: 'an id not used before',
    found: `"${id}" again`,
    todo: 'PUT replaces an existing one',
  });

const { text: _, ...defaults } = linePut.parse({ text: '-' });

/** A line with changed fields; null returns a field to its default. A checked patch. */
export function patchedLine(line: LiveLine, { after: _after, ...patch }: ScriptLinePatch): LiveLine {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  const fields = Object.entries({ ...line, ...Object.fromEntries(given) }).filter(([, value]) => value !== null);
  return { ...defaults, ...(Object.fromEntries(fields) as unknown as LiveLine), id: line.id };
}
