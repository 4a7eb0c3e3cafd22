import { cutIntoLines, type Lines } from './colour-lines.js';
import { colourSpokes } from './colour-spokes.js';
import type { ColourRegion } from './colour-region.js';
import { repeatsOf, symmetryOf } from './colour-repeats.js';

/*
 * Is a place that only its colours show a code, although nobody can read it? With 0.8 chroma samples a module nothing is
 * left of finders and timing. What is left: two colours and no third, on an even luma; a compact outline; changes as
 * dense as data's on every line through it at every angle; no gap, no repeat, no symmetry. Text has rows and gaps between
 * them, and less ink than ground; cloth, checks and tiles repeat; emblems and rings are their own mirror image; camouflage
 * is coarser. A square of noise passes, as it must: it is a code without its finders.
 *
 * Only what is too fine to be read may count by this. Coarser codes are read, and coarser patterns are of many kinds.
 *
 * The numbers take in most of 700 codes of all forms, and of 6,600 places of text, cloth, seals and ornaments in two hues of
 * one luma none but squares of noise, a mosaic and tiles halved at random.
 */

/** Luma's deviation as a share of the contrast, and steps of it that are noise anyway. */
const MAX_LUMA = 0.12;
const LUMA_NOISE = 1;
const MAX_OTHER_COLOURS = 0.12;
/** Steps of chroma between the two colours. */
const MIN_CONTRAST = 28;
/** Changes along bars, of those across them. */
const MAX_ALONG = 0.85;
/** Variance along the bars at both ends of a code, of that between them: text has 0.9 and more. */
const MAX_ENDS = 0.62;
/** Of a disc's samples, those that its radius is told by: the outline may have a spur. */
const WITHIN_RADIUS = 0.99;
/** Of the circle of that radius. */
const MIN_FILLED = 0.8;
/** How far a disc may be astray, and how few changes may be across it, where as many spokes as a round code has are counted. */
const MAX_ASTRAY = { aspect: 1.12, filled: 0.74, fewest: 7.5 };
const SPOKES_SHARE = 0.04;
/**
 * Where their share is as large as this, the lines may be thin on much ground, the picture in the middle anything; what lies further out than
 * a part of the radius is no mirror image of itself.
 */
const MANY_SPOKES = { share: 0.06, pure: 0.9, core: 0.6, plain: 0.12, from: 0.5, symmetry: 0.65 };
/** Degrees at which lines are cut: every 15. */
const ANGLES = 12;

/** Whether a place has two colours: only such are read. What is around it may be in its outline, with a luma of its own. */
export const isOfTwoColours = (region: ColourRegion): boolean =>
  region.contrast >= MIN_CONTRAST && region.otherColours <= MAX_OTHER_COLOURS;

/** Whether those are of one luma: only such are judged by their pattern. */
export const isInColourOnly = (region: ColourRegion): boolean =>
  isOfTwoColours(region) && region.luma <= MAX_LUMA + LUMA_NOISE / region.contrast;

const isBetween = (v: number, low: number, high: number): boolean => v >= low && v <= high;

/** Whether it shows what only codes do. */
export function looksLikeCode(region: ColourRegion): boolean {
  const { short, long } = region;
  if (short < 17) return false;
  const aspect = long / short;
  if (isRound(region)) return true;
  if (aspect <= 1.2) return isFineMatrix(region);
  return aspect >= 1.8 && aspect <= 5.5 && isFineBars(region);
}

function cutAll(region: ColourRegion): { least: number; most: number; plain: number } {
  const lines = Array.from({ length: ANGLES }, (_, i) => cutIntoLines(region, region.angle + (i * Math.PI) / ANGLES));
  const counted = lines.filter((l) => l.changes >= 0);
  return {
    least: Math.min(...counted.map((l) => l.changes)),
    most: Math.max(...counted.map((l) => l.changes)),
    plain: Math.max(...counted.map((l) => l.plain)),
  };
}

/** A square of modules of less than 1.4 samples. */
function isFineMatrix(region: ColourRegion): boolean {
  if (!isBetween(region.short, 30, 90) || region.fill < 0.82) return false;
  if (!isBetween(region.share, 0.4, 0.6) || !isBetween(region.pure, 0.46, 0.72)) return false;
  const { least, most, plain } = cutAll(region);
  if (least < 0.27 || !isBetween(most, 0.35, 0.54) || plain > 0.06) return false;
  const symmetry = symmetryOf(region);
  if (symmetry > 0.4) return false;
  const { grain, repeats } = repeatsOf(region);
  return grain <= 2 && repeats <= 0.36 && symmetry + repeats <= 0.66;
}

