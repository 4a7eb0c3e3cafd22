import { EngineError } from '../core/errors.js';
import {
  browIds,
  cell,
  eyeIds,
  faceGroup,
  type Fit,
  headBack,
  headBase,
  headFront,
  headJaw,
  type HeadPosition,
  headRight,
  headWorn,
  mouthIds,
  type Region,
  sheetSvg,
} from './pose-svg.js';
import type { PartName, PresenterManifest, PresenterPack } from './presenter-pack.js';
import { inkBounds, type Rasterise } from './rasterise.js';

export const HEAD_PARTS: readonly PartName[] = [
  'hairBack',
  'head',
  'features',
  'hairFront',
  'hairRight',
  'eyewear',
  'eyes',
  'brows',
  'mouths',
];

export interface HeadBounds {
  readonly back: Region;
  readonly head: Region;
  readonly front: Region;
  readonly right: Region;
  readonly worn: Region;
  readonly eyes: Region;
  readonly brows: Region;
  readonly mouths: Region;
  readonly jaw: Region;
  /** Pixels of the upper body. */
  readonly body: number;
}

/** Share of the box above the breathing line that the upper body's bitmap takes. */
const BODY_FILL = 0.3;

/** Regions that hold each layer of the head in every pose. */
export async function headBounds(
  pack: PresenterPack,
  fit: Fit,
  size: { width: number; height: number },
  rasterise: Rasterise,
): Promise<HeadBounds> {
  const m = pack.manifest;
  const where = `presenter "${m.name}"`;
  const ends: HeadPosition[] = [
    { sway: -1, nod: 0 },
    { sway: 0, nod: 0 },
    { sway: 1, nod: 0 },
    { sway: 0, nod: 1 },
  ];
  const mouths = [...new Set(mouthIds(pack))];
  const all = (ids: readonly string[], p: HeadPosition): string => ids.map((id) => faceGroup(m, p, id)).join('');
  const measure = async (part: string, content: (p: HeadPosition) => string): Promise<Region> => {
    // A quarter of the size is enough to measure; four pixels are then added around.
    const step = 4;
    const width = Math.ceil(size.width / step);
    const height = Math.ceil(size.height / step);
    const small: Fit = {
      scale: fit.scale / step,
      offsetX: fit.offsetX / step,
      offsetY: fit.offsetY / step,
    };
    const whole: Region = { x: 0, y: 0, width, height };
    const sheet = await rasterise(
      sheetSvg(pack, HEAD_PARTS, width, height, cell(small, whole, 0, 0, ends.map(content).join(''))),
      where,
    );
    const ink = inkBounds(sheet, whole);
    if (ink === undefined) {
      if (part === '') return { x: 0, y: 0, width: 2, height: 2 };
      throw new EngineError('E_PRESENTER_INVALID', {
        where: `${where}: parts.${part}`,
        expected: 'a drawing inside the view box',
        found: 'nothing visible',
      });
    }
    const x = Math.max(0, ink.x * step - step);
    const y = Math.max(0, ink.y * step - step);
    const limit = (end: number, max: number): number => Math.min(max, end);
    return {
      x,
      y,
      width: limit((ink.x + ink.width + 1) * step, size.width) - x,
      height: limit((ink.y + ink.height + 1) * step, size.height) - y,
    };
  };
  const [back, head, front, right, worn, eyes, brows, mouthBox, jaw] = await Promise.all([
    measure('', (p) => headBack(m, p)),
    measure('head', (p) => headBase(m, p)),
    measure('', (p) => headFront(m, p)),
    measure('', (p) => headRight(m, p)),
    measure('', (p) => headWorn(m, p)),
    measure('eyes', (p) => all(eyeIds, p)),
    measure('brows', (p) => all(browIds, p)),
    measure('mouths', (p) => all(mouths, p)),
    measure('', (p) => headJaw(m, p, 1)),
  ]);
  // About the share of its box that the figure fills above the line.
  const body = size.width * (m.breath.line * fit.scale + fit.offsetY) * BODY_FILL;
  return { back, head, front, right, worn, eyes, brows, mouths: mouthBox, jaw, body };
}

