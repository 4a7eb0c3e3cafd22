import type { ColourRegion } from './colour-region.js';

/** A line whose variance is less than this share of the whole is of one colour. */
const PLAIN = 0.2;
/** Lines of less than this share of the longest cut a corner. */
const SHORT_LINE = 0.6;
const MIN_LENGTH = 8;
const MIN_LINES = 8;
/** An end: the start or stop of a PDF417 of two columns, and no less than three lines. */
const END_SHARE = 0.17;
/** Lines between an end and the middle. */
const BETWEEN = 2;

/** What the parallel lines across a place look like, at one angle. */
export interface Lines {
  /** Changes between the two colours, of the samples on the lines; −1: too few lines. */
  readonly changes: number;
  /** Share of the lines that are of one colour all along: the gaps between rows of text. */
  readonly plain: number;
  /** Variance along a line, of that of the whole: in the more varied of the two ends, and between them. */
  readonly ends: number;
  readonly middle: number;
}

/** Cuts the inside of a place into lines, a sample apart, that lean by `angle` (radians). */
export function cutIntoLines(region: ColourRegion, angle: number): Lines {
  const { width, height, inner, values, level, variance } = region;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.ceil(Math.hypot(width, height) / 2);
  const lengths = new Int32Array(2 * reach + 1);
  const turns = new Int32Array(2 * reach + 1);
  const variances = new Float64Array(2 * reach + 1);
  let longest = 0;
  for (let line = -reach; line <= reach; line += 1) {
    let [n, sum, squares, changes, side] = [0, 0, 0, 0, -1];
    for (let i = -reach; i <= reach; i += 1) {
      const x = Math.round(width / 2 + i * c - line * s);
      const y = Math.round(height / 2 + i * s + line * c);
      if (x < 0 || y < 0 || x >= width || y >= height || inner[y * width + x] === 0) continue;
      const v = values[y * width + x]!;
      n += 1;
      sum += v;
      squares += v * v;
      const above = v > level ? 1 : 0;
      if (side >= 0 && above !== side) changes += 1;
      side = above;
    }
    const at = line + reach;
    lengths[at] = n;
    turns[at] = changes;
    if (n > 0) variances[at] = (squares / n - (sum / n) ** 2) / variance;
    longest = Math.max(longest, n);
  }
  const kept: number[] = [];
  let [length, changes, plain] = [0, 0, 0];
  for (let at = 0; at < lengths.length; at += 1) {
    if (lengths[at]! < Math.max(MIN_LENGTH, SHORT_LINE * longest)) continue;
    kept.push(variances[at]!);
    length += lengths[at]!;
    changes += turns[at]!;
    if (variances[at]! < PLAIN) plain += 1;
  }
  if (kept.length < MIN_LINES) return { changes: -1, plain: 0, ends: 1, middle: 1 };
  const end = Math.max(3, Math.round(kept.length * END_SHARE));
  const ends = Math.max(mean(kept.slice(0, end)), mean(kept.slice(-end)));
  const middle = mean(kept.slice(end + BETWEEN, -end - BETWEEN));
  return { changes: changes / length, plain: plain / kept.length, ends, middle };
}

const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / Math.max(1, list.length);
