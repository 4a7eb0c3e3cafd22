import type { CoverConfig } from '../config/sections/cover.js';
import type { FrameHit } from '../core/verdict.js';
import type { Admission } from '../admission/admission.js';
import { type DecodePage, readPictures } from '../admission/scan/find-pictures.js';
import type { CheckFault } from '../admission/check-rights.js';
import { percent } from '../scene/place-box.js';
import type { Raster } from '../scene/raster.js';
import { loadSharp } from '../scene/sharp.js';

/** Luma (0–255) of a picture over white, its longer side 720 pixels at most. */
interface CoverPlane {
  readonly y: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const SIDE = 720;
const TILE = 32;
/** Radius of the reference blur, in pixels. */
const REACH = 4;
/** Minimum mean change between neighbours, in levels, at which a tile has a measurable sharpness. */
const MIN_CHANGE = 1;
const SHARPEST = 0.05;
const BLACK = 24;
const BLACK_LINE_SHARE = 0.98;

async function coverPlane({ rgba, width, height }: Raster): Promise<CoverPlane> {
  const sharp = await loadSharp();
  const { data, info } = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .flatten({ background: '#ffffff' })
    .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const step = info.channels;
  const y = new Uint8Array(info.width * info.height);
  for (let i = 0; i < y.length; i += 1) y[i] = data[i * step]!;
  return { y, width: info.width, height: info.height };
}

/**
 * Softness of the sharpest parts of a picture, 0 (in focus) to 1: the share of the change between neighbours that
 * survives another blur (F. Crété et al., "The blur effect", 2007). Measured per tile; the sharpest twentieth counts,
 * so that a blurred background behind a sharp product is allowed. Undefined for plain colour.
 */
function softness(plane: CoverPlane): number | undefined {
  const { width, height } = plane;
  const tiles: number[] = [];
  for (let y = 0; y + TILE <= height; y += TILE) {
    for (let x = 0; x + TILE <= width; x += TILE) {
      const both = [lineSoftness(plane, x, y, true), lineSoftness(plane, x, y, false)].filter((v) => v !== undefined);
      if (both.length > 0) tiles.push(Math.min(...both));
    }
  }
  tiles.sort((a, b) => a - b);
  return tiles[Math.floor(tiles.length * SHARPEST)];
}

/** Softness of one tile along its rows or its columns; undefined where too little changes. */
function lineSoftness(plane: CoverPlane, x: number, y: number, across: boolean): number | undefined {
  const { width, height } = plane;
  const limit = (across ? width : height) - 1;
  let change = 0;
  let lost = 0;
  for (let line = 0; line < TILE; line += 1) {
    const base = across ? (y + line) * width : x + line;
    const step = across ? 1 : width;
    const from = across ? x : y;
    const at = (i: number): number => plane.y[base + Math.min(limit, Math.max(0, from + i)) * step]!;
    for (let i = 1; i < TILE; i += 1) {
      const here = Math.abs(at(i) - at(i - 1));
      // A box blur slides: neighbouring windows differ by their ends only.
      const blurred = Math.abs(at(i + REACH) - at(i - 1 - REACH)) / (2 * REACH + 1);
      change += here;
      lost += Math.max(0, here - blurred);
    }
  }
  return change < TILE * TILE * MIN_CHANGE ? undefined : 1 - lost / change;
}

/** Two opposite black bars of at least the share `least` each; undefined without such bars. */
function blackBorder(plane: CoverPlane, least: number): { share: number; sides: string } | undefined {
  const { width, height } = plane;
  const row = (i: number): boolean => isBlack(plane, i * width, 1, width);
  const column = (i: number): boolean => isBlack(plane, i, width, height);
  const across = bars(height, row);
  const down = bars(width, column);
  if (across >= down && across >= least) return { share: across, sides: 'top and bottom' };
  return down >= least ? { share: down, sides: 'left and right' } : undefined;
}

/** The smaller of the bars at both ends, as a share; 0 for an all-black picture. */
function bars(lines: number, black: (i: number) => boolean): number {
  let first = 0;
  while (first < lines && black(first)) first += 1;
  let last = 0;
  while (last < lines && black(lines - 1 - last)) last += 1;
  return first + last >= lines ? 0 : Math.min(first, last) / lines;
}

function isBlack({ y }: CoverPlane, from: number, step: number, count: number): boolean {
  let dark = 0;
  for (let i = 0; i < count; i += 1) if (y[from + i * step]! <= BLACK) dark += 1;
  return dark >= count * BLACK_LINE_SHARE;
}

/*
 * Rule 5.9.
 *
 * Problem: viewers see the cover before the room. Platforms refuse a cover that is too small, of another aspect ratio,
 * blurred or letterboxed, or that shows a code, a contact or a false claim.
 * Rule: each of these is a fault. Words that break no rule are a warning, since only some platforms (Taobao Live)
 * refuse words.
 * Numbers: sides and ratios of the room's `cover`; ratio within 2 %; two opposite black bars of ≥ 2 % each; blurred
 * from a softness of 0.6 in the sharpest parts (0 is in focus; a blur of 4 pixels at 720 gives 0.6 to 0.8).
 */

const RULE = '5.9';
const RATIO_SLACK = 0.02;
const MAX_SOFT = 0.6;
const BORDER_SHARE = 0.02;
const MAX_SIDE = 2560;
/** Characters read with less confidence may be texture. */
const SURE = 0.6;

/** Faults of a cover. Throws the EngineErrors of an unreadable file. */
export async function checkCover(
  cover: CoverConfig,
  admission: Pick<Admission, 'inspect'>,
  decode: DecodePage,
): Promise<CheckFault[]> {
  const faults: CheckFault[] = [];
  const say = (expected: string, found: string, severity: CheckFault['severity'] = 'fault', rule = RULE): void => {
    faults.push({ severity, where: 'cover', expected, found, rule });
  };
  for await (const picture of readPictures(decode, cover.src, { maxSide: MAX_SIDE, maxPages: 1 })) {
    const width = Math.round(picture.width * picture.scale);
    const height = Math.round(picture.height * picture.scale);
    if (picture.pages > 1) say('one still picture', `an animation of ${picture.pages} pictures`);
    if (Math.min(width, height) < cover.leastSidePx) {
      say(`a shorter side of at least ${cover.leastSidePx} px`, `${width}×${height}`);
    }
    if (!cover.ratios.some((r) => Math.abs(width / height / ratioOf(r) - 1) <= RATIO_SLACK)) {
      say(`a ratio of ${cover.ratios.join(', ')}`, `${width}×${height} (${(width / height).toFixed(2)} : 1)`);
    }
    const plane = await coverPlane(picture);
    const border = blackBorder(plane, BORDER_SHARE);
    if (border !== undefined) say('a picture without black borders', `${percent(border.share)} at ${border.sides}`);
    const soft = softness(plane);
    if (soft === undefined) say('a picture', 'only plain colour');
    else if (soft > MAX_SOFT) say(`a picture in focus (softness at most ${MAX_SOFT})`, soft.toFixed(2));
    const { hits, lines } = await admission.inspect(picture, 'cover', 'cover');
    for (const { hit, refused } of hits) say('a cover that keeps the rules', inWords(hit), severity(refused), hit.rule);
    const words = lines.filter((l) => l.confidence >= SURE).map((l) => l.text.trim());
    if (hits.length === 0 && cover.text !== 'allow' && words.some((w) => w !== '')) {
      const expected = 'a cover without words (some platforms take none)';
      say(expected, `"${words.join(' ').slice(0, 80)}"`, severity(cover.text === 'refuse'));
    }
  }
  return faults;
}

const severity = (refused: boolean): CheckFault['severity'] => (refused ? 'fault' : 'warning');

const inWords = ({ kind, text }: FrameHit): string => (text === undefined ? kind : `${kind} "${text.slice(0, 60)}"`);

function ratioOf(text: string): number {
  const [w, h] = text.split(':').map(Number);
  return w! / h!;
}
