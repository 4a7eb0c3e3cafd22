import { VISEMES } from '../core/speech.js';
import { hasGroup, withOneGroup } from './part-svg.js';
import type { GestureData, HeadPose, PlacedBitmap, TorsoShape } from './presenter-data.js';
import {
  type ArmPose,
  BROW_STATES,
  EYE_STATES,
  mouthGroup,
  type PartName,
  type PresenterManifest,
  type PresenterPack,
} from './presenter-pack.js';

/** All drawn poses of a presenter. Poses are indices into `sprites`. */
export interface PoseBank {
  readonly sprites: PlacedBitmap[];
  readonly sway: HeadPose[];
  readonly nod: HeadPose[];
  readonly bodyLower: number;
  /** Bodies are numbered by breath × phases + phase, idle arms by breath × 2 + odd pixel. */
  readonly torso: TorsoShape;
  readonly bodyUpper: number[];
  readonly idleRight: number[];
  readonly idleLeft: number[];
  readonly gestures: GestureData[];
}

/** a c e / b d f, as SVG's matrix(a b c d e f). */
export type Matrix = readonly [number, number, number, number, number, number];

export const multiply = (m: Matrix, n: Matrix): Matrix => [
  m[0] * n[0] + m[2] * n[1],
  m[1] * n[0] + m[3] * n[1],
  m[0] * n[2] + m[2] * n[3],
  m[1] * n[2] + m[3] * n[3],
  m[0] * n[4] + m[2] * n[5] + m[4],
  m[1] * n[4] + m[3] * n[5] + m[5],
];
const shift = (x: number, y: number): Matrix => [1, 0, 0, 1, x, y];
/** Around a point, clockwise on screen. */
function rotationAbout(degrees: number, x: number, y: number): Matrix {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return multiply(multiply(shift(x, y), [cos, sin, -sin, cos, 0, 0]), shift(-x, -y));
}
/** Around a horizontal line: sideways by `slope` of the distance to it, and stretched by `by`. */
export const lean = (y: number, slope: number, by: number): Matrix =>
  multiply(multiply(shift(0, y), [1, 0, slope, by, 0, 0]), shift(0, -y));

/** Undoes it. */
export function inverse([a, b, c, d, e, f]: Matrix): Matrix {
  const det = a * d - b * c;
  return [d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det];
}

