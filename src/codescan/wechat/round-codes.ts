import type { Box } from '../../core/verdict.js';
import {
  addDoubtful,
  alike,
  haveCompany,
  isSame,
  type Marker,
  MARKER_UNITS,
  markerNear,
  type PlaneView,
  roundMarkers,
} from './round-markers.js';
import { findPlatformSpokes, findSpokes, isBusy, type Square, squareOn } from './round-spokes.js';

/*
 * The round codes of WeChat (mini-programs, rewards): no reader decodes them, so geometry decides. Three ring markers
 * are at corners of a square whose side is 6.5 times a marker's width, and spokes of dots run around the square's
 * middle. Lamps, buttons and speakers have rings too, but not three in that arrangement with some dozens of
 * alternations on the circles between them.
 */

/** Side over width: 6.5, with a third of tolerance for tilt and rough sizes, and less where markers are drawn large. */
const SIDE_LOW = 2.8;
const SIDE_USUAL = 5;
const SIDE_PLATFORM = 6.5;
const SIDE_RARE = 8;
const SIDE_HIGH = 9;
/** Units from one marker to the furthest other one. */
const MAX_AWAY = SIDE_HIGH * Math.SQRT2 * MARKER_UNITS;
/**
 * Minimum excess of the platform's spoke numbers over other numbers, with three markers in their positions: without
 * spokes it is up to 0.042 there, and 0.016 at 72. Markers out of position need more.
 */
const PLATFORM_SHARE = 0.044;
const PLATFORM_SHARE_MANY = 0.024;
/** Maximum share of any other number of spokes in the changes on a piece of the circles. */
const SHARE = 0.11;
/**
 * Markers drawn larger than the platform's are closer. The next targets in a row alternate slowly; spokes have 0.55 and
 * more.
 */
const ABOVE_CLOSE = 0.5;
const FEWEST_CLOSE = 40;
/** For these markers, the largest over the smallest. */
const MAX_SPREAD = 1.25;
/**
 * The longer side over the shorter, and the cosine of the angle between them: a tilt by 45 degrees; with the platform's
 * number of spokes by 50.
 */
const MAX_STRETCH = 1.4;
const MAX_COSINE = 0.35;
const MAX_STRETCH_PLATFORM = 1.6;
const MAX_COSINE_PLATFORM = 0.45;
/** From this on the nearer markers may look larger, as in a perspective view from near. */
const MIN_SPREAD_ASLANT = 1.2;
/** Codes have 36 and more; slower changes stand out beside any irregular shape. */
const FEWEST_SPOKES = 32;
const FEW_SPOKES = 46;
/** From this many on their share is smaller, as they run together; that of targets is 0.02. */
const MANY_SPOKES = 58;
const SHARE_MANY = 0.06;
/**
 * Excludes chance whatever else is doubtful: a marker searched for because of the others, or circles with few spokes.
 * In 1,660 frames with imitations of all kinds no examined position has more than 0.14 for 36 and more, 0.12 for 40 and
 * 0.09 for 44; of 400 codes with large markers all except those of 80 spokes have 0.18.
 */
const SHARE_SURE = 0.18;
const SHARE_SURE_MANY = 0.1;
const FEWEST_SURE = 36;
/** A ring of fewer pixels may be anything. */
const SURE_UNIT = 1.5;
/** How far from its expected position, in sides, an undetected third marker is searched for: a tilt of 30 degrees. */
const THIRD_REACH = 0.18;
/** Radius of a marker with the clear zone around it, in units. */
const CLEAR_UNITS = 3.6;
/** Positions that are examined closely, 0.2 to 1 ms each. */
const MAX_LOOKS = 40;
/** Pairs of markers for which the third is searched for. */
const MAX_PAIRS = 24;
/** A logo may look like one more marker; a row of targets has more. */
const MAX_INSIDE = 1;

/**
 * The outline of a round code among ring markers (FINDER_STRIDE integers each), in pixels of the plane; those from
 * `sure` on are doubtful.
 */
