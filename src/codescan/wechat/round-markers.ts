import { FINDER_STRIDE } from '../locate/candidate-boxes.js';

/*
 * The ring markers of round codes. The locator search measures along two lines and two diagonals and thresholds grey,
 * so one of three markers 15 px wide is often found off-centre, at a wrong size, or not at all. Here a position is
 * judged all around, in grey: dot, gap, ring and the clear zone around it, whatever their exact proportions.
 */

/** A marker's width in units of its ring: 1:1.5:1.05:1.5:1. */
export const MARKER_UNITS = 6.05;

/** A ring marker; the unit is the ring's width. */
export interface Marker {
  readonly x: number;
  readonly y: number;
  readonly unit: number;
  /** 1 for light on dark, as in `Kernels.findFinders`. */
  readonly isLight: boolean;
}

/** A plane with its size. */
export interface PlaneView {
  readonly plane: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Directions in which a marker is sampled. */
const ANGLES = 20;
const COS = Float64Array.from({ length: ANGLES }, (_, n) => Math.cos((2 * Math.PI * n) / ANGLES));
const SIN = Float64Array.from({ length: ANGLES }, (_, n) => Math.sin((2 * Math.PI * n) / ANGLES));
/** Radii of gap, ring and clear zone, in units. Gap and ring are sampled twice, as their proportions vary. */
const GAP = [1.35, 1.65] as const;
const RING = [2.4, 2.7] as const;
const OUTSIDE = 3.6;
const SIZES = [0.82, 0.9, 1.1, 1.22] as const;
const MIN_CONTRAST = 8;
/** Pixels per ring unit from which round and square can be distinguished. */
const TOLD_FROM = 2.25;
/**
 * Noise imitates all parts of a marker somewhere, as the best of many samples. There the steps from gap and clear zone
 * to the ring are 1.1 and 0.9 times their variation with the angle; for the markers of 292 codes in every condition
 * they are at least 2.2 and 4.1 times.
 */
const MIN_STEADY_GAP = 1.3;
const MIN_STEADY_OUTSIDE = 1.5;
/** Maximum number of kept markers; all combinations of three are examined. */
const MAX_MARKERS = 32;
/** Doubtful locators that are examined, 20 µs each. */
const MAX_DOUBTFUL = 12;

/** The tones around a position: positive where lighter than the ring, in either polarity. */
class Look {
  readonly gaps = new Float64Array(ANGLES);
  readonly rings = new Float64Array(ANGLES);
  readonly outside = new Float64Array(ANGLES);
  gap = 0;
  ring = 0;
  out = 0;
  dot = 0;

  /** Samples everything; false when the position reaches over the picture's edge. */
  at({ plane, width, height }: PlaneView, x: number, y: number, unit: number, isLight: boolean): boolean {
    const reach = OUTSIDE * unit + 1;
    if (x < reach || y < reach || x >= width - reach || y >= height - reach) return false;
    const { gaps, rings, outside } = this;
    const sign = isLight ? -1 : 1;
    let gap = 0;
    let ring = 0;
    let out = 0;
    // Called ten thousand times a frame: no closures, and the coordinates are positive, so that | 0 is the floor.
    for (let n = 0; n < ANGLES; n += 1) {
      const dx = COS[n]! * unit;
      const dy = SIN[n]! * unit;
      const g0 = sign * plane[((y + dy * GAP[0]) | 0) * width + ((x + dx * GAP[0]) | 0)]!;
      const g1 = sign * plane[((y + dy * GAP[1]) | 0) * width + ((x + dx * GAP[1]) | 0)]!;
      const r0 = sign * plane[((y + dy * RING[0]) | 0) * width + ((x + dx * RING[0]) | 0)]!;
      const r1 = sign * plane[((y + dy * RING[1]) | 0) * width + ((x + dx * RING[1]) | 0)]!;
      const beyond = sign * plane[((y + dy * OUTSIDE) | 0) * width + ((x + dx * OUTSIDE) | 0)]!;
      gap += gaps[n] = g0 > g1 ? g0 : g1;
      ring += rings[n] = r0 < r1 ? r0 : r1;
      out += outside[n] = beyond;
    }
    this.gap = gap / ANGLES;
    this.ring = ring / ANGLES;
    this.out = out / ANGLES;
    this.dot = sign * plane[(y | 0) * width + (x | 0)]!;
    return true;
  }

  get contrast(): number {
    return Math.min(this.gap, this.out) - this.ring;
  }

