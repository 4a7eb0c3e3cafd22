import type { Region } from './pose-svg.js';

/** Sheets drawn in parallel; each holds its RGBA while it is cut. */
const PARALLEL = 3;

/** Cells side by side on shelves, at even positions. */
export function shelve(cells: readonly Region[]): {
  places: { x: number; y: number }[];
  width: number;
  height: number;
} {
  const limit = Math.max(1200, ...cells.map((c) => c.width));
  const places: { x: number; y: number }[] = [];
  let [x, y, shelf, width] = [0, 0, 0, 0];
  for (const c of cells) {
    if (x > 0 && x + c.width > limit) {
      x = 0;
      y += shelf;
      shelf = 0;
    }
    places.push({ x, y });
    x += c.width;
    shelf = Math.max(shelf, c.height);
    width = Math.max(width, x);
  }
  return { places, width, height: y + shelf };
}

/** Runs all jobs, a few at a time, and says how far it is. */
export async function inParallel(
  jobs: readonly (() => Promise<void>)[],
  onProgress?: (share: number) => void,
): Promise<void> {
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (next < jobs.length) {
      const job = jobs[next]!;
      next += 1;
      await job();
      done += 1;
      onProgress?.(done / jobs.length);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
