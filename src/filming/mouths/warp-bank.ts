import type { MouthTrackFile } from '../../avatar/filmed/film-manifest.js';
import type { MouthSpace } from '../face/mouth-space.js';
import type { PoseTemplate } from '../face/refine-pose.js';
import type { Affine } from '../face/similarity.js';
import type { Patch } from '../footage/sample-patch.js';
import { restingLips, type RestingLips } from './lip-line.js';
import { MOUTH_SHAPES } from './filmed-mouth-shapes.js';
import { warpMouth } from './warp-mouth.js';
import type { InnerLight } from './inner-mouth.js';

/** Colours of skin and lips in a resting mouth's picture. */
function lightOf(space: MouthSpace, rest: Patch, lips: RestingLips): InnerLight {
  const centre = (lips.xLeft + lips.xRight) / 2;
  const reach = (lips.xRight - lips.xLeft) * 0.25;
  const middle = Math.round(centre - space.left);
  const lipY = ((lips.lower[middle]! + lips.bottom[middle]!) / 2) | 0;
  const chinY = lips.bottom[middle]! + 0.55 * (space.chinY - lips.bottom[middle]!);
  return {
    skin: mean(space, rest, centre - reach, centre + reach, chinY - 4, chinY + 5),
    lips: mean(space, rest, centre - reach, centre + reach, lipY - 1, lipY + 2),
  };
}

function mean(
  space: MouthSpace,
  { data, width, height }: Patch,
  x0: number,
  x1: number,
  y0: number,
  y1: number,
): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  let n = 0;
  for (let y = Math.max(0, Math.round(y0 - space.top)); y < Math.min(height, Math.round(y1 - space.top)); y += 1) {
    for (let x = Math.max(0, Math.round(x0 - space.left)); x < Math.min(width, Math.round(x1 - space.left)); x += 1) {
      for (let k = 0; k < 3; k += 1) sum[k]! += data[(y * width + x) * 3 + k]!;
      n += 1;
    }
  }
  return [sum[0] / Math.max(1, n), sum[1] / Math.max(1, n), sum[2] / Math.max(1, n)];
}

/** A frame with a resting mouth that stands for a turn of the head. */
export interface Reference {
  readonly frame: number;
  readonly pose: Affine;
  readonly rest: Patch;
  /** All landmarks in the mouth space, x and y by turns. */
  readonly marks: Float32Array;
  /** Grey: how much of a pixel is the person. */
  readonly matte: Patch | undefined;
  readonly template: PoseTemplate;
  /** Of the skin above the lips alone, for frames in which the mouth moves. */
  readonly upper: PoseTemplate;
}

export interface MouthBankParts {
  /** By mouth × references + reference. */
  readonly patches: Patch[];
  readonly masks: Float32Array[];
  readonly references: number;
  readonly mouths: MouthTrackFile['mouths'];
}

/** Mouths made from the resting ones of all references. */
export async function warpBank(
  space: MouthSpace,
  references: readonly Reference[],
  mask: Float32Array,
  onMouth: (done: number, of: number) => void,
): Promise<MouthBankParts> {
  const patches: Patch[] = [];
  const masks: Float32Array[] = [];
  const prepared = references.map((reference) => {
    const lips = restingLips(space, reference.marks, reference.rest);
    return { reference, lips, light: lightOf(space, reference.rest, lips), mask: maskOf(mask, reference.matte) };
  });
  for (const [i, shape] of MOUTH_SHAPES.entries()) {
    for (const one of prepared) {
      // The mouth at rest is the picture itself.
      patches.push(
        i === 0 ? one.reference.rest : warpMouth(space, one.reference.rest, one.lips, shape, one.light, one.mask),
      );
      masks.push(one.mask);
    }
    onMouth(i + 1, MOUTH_SHAPES.length);
    await new Promise(setImmediate);
  }
  const mouths = MOUTH_SHAPES.map(({ viseme, openness, spread }) => ({ viseme, openness, spread, next: -1 }));
  return { patches, masks, references: references.length, mouths };
}

/** A mouth's picture ends where the person ends. */
export function maskOf(mask: Float32Array, matte: Patch | undefined): Float32Array {
  if (matte === undefined) return mask;
  return mask.map((m, i) => m * Math.min(1, Math.max(0, matte.data[i * 3]! / 255)));
}
