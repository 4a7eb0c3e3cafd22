import { linePut, type ScriptLinePatch } from '../../config/api/script-handle.js';
import { EngineError } from '../../core/errors.js';
import { freeId, type LiveLine, type LiveSegment, type ScriptContent } from './live-script.js';

/** Edits of a script's content. Each returns a new content that shares the unchanged segments and lines. */

const MAX_SEGMENTS = 500;
const MAX_LINES = 500;

/** Where a new or moved one goes: behind the one with that id, to the front (null), or to the end (undefined). */
export type After = string | null | undefined;

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
