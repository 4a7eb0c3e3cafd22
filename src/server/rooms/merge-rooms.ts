/**
 * Merges two edits of one document.
 *
 * Problem: two people edit a room at once, and the later save must not undo the earlier one.
 * Rule: values that only one of them changed are taken from that one. Lists whose elements have ids are merged element by
 * element, wherever those stand. A value that both changed in different ways is a conflict, which a person decides.
 */

export interface Conflict {
  /** Such as `script.segments[hello].lines[l2].text`; an element is named by its id, or by its index without one. */
  readonly path: string;
  readonly base: unknown;
  readonly theirs: unknown;
  readonly mine: unknown;
}

export interface Merged {
  readonly value: unknown;
  readonly conflicts: readonly Conflict[];
}

type Json = Record<string, unknown>;

/** Conflicts take `mine` in the value. */
export function mergeRooms(base: unknown, theirs: unknown, mine: unknown): Merged {
  const conflicts: Conflict[] = [];
  const value = merge(base, theirs, mine, '', conflicts);
  return { value, conflicts };
}

function merge(base: unknown, theirs: unknown, mine: unknown, path: string, conflicts: Conflict[]): unknown {
  if (same(theirs, mine) || same(base, theirs)) return mine;
  if (same(base, mine)) return theirs;
  if (isObject(theirs) && isObject(mine) && (isObject(base) || base === undefined))
    return mergeObjects(base ?? {}, theirs, mine, path, conflicts);
  const before = base ?? [];
  if (Array.isArray(theirs) && Array.isArray(mine) && Array.isArray(before)) {
    if ([before, theirs, mine].every(hasIds))
      return mergeNamed(before as Named[], theirs as Named[], mine as Named[], path, conflicts);
    if (before.length === theirs.length && before.length === mine.length)
      return mine.map((one, i) => merge(before[i], theirs[i], one, `${path}[${i}]`, conflicts));
  }
  conflicts.push({ path, base, theirs, mine });
  return mine;
}

function mergeObjects(base: Json, theirs: Json, mine: Json, path: string, conflicts: Conflict[]): Json {
  const merged: Json = {};
  // Key order of the saved document, then what is new in mine.
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    if (key === '__proto__') continue;
    const value = merge(base[key], theirs[key], mine[key], path === '' ? key : `${path}.${key}`, conflicts);
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

interface Named extends Json {
  readonly id: string;
}

function mergeNamed(
  base: readonly Named[],
  theirs: readonly Named[],
  mine: readonly Named[],
  path: string,
  conflicts: Conflict[],
): Named[] {
  const [before, other, own] = [base, theirs, mine].map((list) => new Map(list.map((one) => [one.id, one])));
  const values = new Map<string, Named>();
  for (const id of new Set([...other!.keys(), ...own!.keys()])) {
    const value = merge(before!.get(id), other!.get(id), own!.get(id), `${path}[${id}]`, conflicts);
    if (value !== undefined) values.set(id, value as Named);
  }
  return orderOf(ids(base), ids(theirs), ids(mine), values, path, conflicts).map((id) => values.get(id)!);
}

/** The order of whoever changed it, with the other's new elements after the element that they followed there. */
function orderOf(
  base: readonly string[],
  theirs: readonly string[],
  mine: readonly string[],
  values: ReadonlyMap<string, unknown>,
  path: string,
  conflicts: Conflict[],
): string[] {
  const common = (list: readonly string[]): string[] =>
    list.filter((id) => base.includes(id) && theirs.includes(id) && mine.includes(id));
  const [asBase, asTheirs, asMine] = [common(base), common(theirs), common(mine)];
  const haveMoved = !same(asBase, asMine);
  if (haveMoved && !same(asBase, asTheirs) && !same(asMine, asTheirs))
    conflicts.push({ path: `${path} (order)`, base: asBase, theirs: asTheirs, mine: asMine });
  const [first, second] = haveMoved ? [mine, theirs] : [theirs, mine];
  const order = first.filter((id) => values.has(id));
  for (const [i, id] of second.entries()) {
    if (order.includes(id) || !values.has(id)) continue;
    const previous = second.slice(0, i).findLast((one) => order.includes(one));
    order.splice(previous === undefined ? 0 : order.indexOf(previous) + 1, 0, id);
  }
  return order;
}

const ids = (list: readonly Named[]): string[] => list.map(({ id }) => id);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function hasIds(list: readonly unknown[]): boolean {
  const found = list.map((one) => (isObject(one) && typeof one['id'] === 'string' ? one['id'] : undefined));
  return !found.includes(undefined) && new Set(found).size === found.length;
}

/** Equal as JSON, whatever the order of keys. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, i) => same(one, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same(a[key], b[key]));
}

/** Top-level sections that differ. */
export const changedSections = (before: unknown, after: unknown): string[] => {
  const [a, b] = [before, after].map((one) => (isObject(one) ? one : {}));
  return [...new Set([...Object.keys(a!), ...Object.keys(b!)])].filter((key) => !same(a![key], b![key]));
};