/**
 * Chooses the number of steps of each motion.
 *
 * Problem: smooth motion needs steps of at most a pixel; memory allows few of them.
 * Rule: a pixel per step at the crown, 12 steps for an arm, both reduced alike until the estimate is within
 * `BUDGET_BYTES`.
 */
export interface BankPlan {
  readonly swaySteps: number;
  readonly nodSteps: number;
  readonly breathSteps: number;
  /** Pictures of the torso by the fraction of the two pixels in which bitmaps move. */
  readonly torsoPhases: number;
  readonly jawSteps: number;
  readonly armSteps: number;
  /** Poses of a swing whose fingertips travel this many pixels. */
  readonly beatSteps: (travelPx: number) => number;
}

const BUDGET_BYTES = 38_000_000;
const BYTES_PER_PIXEL = 11 / 4;
/** Share of its region that a cut sprite keeps, measured on the built-in packs. */
const ARM_FILL = 0.5;

/** Steps of breath, where memory allows them, and the least. */
const FULL_BREATH = 3;
const SHORT_BREATH = 2;
/** Share of the budget that torso and idle arms may take. */
const IDLE_SHARE = 0.42;
const JAW_STEPS = 3;
/** Pictures of an idle arm by half of the two pixels in which bitmaps move. */
export const ARM_PHASES = 2;
/** Pictures of the torso by quarters of a pixel. */
const TORSO_PHASES = 8;

const odd = (value: number): number => Math.floor(value / 2) * 2 + 1;

export function bankPlan(m: PresenterManifest, fit: Fit, b: HeadBounds): BankPlan {
  const area = (r: { width: number; height: number }): number => r.width * r.height;
  const radius = Math.max(1, m.head.pivot[1] * fit.scale + fit.offsetY - b.head.y);
  const travel = radius * 2 * Math.sin((m.head.swayDegrees * Math.PI) / 180);
  const ideal = Math.max(3, odd(Math.ceil(travel) + 1));
  const headBytes =
    BYTES_PER_PIXEL *
    (area(b.head) +
      area(b.back) * 0.5 +
      area(b.front) +
      area(b.right) * 0.6 +
      area(b.worn) * 0.5 +
      7 * area(b.eyes) * 0.6 +
      4 * area(b.brows) * 0.5 +
      41 * area(b.mouths) * 0.4 +
      JAW_STEPS * area(b.jaw) * 0.8);
  const reach = (m.arms.upperLength + m.arms.foreLength * 0.9) * fit.scale;
  const armBytes = BYTES_PER_PIXEL * reach * reach * ARM_FILL;
  const armSteps = 10;
  const arms = [...Object.values(m.gestures), ...m.talking].filter(
    (g) => g.right !== undefined || g.left !== undefined,
  ).length;
  const torsoPhases = m.weight.shift === 0 ? 1 : TORSO_PHASES;
  const bytesOf = (breath: number): number =>
    breath * (torsoPhases * BYTES_PER_PIXEL * b.body + ARM_PHASES * 2 * armBytes);
  const breathSteps = bytesOf(FULL_BREATH) <= IDLE_SHARE * BUDGET_BYTES ? FULL_BREATH : SHORT_BREATH;
  const idleBytes = bytesOf(breathSteps);
  const ask = headBytes * (ideal + 6) + armBytes * arms * (armSteps + 6);
  const share = Math.min(1, Math.max(0.1, (BUDGET_BYTES - idleBytes) / ask));
  return {
    swaySteps: Math.max(9, odd(ideal * share)),
    nodSteps: Math.max(3, Math.round(6 * share)),
    breathSteps,
    torsoPhases,
    jawSteps: m.head.jaw === undefined ? 0 : JAW_STEPS,
    armSteps: Math.max(7, Math.round(armSteps * share)),
    beatSteps: (travelPx) => odd(Math.max(3, Math.min(7 * Math.max(share, 0.42), travelPx / 8))),
  };
}
