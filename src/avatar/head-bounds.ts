import { EngineError } from '../core/errors.js';
import type { PartName, PresenterPack } from './presenter-pack.js';
import {
  browIds,
  cell,
  eyeIds,
  faceGroup,
  headBack,
  headBase,
  headFront,
  headRight,
  headWorn,
  headJaw,
  mouthIds,
  sheetSvg,
  type Fit,
  type HeadPosition,
  type Region,
} from './pose-svg.js';
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
