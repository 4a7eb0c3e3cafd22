import { companyOf, finderCorrelation, FOURTH_AGREES } from './qr-evidence.js';
import { quadOf, type Triple } from './qr-triples.js';
import { type Quad, QuadSampler } from '../pipeline/quad-sampler.js';

/** Correlation of the corners when the timing can't be measured and nothing like the finders is near. */
const FINDERS_AGREE_ALONE = 0.66;
/** The same at less than a sample per module, where rings run together. */
export const FINDERS_AGREE_TINY = 0.55;
/** The same before sharpening. */
const FINDERS_AGREE_PLAIN = 0.55;
/** Maximum departure from three equal finders at a right angle; beyond it the triple may be chance. */
const MAX_ERROR_ALONE = 0.3;
/** Share of neighbouring modules that differ, outside the finders: 0.5 in random data. */
const MIN_DIFFER = 0.22;
const MAX_DIFFER = 0.75;

/**
 * Three finders of one size at a right angle, with no similar ones near, and with as many changes between them as data
 * has: a code too blurred or small for its timing patterns. Returns its outline, or undefined. `plain` is the plane
 * before sharpening, or the same.
 */
export function standsAlone(
  plane: Uint8Array,
  plain: Uint8Array,
  width: number,
  height: number,
  triple: Triple,
  finders: Int32Array,
  count: number,
  agrees = FINDERS_AGREE_ALONE,
): Quad | undefined {
  if (triple.loose || triple.error > MAX_ERROR_ALONE || triple.modules > 70) return undefined;
  if (companyOf(triple, finders, count) > 0) return undefined;
  const guess = (triple.modules - 17) / 4;
  for (let version = Math.max(1, Math.round(guess) - 1); version <= Math.round(guess) + 1; version += 1) {
    const modules = 17 + 4 * version;
    const quad = quadOf(triple, modules);
    const sampler = new QuadSampler(plane, width, height, quad);
    const finder = finderCorrelation(sampler, modules, 0, 2);
    if (Math.abs(finder) < agrees) continue;
    const before =
      plain === plane ? finder : finderCorrelation(new QuadSampler(plain, width, height, quad), modules, 0, 2);
    if (before * Math.sign(finder) < FINDERS_AGREE_PLAIN) continue;
    if (Math.sign(finder) * finderCorrelation(sampler, modules, 3, 3) > FOURTH_AGREES) continue;
    if (isData(sampler, modules)) return quad;
  }
  return undefined;
}

/** Whether the modules outside the finders change as data does, along rows and columns, in each quarter. */
function isData(sampler: QuadSampler, modules: number): boolean {
  const grey = new Float32Array(modules * modules);
  let [low, high] = [255, 0];
  for (let y = 0; y < modules; y += 1) {
    for (let x = 0; x < modules; x += 1) {
      const p = sampler.sharp((x + 0.5) / modules, (y + 0.5) / modules);
      grey[y * modules + x] = p;
      low = Math.min(low, p);
      high = Math.max(high, p);
    }
  }
  // The step between light and dark is small: a change must be a sixth of it.
  const step = (high - low) / 6;
  if (step < 1.5) return false;
  const isOutside = (x: number, y: number): boolean =>
    !((x < 8 && y < 8) || (x >= modules - 8 && y < 8) || (x < 8 && y >= modules - 8));
  const zones = Array.from({ length: 4 }, () => [0, 0]);
  const middle = (modules - 1) / 2;
  for (let y = 0; y + 1 < modules; y += 1) {
    for (let x = 0; x + 1 < modules; x += 1) {
      if (!isOutside(x, y) || !isOutside(x + 1, y) || !isOutside(x, y + 1)) continue;
      const zone = zones[(x > middle ? 1 : 0) + (y > middle ? 2 : 0)]!;
      const here = grey[y * modules + x]!;
      if (Math.abs(here - grey[y * modules + x + 1]!) > step) zone[0]! += 1;
      if (Math.abs(here - grey[(y + 1) * modules + x]!) > step) zone[0]! += 1;
      zone[1]! += 2;
    }
  }
  return zones.every(([changes = 0, pairs = 0]) => {
    return pairs < 12 || (changes >= MIN_DIFFER * pairs && changes <= MAX_DIFFER * pairs);
  });
}
