import type { ColourRegion } from './colour-region.js';
import { type Border, BORDERS, type Pose, QUIET, Samples } from '../matrix/matrix-border.js';

/*
 * Wide Data Matrix codes that only the colours show, with hardly a sample of chroma a module: no reader sees anything there. The
 * border of each size is laid on the place, roughly and then closely, and where one agrees the symbol is drawn anew from what the
 * samples say about its modules. A reader then has the last word.
 */

/** Chroma samples a module. */
const MIN_MODULE = 0.7;
const MAX_MODULE = 1.7;
/** By how many samples an outline is longer than its symbol, both ends together: it is where changes are half as dense. */
const GROWN = 7;
/** And a thin one, which the samples around it have made thinner. */
const THIN = 13.5;
const GROWN_THIN = 3;
/** Samples along a symbol, across it, and by how many its shape may be off. */
const MIN_LONG = 14;
const MAX_LONG = 90;
const MIN_SHORT = 5;
const MAX_OFF = 4.5;
/** Samples around the outline that are looked at. */
const BESIDE = 3;
/** Share of the samples that are of one of the two colours: of letters, which are wider, there are more. */
const MAX_PURE = 0.82;
/** Where the best place is looked for roughly, in samples: the ends, across, and in radians the angle. */
const ENDS = [-2.2, -1.1, 0, 1.1, 2.2] as const;
const ACROSS = [-1.2, -0.4, 0.4, 1.2] as const;
const TURNS = [-0.03, 0, 0.03] as const;
/** Borders that are laid closely, and how well they agree roughly. */
const MAX_TRIED = 6;
const MIN_ROUGH = 0.6;
/** What agrees so well is looked at again from places beside it, its ends moved so far. */
const NEARLY = 0.8;
const AGAIN = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;
/** Correlation with the whole border, and with the sides that alternate, from which on the symbol is drawn and read. */
const MIN_AGREED = 0.9;
const MIN_TIMING = 0.7;
/** Nothing better is looked for. */
const CLOSE = 0.97;
/** Pixels a module that a symbol is drawn with, and modules around it. */
const DRAWN = 4;
const DRAWN_QUIET = 2;

/** A place where a border may lie: `sign` tells which of the two colours is dark. */
interface Try {
  readonly border: Border;
  readonly pose: Pose;
  readonly sign: number;
  readonly rough: number;
}

/** Where each border that fits the outline's shape lies best, roughly, from either end and at each angle: the best first. */
function roughly(samples: Samples, angle: number, long: number, short: number): Try[] {
  const tried: Try[] = [];
  for (const border of BORDERS) {
    const module = long / border.columns;
    if (module < MIN_MODULE || module > MAX_MODULE || Math.abs(border.rows * module - short) > MAX_OFF) continue;
    for (const turn of TURNS) {
      for (const half of [0, Math.PI]) {
        let best: Try | undefined;
        for (const first of ENDS) {
          for (const last of ENDS) {
            for (const across of ACROSS) {
              const pose = {
                angle: angle + half + turn,
                along: (first + last) / 2,
                across,
                module: (long + last - first) / border.columns,
              };
              const agreed = samples.roughly(border, pose);
              const rough = Math.abs(agreed);
              if (rough > (best?.rough ?? MIN_ROUGH)) best = { border, pose, rough, sign: Math.sign(agreed) };
            }
          }
        }
        if (best !== undefined) tried.push(best);
      }
    }
  }
  return tried.sort((a, b) => b.rough - a.rough).slice(0, MAX_TRIED);
}

/** The pose at which a border agrees there, all of it and its alternating sides. */
function closely(samples: Samples, { border, pose: from, sign }: Try): { pose: Pose; agreed: number } | undefined {
  let { pose, agreed } = samples.fit(border, from, sign);
  // Near it the search may stand still a module off at one end.
  for (const [first, last] of agreed < NEARLY ? [] : AGAIN) {
    if (agreed >= CLOSE) break;
    const module = pose.module + (last - first) / border.columns;
    const again = samples.fit(border, { ...pose, along: pose.along + (first + last) / 2, module }, sign);
    if (again.agreed > agreed) ({ pose, agreed } = again);
  }
  const isThere = agreed >= MIN_AGREED && sign * samples.agrees(border, pose, true) >= MIN_TIMING;
  return isThere ? { pose, agreed } : undefined;
}

/** A wide Data Matrix drawn anew from a place that has the border of one, for a reader; undefined where there is none. */
export function drawWideMatrix(region: ColourRegion, to: Uint8Array): { width: number; height: number } | undefined {
  const grown = region.short < THIN ? GROWN_THIN : GROWN;
  const [long, short] = [region.long - grown, region.short - grown];
  if (long < MIN_LONG || long > MAX_LONG || short < MIN_SHORT || region.pure > MAX_PURE) return undefined;
  const angle = lengthwise(region);
  const samples = new Samples(region, angle, region.long / 2 + BESIDE, region.short / 2 + BESIDE);
  let best: { border: Border; pose: Pose; agreed: number } | undefined;
  for (const tried of roughly(samples, angle, long, short)) {
    const there = closely(samples, tried);
    if (there !== undefined && there.agreed > (best?.agreed ?? 0)) best = { border: tried.border, ...there };
    if (best !== undefined && best.agreed >= CLOSE) break;
  }
  return best && draw(best.border, samples.modulesAt(best.border, best.pose), to);
}

function draw({ rows, columns }: Border, modules: Float64Array, to: Uint8Array): { width: number; height: number } {
  const width = (columns + 2 * DRAWN_QUIET) * DRAWN;
  const height = (rows + 2 * DRAWN_QUIET) * DRAWN;
  to.fill(255, 0, width * height);
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      if (modules[(y + QUIET) * (columns + 2 * QUIET) + x + QUIET]! < 0.5) continue;
      for (let k = 0; k < DRAWN; k += 1) {
        const from = ((y + DRAWN_QUIET) * DRAWN + k) * width + (x + DRAWN_QUIET) * DRAWN;
        to.fill(0, from, from + DRAWN);
      }
    }
  }
  return { width, height };
}

/** The direction of the longer side. */
function lengthwise(region: ColourRegion): number {
  const { width, height, inner, middleX, middleY, angle } = region;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  let [along, across] = [0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (inner[y * width + x] === 0) continue;
      const [dx, dy] = [x - middleX, y - middleY];
      along += (dx * c + dy * s) ** 2;
      across += (dy * c - dx * s) ** 2;
    }
  }
  return along >= across ? angle : angle + Math.PI / 2;
}