export function findRoundCode(
  plane: Uint8Array,
  width: number,
  height: number,
  marks: Int32Array,
  sure: number,
  count: number,
): Box | undefined {
  if (sure < 2 && !haveCompany(marks, sure, count, MAX_AWAY)) return undefined;
  const view = { plane, width, height };
  const looks = { left: MAX_LOOKS };
  const markers = roundMarkers(view, marks, sure);
  addDoubtful(view, markers, marks, sure, count, MAX_AWAY);
  for (const a of markers) {
    for (const [at, b] of markers.entries()) {
      if (b === a || !alike(a, b)) continue;
      for (const c of markers.slice(at + 1)) {
        if (c === a || !alike(a, c) || !alike(b, c)) continue;
        const box = codeOf(view, looks, markers, a, b, c);
        if (box !== undefined) return box;
      }
    }
  }
  return codeOfTwo(view, looks, markers);
}

/** The same when only two markers were detected: the third is searched for in its six possible positions. */
function codeOfTwo(view: PlaneView, looks: Looks, markers: readonly Marker[]): Box | undefined {
  let pairs = 0;
  for (const [at, a] of markers.entries()) {
    for (const b of markers.slice(at + 1)) {
      if (!alike(a, b)) continue;
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const away = Math.hypot(dx, dy);
      const unit = (a.unit + b.unit) / 2;
      const ratio = away / (unit * MARKER_UNITS);
      if (ratio < SIDE_LOW || ratio > SIDE_HIGH * Math.SQRT2) continue;
      pairs += 1;
      if (pairs > MAX_PAIRS) return undefined;
      for (const side of [1, -1]) {
        const [px, py] = [-dy * side, dx * side];
        // At right angles to the pair at either end, and between them where the pair is the longest side.
        const legs = ratio <= SIDE_HIGH;
        const places = [
          ...(legs ? [[a, b, a.x + px, a.y + py, away] as const, [b, a, b.x + px, b.y + py, away] as const] : []),
          ...(ratio >= SIDE_LOW * Math.SQRT2
            ? [[undefined, a, a.x + (dx + px) / 2, a.y + (dy + py) / 2, away * Math.SQRT1_2] as const]
            : []),
        ];
        for (const [corner, other, x, y, leg] of places) {
          const third = markerNear(view, { x, y, unit, isLight: a.isLight }, THIRD_REACH * leg);
          if (third === undefined || isSame(third, a) || isSame(third, b) || !alike(third, a)) continue;
          const box =
            corner === undefined
              ? codeOf(view, looks, markers, third, a, b, true)
              : codeOf(view, looks, markers, corner, other, third, true);
          if (box !== undefined) return box;
        }
      }
    }
  }
  return undefined;
}

/** Rows of buttons, lamps or targets have more markers of one kind where a code has its spokes and its logo. */
function othersInside(markers: readonly Marker[], own: readonly Marker[], x: number, y: number, reach: number): number {
  return markers.filter(
    (marker) =>
      alike(marker, own[0]!) &&
      Math.hypot(marker.x - x, marker.y - y) < reach &&
      !own.some((mine) => isSame(mine, marker)),
  ).length;
}

/**
 * The distance of a marker relative to `a`. Across the tilt of a plane sizes shrink with the distance, and along it
 * with its square.
 */
const far = (a: Marker, marker: Marker): number => (a.unit / marker.unit) ** (2 / 3);

interface Looks {
  left: number;
}

/** The arrangement of the three markers. */
interface Place {
  /** Side over a marker's width. */
  readonly ratio: number;
  /** Of their rings, in pixels. */
  readonly unit: number;
  readonly cosine: number;
  /** The longer side over the shorter, the largest marker over the smallest. */
  readonly stretch: number;
  readonly spread: number;
}

