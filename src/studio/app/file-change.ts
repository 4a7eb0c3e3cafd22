export interface FileChange {
  /** JSON pointer. */
  readonly path: string;
  /** Absent: removed. */
  readonly value?: unknown;
}
/** A copy with the changes in it. */
export function changed<T>(document: T, changes: readonly FileChange[]): T {
  const copy = structuredClone(document) as unknown;
  for (const { path, value } of changes) {
    const parts = path
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = parts.pop();
    if (last === undefined) continue;
    let at = copy as Record<string, unknown> | unknown[] | undefined;
    for (const part of parts) at = (at as Record<string, unknown> | undefined)?.[part] as typeof at;
    if (at === undefined) continue;
    if (value !== undefined) (at as Record<string, unknown>)[last] = structuredClone(value);
    else if (Array.isArray(at)) at.splice(Number(last), 1);
    else delete at[last];
  }
  return copy as T;
}
