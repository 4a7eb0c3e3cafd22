import { EngineError } from '../../core/errors.js';

/** One change of a room document. */
export interface RoomChange {
  /** A JSON pointer such as `/script/segments/2/title`, or `script.segments[hello].lines[0].text`. */
  readonly path: string;
  /** Absent: removed. */
  readonly value?: unknown;
}

/** Applies changes to a copy of the document. Throws E_BAD_REQUEST for a place that is not there. */
export function changeRoom(document: unknown, changes: readonly RoomChange[]): unknown {
  const copy = structuredClone(document);
  for (const change of changes) apply(copy, change);
  return copy;
}

function apply(document: unknown, change: RoomChange): void {
  const steps = stepsOf(change.path);
  const last = steps.pop();
  if (last === undefined) throw wrongPlace(change.path, 'a place in the room');
  let at: unknown = document;
  for (const step of steps) {
    const next = childOf(at, step);
    // A section that the file leaves to its default.
    if (next === undefined && isObject(at)) at = at[step] = {};
    else at = next;
    if (typeof at !== 'object' || at === null) throw wrongPlace(change.path, 'a place that exists');
  }
  if (Array.isArray(at)) {
    const index = last === '-' ? at.length : indexIn(at, last);
    if (index === undefined || index > at.length) throw wrongPlace(change.path, 'an element that exists');
    if (!('value' in change)) at.splice(index, 1);
    else at[index] = change.value;
    return;
  }
  const object = at as Record<string, unknown>;
  if (!('value' in change)) delete object[last];
  else object[last] = change.value;
}

function stepsOf(path: string): string[] {
  const steps = path.startsWith('/')
    ? path
        .slice(1)
        .split('/')
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    : (path.match(/[^.[\]]+/g) ?? []);
  if (steps.some((step) => step === '__proto__' || step === 'constructor' || step === 'prototype'))
    throw wrongPlace(path, 'a place in the room');
  return steps;
}

const childOf = (value: unknown, step: string): unknown => {
  if (!Array.isArray(value)) return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  const index = indexIn(value, step);
  return index === undefined ? undefined : (value[index] as unknown);
};

/** By id first: an index may have moved under a person's hands. */
function indexIn(list: readonly unknown[], step: string): number | undefined {
  const named = list.findIndex((one) => isObject(one) && one['id'] === step);
  if (named >= 0) return named;
  return /^\d{1,5}$/.test(step) ? Number(step) : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrongPlace = (path: string, expected: string): EngineError =>
  new EngineError('E_BAD_REQUEST', { where: 'changes', expected, found: path.slice(0, 120) });