/** Whether the number of spokes is one of the platform's, amid markers in the platform's arrangement. */
function hasPlatformSpokes(view: PlaneView, square: Square, { ratio, unit, cosine, stretch, spread }: Place): boolean {
  if (ratio < 5 || ratio > 8) return false;
  const { share, count } = findPlatformSpokes(view, square);
  const astray =
    0.12 * Math.abs(cosine) +
    0.1 * (stretch - 1) +
    0.02 * (spread - 1) +
    0.015 * Math.max(0, Math.abs(ratio - SIDE_PLATFORM) - 0.7) +
    (unit < SURE_UNIT ? 0.04 : 0);
  return share >= (count >= MANY_SPOKES ? PLATFORM_SHARE_MANY : PLATFORM_SHARE) + astray;
}

/** Whether there are spokes of any number. Rows of targets seem to have a few at equal angles. */
function hasSpokes(view: PlaneView, square: Square, { ratio, unit }: Place, guessed: boolean): boolean {
  const busy = isBusy(view, square);
  if (!busy && unit < SURE_UNIT) return false;
  const { share, count, above } = findSpokes(view, square, CLEAR_UNITS / (MARKER_UNITS * ratio));
  if (count < FEWEST_SPOKES) return false;
  if (guessed || !busy) {
    const least = count >= MANY_SPOKES ? SHARE_SURE_MANY : SHARE_SURE;
    return unit >= SURE_UNIT && count >= FEWEST_SURE && share >= least && above >= ABOVE_CLOSE * share;
  }
  const isFew = ratio < SIDE_USUAL || ratio > SIDE_RARE || unit < SURE_UNIT;
  if (isFew && count < FEW_SPOKES) return count >= FEWEST_CLOSE && share >= SHARE && above >= ABOVE_CLOSE * share;
  return share >= (count >= MANY_SPOKES ? SHARE_MANY : SHARE);
}

/** The code whose square has its corner at `a`. `guessed`: one of the three was searched for because of the others. */
function codeOf(
  view: PlaneView,
  looks: Looks,
  markers: readonly Marker[],
  a: Marker,
  b: Marker,
  c: Marker,
  guessed = false,
): Box | undefined {
  const [ux, uy] = [b.x - a.x, b.y - a.y];
  const [vx, vy] = [c.x - a.x, c.y - a.y];
  const [u, v] = [Math.hypot(ux, uy), Math.hypot(vx, vy)];
  const stretch = Math.max(u, v) / Math.min(u, v);
  const cosine = (ux * vx + uy * vy) / (u * v);
  if (stretch > MAX_STRETCH_PLATFORM || Math.abs(cosine) > MAX_COSINE_PLATFORM) return undefined;
  const unit = (a.unit + b.unit + c.unit) / 3;
  const spread = Math.max(a.unit, b.unit, c.unit) / Math.min(a.unit, b.unit, c.unit);
  const ratio = (u + v) / 2 / (unit * MARKER_UNITS);
  if (ratio < SIDE_LOW || ratio > SIDE_HIGH) return undefined;
  const square = squareOn(a, b, c);
  if (looks.left === 0) return undefined;
  looks.left -= 1;
  const place: Place = {
    ratio,
    unit,
    cosine,
    stretch,
    spread,
  };
  const others = othersInside(markers, [a, b, c], square.x, square.y, 0.78 * Math.max(u, v));
  if (others > MAX_INSIDE) return undefined;
  const aslant = (): boolean =>
    spread > MIN_SPREAD_ASLANT && hasPlatformSpokes(view, squareOn(a, b, c, far(a, b), far(a, c)), place);
  if (!hasPlatformSpokes(view, square, place) && !aslant()) {
    if (others > 0 || spread > MAX_SPREAD || stretch > MAX_STRETCH || Math.abs(cosine) > MAX_COSINE) return undefined;
    if (!hasSpokes(view, square, place, guessed)) return undefined;
  }
  // The square's outline and a fifth more on each side: the spokes' outer circle.
  const reach = 0.8 * Math.max(u, v);
  const x = Math.max(0, Math.floor(square.x - reach));
  const y = Math.max(0, Math.floor(square.y - reach));
  return {
    x,
    y,
    width: Math.min(view.width, Math.ceil(square.x + reach)) - x,
    height: Math.min(view.height, Math.ceil(square.y + reach)) - y,
  };
}
