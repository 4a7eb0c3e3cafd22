import {
  armContent,
  cell,
  faceGroup,
  headBack,
  headBase,
  headFront,
  headRight,
  headWorn,
  sheetSvg,
  use,
  type Fit,
  type Region,
} from './pose-svg.js';
import type { GestureName, PartName, PresenterPack } from './presenter-pack.js';

/** Groups and pose of a still picture. */
export interface StillLook {
  readonly gesture?: GestureName;
  readonly mouth?: string;
  readonly eyes?: string;
  readonly brows?: string;
  /** Without body and arms. */
  readonly headOnly?: boolean;
}

/** One picture of a presenter, idle or in a gesture, without drawing its poses: portraits and contact sheets. */
export function stillSvg(
  pack: PresenterPack,
  fit: Fit,
  size: { width: number; height: number },
  look: StillLook = {},
): Buffer {
  const m = pack.manifest;
  const at = { sway: 0, nod: 0 };
  const middle = m.viewBox[0] + m.viewBox[2] / 2;
  const gesture = look.gesture === undefined ? undefined : m.gestures[look.gesture];
  const still = { x: 0, y: 0 };
  const region: Region = { x: 0, y: 0, ...size };
  const content =
    headBack(m, at) +
    (look.headOnly === true ? '' : use('body')) +
    headBase(m, at) +
    faceGroup(m, at, `mouths_${look.mouth ?? 'sil'}`) +
    faceGroup(m, at, `eyes_${look.eyes ?? 'open'}`) +
    faceGroup(m, at, `brows_${look.brows ?? 'neutral'}`) +
    headFront(m, at) +
    headRight(m, at) +
    headWorn(m, at) +
    (look.headOnly === true
      ? ''
      : armContent(pack, gesture?.left ?? m.idle.left, 'left', still, middle) +
        armContent(pack, gesture?.right ?? m.idle.right, 'right', still, middle));
  return sheetSvg(
    pack,
    Object.keys(pack.parts) as PartName[],
    size.width,
    size.height,
    cell(fit, region, 0, 0, content),
  );
}