/** A rectangle of whole pixels of the presenter's picture. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** From drawing units to pixels of the presenter's picture: `px = unit · scale + offset`. */
export interface Fit {
  readonly scale: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

/** Head position: tilt and turn −1…1, nod 0…1. */
export interface HeadPosition {
  readonly sway: number;
  readonly nod: number;
}

const r = (value: number): string => String(Math.round(value * 1000) / 1000);

/** A document of `width` × `height` pixels that includes the parts' definitions. */
export function sheetSvg(
  pack: PresenterPack,
  names: readonly PartName[],
  width: number,
  height: number,
  content: string,
  /** The one group of `hands` that the content uses; all of them without it. */
  hand?: string,
): Buffer {
  const part = (name: PartName): string => {
    const inner = pack.parts[name] ?? '';
    return name === 'hands' && hand !== undefined ? withOneGroup(inner, `hands_${hand}`) : inner;
  };
  const defs = names.map((name) => `<g id="${name}">${part(name)}</g>`).join('');
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs>${defs}</defs>${content}</svg>`,
  );
}

/** Content drawn in units, placed so `region` of the picture lands at (x, y) of the sheet. */
export const cell = (fit: Fit, region: Region, x: number, y: number, content: string): string =>
  `<g transform="translate(${r(x - region.x + fit.offsetX)} ${r(y - region.y + fit.offsetY)}) scale(${r(fit.scale * 1000)}e-3)">${content}</g>`;

export const use = (id: string): string => `<use href="#${id}" xlink:href="#${id}"/>`;

type Depth = 'outline' | 'face' | 'hair' | 'back';

/** The movement of a head layer; `depth` is the layer: outline, face or hair. */
export function headMatrix(m: PresenterManifest, p: HeadPosition, depth: Depth): Matrix {
  const { pivot, swayDegrees, turn: turnBy, nod, hairTurn } = m.head;
  const slide = { outline: 0, face: turnBy, hair: hairTurn, back: -hairTurn * 0.5 }[depth];
  // In a nod the face sinks furthest, the front hair less, the outline least: that reads as a bow.
  const sink = { outline: 0.4, face: 1, hair: 0.72, back: 0.3 }[depth];
  const sunk = shift(0, nod * sink * p.nod);
  return multiply(multiply(sunk, rotationAbout(swayDegrees * p.sway, pivot[0], pivot[1])), shift(slide * p.sway, 0));
}
const headTransform = (m: PresenterManifest, p: HeadPosition, depth: Depth): string =>
  transformOf(headMatrix(m, p, depth));
const transformOf = (matrix: Matrix): string => `matrix(${matrix.map((v) => Number(v.toFixed(6))).join(' ')})`;

/** Sideways movement of the head, in units, when the shoulders lean by one. */
export const headShift = (m: PresenterManifest): number =>
  (m.weight.shift * (m.breath.line - m.head.pivot[1])) / Math.max(1, m.breath.line - m.arms.shoulder[1]);

const group = (transform: string, content: string): string => `<g transform="${transform}">${content}</g>`;

/** The head's large layers, in drawing units. */
export const headBack = (m: PresenterManifest, p: HeadPosition): string =>
  group(transformOf(hairMatrix(m, p, 'back')), use('hairBack'));
export const headBase = (m: PresenterManifest, p: HeadPosition): string =>
  group(headTransform(m, p, 'outline'), use('head')) + group(headTransform(m, p, 'face'), use('features'));
/** The lower face with the jaw open, 0–1: stretched from the line under the nose, so nothing tears. */
export function jawMatrix(m: PresenterManifest, open: number): Matrix | undefined {
  const { jaw } = m.head;
  if (jaw === undefined) return undefined;
  return lean(jaw.line, 0, 1 + (jaw.drop * open) / Math.max(1, jaw.chin - jaw.line));
}
/** How the features slide on the head, in a jaw that is open. */
export const featuresInJaw = (m: PresenterManifest, p: HeadPosition): Matrix =>
  shift(m.head.turn * p.sway, 0.6 * m.head.nod * p.nod);
export function headJaw(m: PresenterManifest, p: HeadPosition, open: number): string {
  const { jaw } = m.head;
  const stretched = jawMatrix(m, open);
  if (jaw === undefined || stretched === undefined) return '';
  const [x, y, width, height] = m.viewBox;
  const clip = `<clipPath id="jaw"><rect x="${x}" y="${jaw.line}" width="${width}" height="${y + height - jaw.line}"/></clipPath>`;
  const features = group(transformOf(featuresInJaw(m, p)), use('features'));
  const lower = group(transformOf(stretched), use('head') + features);
  return clip + group(headTransform(m, p, 'outline'), `<g clip-path="url(#jaw)">${lower}</g>`);
}
/** Hair that hangs stays behind when the head tilts: each mass by its own share, so that they move apart. */
const HANG = { left: 0.75, right: 0.5, back: 0.35 } as const;
export function hairMatrix(m: PresenterManifest, p: HeadPosition, mass: keyof typeof HANG): Matrix {
  const slope = Math.tan((m.head.swayDegrees * p.sway * HANG[mass] * Math.PI) / 180);
  return multiply(headMatrix(m, p, mass === 'back' ? 'back' : 'hair'), lean(m.head.pivot[1] - HAIR_ROOT, slope, 1));
}
/** Where hair starts to hang, above the pivot of the head. */
const HAIR_ROOT = 190;
export const headFront = (m: PresenterManifest, p: HeadPosition): string =>
  group(transformOf(hairMatrix(m, p, 'left')), use('hairFront'));
export const headRight = (m: PresenterManifest, p: HeadPosition): string =>
  group(transformOf(hairMatrix(m, p, 'right')), use('hairRight'));
/** Hat, scarf and glasses, which stay on the head. */
export const headWorn = (m: PresenterManifest, p: HeadPosition): string =>
  group(headTransform(m, p, 'face'), use('eyewear'));
export const faceGroup = (m: PresenterManifest, p: HeadPosition, id: string): string =>
  group(headTransform(m, p, 'face'), use(id));

/** Ids of all eye, brow and mouth groups, in the order of a HeadPose; undefined where a level has none. */
export const eyeIds: readonly string[] = EYE_STATES.map((s) => `eyes_${s}`);
export const browIds: readonly string[] = BROW_STATES.map((s) => `brows_${s}`);
/** viseme × 4 + level. A missing level shows the next wider one; a closed one the rest or the pressed mouth. */
export function mouthIds(pack: PresenterPack): string[] {
  const inner = pack.parts.mouths ?? '';
  const ids: string[] = [];
  for (const viseme of VISEMES) {
    for (let level = 0; level < 4; level += 1) {
      if (level === 0) {
        ids.push(viseme === 'PP' ? 'mouths_PP' : 'mouths_sil');
        continue;
      }
      const drawn = [level, 3, 2, 1].find((l) => hasGroup(inner, `mouths_${mouthGroup(viseme, l)}`)) ?? 3;
      ids.push(`mouths_${mouthGroup(viseme, drawn)}`);
    }
  }
  return ids;
}

const RADIANS = Math.PI / 180;
/** The end of a bone of this length from (x, y) at this angle. */
const boneEnd = (x: number, y: number, angle: number, length: number): [number, number] => [
  x - Math.sin(angle * RADIANS) * length,
  y + Math.cos(angle * RADIANS) * length,
];

/** Joints of the right arm: shoulder, elbow, wrist, fingertips (a hand's reach is about two thirds of the forearm). */
export function armJoints(m: PresenterManifest, pose: ArmPose): readonly (readonly [number, number])[] {
  const [sx, sy] = m.arms.shoulder;
  const elbow = boneEnd(sx, sy, pose.upper, m.arms.upperLength * pose.upperScale);
  const wrist = boneEnd(elbow[0], elbow[1], pose.fore, m.arms.foreLength * pose.foreScale);
  const tip = boneEnd(wrist[0], wrist[1], pose.hand, m.arms.foreLength * 0.62);
  return [[sx, sy], elbow, wrist, tip];
}

/** One arm in drawing units; the left one is the right one mirrored about the shoulders' middle. */
export function armContent(
  { manifest: m, arm }: Pick<PresenterPack, 'manifest' | 'arm'>,
  pose: ArmPose,
  side: 'right' | 'left',
  move: { readonly x: number; readonly y: number },
  middle: number,
): string {
  const [shoulder, elbow, wrist] = armJoints(m, pose);
  const moved = (content: string): string => `<g transform="translate(${r(move.x)} ${r(move.y)})">${content}</g>`;
  if (arm !== undefined) {
    const at = ([x, y]: readonly [number, number]): readonly [number, number] => [
      side === 'right' ? x : 2 * middle - x,
      y,
    ];
    const { hand, shape } = pose;
    return moved(arm({ side, shoulder: at(shoulder!), elbow: at(elbow!), wrist: at(wrist!), hand, shape }));
  }
  const place = (at: readonly [number, number], angle: number, stretch: number, id: string): string =>
    `<g transform="translate(${r(at[0])} ${r(at[1])}) rotate(${r(angle)}) scale(1 ${r(stretch)})">${use(id)}</g>`;
  const content =
    place(shoulder!, pose.upper, pose.upperScale, 'upperArm') +
    place(wrist!, pose.hand, 1, `hands_${pose.shape}`) +
    place(elbow!, pose.fore, pose.foreScale, 'forearm');
  return moved(side === 'right' ? content : `<g transform="translate(${2 * middle} 0) scale(-1 1)">${content}</g>`);
}

/** Interpolates two poses; the hand changes its shape on the way. */
export function betweenPoses(a: ArmPose, b: ArmPose, t: number): ArmPose {
  const mix = (from: number, to: number): number => from + (to - from) * t;
  const swing = 0.3 * Math.min(1, Math.abs(b.fore - a.fore) / 180);
  return {
    upper: mix(a.upper, b.upper),
    fore: mix(a.fore, b.fore),
    hand: mix(a.hand, b.hand),
    shape: t < 0.45 ? a.shape : b.shape,
    upperScale: mix(a.upperScale, b.upperScale),
    // A forearm that swings round comes towards the viewer on its way.
    foreScale: Math.max(0.3, mix(a.foreScale, b.foreScale) * (1 - swing * Math.sin(Math.PI * t))),
  };
}
