import { grown, leastRect, type TurnedRect } from './turned-rect.js';

/**
 * Converts the detector's map to lines of text (Differentiable Binarization, Liao et al. 2020): the network marks the
 * shrunken core of each line; connected pixels above a threshold form one line, and its rectangle is grown back by area
 * · ratio / perimeter. The figures are the models' training figures, except that fainter lines are kept: the recogniser
 * rejects non-text better than the detector.
 */
const PIXEL_THRESHOLD = 0.3;
const LINE_THRESHOLD = 0.5;
const GROWTH = 1.6;
const MIN_SIDE = 3;
/** More lines than a frame can show legibly. */
const MAX_LINES = 200;

/** Rectangles in pixels of the map, from top to bottom. `map` holds probabilities 0–1, rows without padding. */
export function findTextRects(map: Float32Array, width: number, height: number): TurnedRect[] {
  const seen = new Uint8Array(width * height);
  const stack = new Int32Array(width * height);
  const left = new Int32Array(height);
  const right = new Int32Array(height);
  const rects: TurnedRect[] = [];
  for (let start = 0; start < map.length && rects.length < MAX_LINES; start += 1) {
    if (seen[start] === 1 || map[start] <= PIXEL_THRESHOLD) continue;
    // The outermost pixels of each row are enough: pixels between them are not on the hull.
    let [top, bottom, sum, count, depth] = [height, -1, 0, 0, 1];
    stack[0] = start;
    seen[start] = 1;
    while (depth > 0) {
      depth -= 1;
      const at = stack[depth];
      const y = Math.floor(at / width);
      const x = at - y * width;
      sum += map[at];
      count += 1;
      // Neighbours touch, so a row outside is the next one above or below.
      if (y < top || y > bottom) {
        left[y] = x;
        right[y] = x;
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      } else {
        left[y] = Math.min(left[y], x);
        right[y] = Math.max(right[y], x);
      }
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx += 1) {
          const next = ny * width + nx;
          if (seen[next] === 1 || map[next] <= PIXEL_THRESHOLD) continue;
          seen[next] = 1;
          stack[depth] = next;
          depth += 1;
        }
      }
    }
    if (sum / count < LINE_THRESHOLD) continue;
    const points: number[] = [];
    for (let y = top; y <= bottom; y += 1) {
      points.push(left[y], y);
      if (right[y] > left[y]) points.push(right[y], y);
    }
    const core = leastRect(points);
    if (Math.min(core.length, core.height) < MIN_SIDE) continue;
    rects.push(grown(core, (core.length * core.height * GROWTH) / (2 * (core.length + core.height))));
  }
  return rects;
}