/** Bars across the longer side that change nearly from sample to sample, and few rows along it. */
function isFineBars(region: ColourRegion): boolean {
  if (region.short > 45 || region.samples < 600 || region.fill < 0.72) return false;
  if (!isBetween(region.share, 0.39, 0.61) || !isBetween(region.pure, 0.5, 0.79)) return false;
  // Two rows of text leave the corners empty.
  if (region.samples < 0.66 * (region.short - 2 * region.edge) * (region.long - 2 * region.edge)) return false;
  const upright = cutIntoLines(region, region.angle).changes > cutIntoLines(region, region.angle + Math.PI / 2).changes;
  let best: { across: Lines; along: Lines } | undefined;
  // The outline tells the angle to three degrees; along its bars a line changes least.
  for (let degrees = -3; degrees <= 3; degrees += 1) {
    const angle = region.angle + (degrees * Math.PI) / 180 + (upright ? 0 : Math.PI / 2);
    const cut = { across: cutIntoLines(region, angle), along: cutIntoLines(region, angle + Math.PI / 2) };
    if (best === undefined || cut.along.changes < best.along.changes) best = cut;
  }
  const { across, along } = best!;
  if (!isBetween(across.changes, 0.33, 0.5) || across.plain > 0.15 || along.changes < 0) return false;
  if (along.changes > MAX_ALONG * across.changes || along.plain > 0.5) return false;
  // Start and stop stand in the same columns of every row, and data does not; text has nothing like it.
  if (along.middle < 0.5 || along.ends > MAX_ENDS * along.middle) return false;
  // The wide bars of start and stop mirror each other in part.
  return isBetween(symmetryOf(region), 0.3, 0.75);
}

/**
 * How much of the circle around the middle is filled, and how dense changes are within 0.38 of its radius (a picture, in a
 * round code) as a share of those in its outer half.
 */
export function ringOf({ width, inner, values, samples, middleX, middleY, height }: ColourRegion): {
  filled: number;
  core: number;
  radius: number;
} {
  const distances: number[] = [];
  for (let at = 0; at < width * height; at += 1) {
    if (inner[at] === 1) distances.push(Math.hypot((at % width) - middleX, Math.floor(at / width) - middleY));
  }
  distances.sort((a, b) => a - b);
  const radius = distances[Math.floor(WITHIN_RADIUS * (distances.length - 1))] ?? 0;
  const [changes, counts] = [
    [0, 0],
    [0, 0],
  ];
  for (let at = 0; at < width * height; at += 1) {
    if (inner[at] === 0 || inner[at + 1] === 0 || inner[at + width] === 0) continue;
    const r = Math.hypot((at % width) - middleX, Math.floor(at / width) - middleY) / radius;
    const ring = r < 0.38 ? 0 : r > 0.6 ? 1 : undefined;
    if (ring === undefined) continue;
    counts[ring]! += 1;
    changes[ring]! += Math.abs(values[at + 1]! - values[at]!) + Math.abs(values[at + width]! - values[at]!);
  }
  const density = (ring: 0 | 1): number => changes[ring]! / Math.max(1, counts[ring]!);
  return { filled: samples / (Math.PI * radius * radius), core: density(0) / Math.max(1e-6, density(1)), radius };
}

/** Spokes of dots around a picture. */
function isRound(region: ColourRegion): boolean {
  const { short, long, fill, pure } = region;
  if (!isBetween(short, 42, 130) || Math.min(region.share, 1 - region.share) < 0.15) return false;
  if (!isBetween(pure, 0.55, MANY_SPOKES.pure) || long > MAX_ASTRAY.aspect * short) return false;
  const { filled, core, radius } = ringOf(region);
  if (filled < MAX_ASTRAY.filled || core > MANY_SPOKES.core) return false;
  const { most, least, plain } = cutAll(region);
  const changes = most * short;
  if (!isBetween(changes, MAX_ASTRAY.fewest, 18) || least < 0.65 * most || plain > MANY_SPOKES.plain) return false;
  if (repeatsOf(region).repeats > 0.38) return false;
  const isLikely = pure <= 0.8 && core <= 0.35 && plain <= 0.06 && symmetryOf(region) <= 0.5;
  const isUsual = long <= 1.08 * short && isBetween(fill, 0.7, 0.84) && filled >= MIN_FILLED && changes >= 9.5;
  if (isLikely && isUsual) return true;
  const spokes = colourSpokes(region, radius + region.edge);
  if (isLikely) return spokes >= SPOKES_SHARE;
  return spokes >= MANY_SPOKES.share && symmetryOf(region, MANY_SPOKES.from * radius) <= MANY_SPOKES.symmetry;
}