  /** Whether dot, gap, ring and clear zone show at every angle: 回 has them on four sides only. */
  isRound(unit: number): boolean {
    const contrast = this.gap - this.ring;
    if (contrast < MIN_CONTRAST || this.out - this.ring <= 0.4 * contrast) return false;
    if (this.gap - this.dot <= 0.2 * contrast) return false;
    if (!isSteady(this.gaps, this.rings, MIN_STEADY_GAP)) return false;
    if (!isSteady(this.outside, this.rings, MIN_STEADY_OUTSIDE)) return false;
    let [clear, closed] = [0, 0];
    for (let n = 0; n < ANGLES; n += 1) {
      if (this.gaps[n]! - this.rings[n]! > 0.3 * contrast) clear += 1;
      if (this.outside[n]! - this.ring <= 0.3 * contrast) closed += 1;
    }
    // The corners of a square ring, and adjacent strokes. At smaller sizes, blur joins the spokes to a true one.
    return clear >= 0.7 * ANGLES && (unit <= TOLD_FROM || closed <= ANGLES / 5);
  }
}

/** Whether `light` exceeds `dark` by this many times its variation with the angle. */
function isSteady(light: Float64Array, dark: Float64Array, least: number): boolean {
  let sum = 0;
  let squares = 0;
  for (let n = 0; n < ANGLES; n += 1) {
    const step = light[n]! - dark[n]!;
    sum += step;
    squares += step * step;
  }
  const mean = sum / ANGLES;
  return mean > 0 && mean * mean >= least * least * (squares / ANGLES - mean * mean);
}

const look = new Look();

/** The marker near this position, where its contrast is best; undefined if nothing is round there. */
function refineMarker(view: PlaneView, from: Marker): Marker | undefined {
  const { isLight } = from;
  let best = from;
  let contrast = -Infinity;
  const tryAt = (x: number, y: number, unit: number): void => {
    if (!look.at(view, x, y, unit, isLight) || look.contrast <= contrast) return;
    best = { x, y, unit, isLight };
    contrast = look.contrast;
  };
  const around = (steps: number, unit: number): void => {
    const step = Math.max(0.5, 0.35 * unit);
    const { x, y } = best;
    for (let j = -steps; j <= steps; j += 1)
      for (let i = -steps; i <= steps; i += 1) tryAt(x + i * step, y + j * step, unit);
  };
  around(2, from.unit);
  if (contrast < 0) return undefined;
  for (const size of SIZES) around(1, from.unit * size);
  look.at(view, best.x, best.y, best.unit, isLight);
  return contrast >= MIN_CONTRAST && look.isRound(best.unit) ? best : undefined;
}

function markerAt(marks: Int32Array, i: number): Marker {
  const at = i * FINDER_STRIDE;
  return { x: marks[at]! + 0.5, y: marks[at + 1]! + 0.5, unit: marks[at + 2]! / 16, isLight: marks[at + 3] !== 2 };
}

/** Adds a marker unless it is known: one may be found as a finder as well. */
function keep(found: Marker[], marker: Marker | undefined): void {
  if (marker !== undefined && !found.some((other) => isSame(other, marker))) found.push(marker);
}

/** The round ones among `count` locators of FINDER_STRIDE integers each. */
export function roundMarkers(view: PlaneView, marks: Int32Array, count: number): Marker[] {
  const found: Marker[] = [];
  for (let i = 0; i < count && found.length < MAX_MARKERS; i += 1) keep(found, refineMarker(view, markerAt(marks, i)));
  return found;
}

/** Whether any of the first `sure` locators may belong to one of the others, up to `reach` of its units away. */
export function haveCompany(marks: Int32Array, sure: number, count: number, reach: number): boolean {
  for (let i = 0; i < sure; i += 1) {
    const mark = markerAt(marks, i);
    for (let k = sure; k < count; k += 1) if (belongs(markerAt(marks, k), mark, reach)) return true;
  }
  return false;
}

const belongs = (mark: Marker, to: Marker, reach: number): boolean =>
  alike(to, mark) && !isSame(to, mark) && Math.hypot(to.x - mark.x, to.y - mark.y) <= reach * to.unit;

/** Adds locators [from, to) similar to a known one and within `reach` modules of it. */
export function addDoubtful(
  view: PlaneView,
  found: Marker[],
  marks: Int32Array,
  from: number,
  to: number,
  reach: number,
): void {
  const sure = found.length;
  let tries = MAX_DOUBTFUL;
  for (let i = from; i < to && tries > 0 && found.length < MAX_MARKERS; i += 1) {
    const mark = markerAt(marks, i);
    if (found.some((other) => isSame(other, mark))) continue;
    if (!found.some((other, at) => at < sure && belongs(mark, other, reach))) continue;
    tries -= 1;
    keep(found, refineMarker(view, mark));
  }
}

/** The best marker of this kind within `reach` of a position. */
export function markerNear(view: PlaneView, { x, y, unit, isLight }: Marker, reach: number): Marker | undefined {
  const { plane, width, height } = view;
  const step = Math.max(1, 0.7 * unit);
  const steps = Math.ceil(reach / step);
  const sign = isLight ? -1 : 1;
  let best: Marker | undefined;
  let contrast = MIN_CONTRAST;
  for (let j = -steps; j <= steps; j += 1) {
    for (let i = -steps; i <= steps; i += 1) {
      if (i * i + j * j > steps * steps) continue;
      const [px, py] = [x + i * step, y + j * step];
      if (px < 4 * unit || py < 4 * unit || px >= width - 4 * unit || py >= height - 4 * unit) continue;
      // Four samples reject most positions.
      const row = Math.floor(py) * width;
      const [left, right] = [plane[row + Math.floor(px - 2.5 * unit)]!, plane[row + Math.floor(px + 2.5 * unit)]!];
      const above = plane[Math.floor(py - 2.5 * unit) * width + Math.floor(px)]!;
      const below = plane[Math.floor(py + 2.5 * unit) * width + Math.floor(px)]!;
      const inner = plane[row + Math.floor(px + 1.5 * unit)]! + plane[row + Math.floor(px - 1.5 * unit)]!;
      if (sign * (2 * inner - left - right - above - below) < 2 * MIN_CONTRAST) continue;
      if (!look.at(view, px, py, unit, isLight) || look.contrast <= contrast) continue;
      contrast = look.contrast;
      best = { x: px, y: py, unit, isLight };
    }
  }
  return best && refineMarker(view, best);
}

export function isSame(a: Marker, b: Marker): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) < (MARKER_UNITS / 2) * Math.max(a.unit, b.unit) && a.isLight === b.isLight;
}

export function alike(a: Marker, b: Marker): boolean {
  return a.isLight === b.isLight && 2 * a.unit <= 3 * b.unit && 2 * b.unit <= 3 * a.unit;
}
