// frame path
/** Widths of the start of a PDF417 in modules. */
export const START = [8, 1, 1, 1, 1, 1, 1, 3] as const;
const START_MODULES = 17;
/** Without the wide bar, and its minimum width. */
const NARROW_MODULES = 9;
const NARROW_MIN = 9;
/** Runs of a bull's eye, and of a start without its wide bar. */
export const RUNS = 7;

/** Tolerance of a run in tenths of a run, times the runs; `lax`: relaxed. */
export const evenTolerance = (t: number, lax: 0 | 1): number => (lax === 1 ? 4 * t + 90 : 3 * t + 70);

/** Whether the seven runs from edge i on are about equal. */
export function isEven(edges: Int32Array, i: number, lax: 0 | 1): boolean {
  const t = edges[i + RUNS]! - edges[i]!;
  if (t < 14) return false;
  for (let k = i; k < i + RUNS; k += 1) {
    const run = edges[k + 1]! - edges[k]!;
    if (10 * Math.abs(RUNS * run - t) > evenTolerance(t, lax)) return false;
  }
  return true;
}

export function isStart(edges: Int32Array, i: number, t: number, backward: boolean): boolean {
  for (let k = 0; k < START.length; k += 1) {
    const run = edges[i + k + 1]! - edges[i + k]!;
    const modules = START[backward ? START.length - 1 - k : k]!;
    if (Math.abs(10 * (START_MODULES * run - modules * t)) > 5 * t + 119) return false;
  }
  return true;
}

/**
 * The direction of a start whose wide bar ends at edge i or begins seven edges on. The wide bar may be cut by the
 * picture's edge, as cropped candidate regions begin with it. −1: none.
 */
export function narrowStart(edges: Int32Array, i: number, n: number): number {
  const t = edges[i + RUNS]! - edges[i]!;
  if (t < NARROW_MIN) return -1;
  const direction = edges[i + RUNS]! - edges[i + RUNS - 1]! > edges[i + 1]! - edges[i]! ? 0 : 1;
  const before = i > 0 ? edges[i]! - edges[i - 1]! : t;
  const after = i + RUNS + 1 < n ? edges[i + RUNS + 1]! - edges[i + RUNS]! : t;
  if (2 * (direction === 0 ? before : after) < t) return -1;
  for (let k = 0; k < RUNS; k += 1) {
    const run = edges[i + k + 1]! - edges[i + k]!;
    const modules = k === (direction === 0 ? RUNS - 1 : 0) ? 3 : 1;
    if (10 * Math.abs(NARROW_MODULES * run - modules * t) > 5 * t + 72) return -1;
  }
  return direction;
}
