import { EngineError } from '../core/errors.js';
import { inSpace, poseOf, type MouthSpace } from './face/mouth-space.js';
import { poseTemplate, refinePose, type PoseTemplate } from './face/refine-pose.js';
import type { Footage } from './footage/open-footage.js';
import type { Rgb } from './footage/rgb.js';
import { samplePatch } from './footage/sample-patch.js';
import { keyOut, screenColour, type ScreenColour } from './matte/colour-key.js';
import type { Reference } from './mouths/warp-bank.js';

/** The colour of the screen behind the person, when one is asked for or found. */
export async function screenOf(
  footage: Footage,
  matte: string,
  signal: AbortSignal,
): Promise<ScreenColour | undefined> {
  if (matte !== 'auto' && matte !== 'green') return undefined;
  for await (const picture of footage.frames(signal)) {
    const screen = screenColour(picture);
    if (screen === undefined && matte === 'green') {
      throw new EngineError('E_ASSET_INVALID', {
        where: '--matte green',
        expected: 'one green or blue behind the person',
        found: 'other colours around the picture',
      });
    }
    return screen;
  }
  return undefined;
}

/** The pictures of the chosen frames, keyed, with their poses laid on the first one. */
export async function takeReferences(
  footage: Footage,
  chosen: readonly number[],
  points: readonly (Float32Array | undefined)[],
  space: MouthSpace,
  screen: ScreenColour | undefined,
  always: boolean,
  signal: AbortSignal,
): Promise<Reference[]> {
  const pictures = new Map<number, { picture: Rgb; alpha: Uint8Array | undefined }>();
  const last = Math.max(...chosen);
  let n = 0;
  for await (const picture of footage.frames(signal)) {
    if (chosen.includes(n)) {
      const alpha = screen === undefined ? undefined : keyOut(picture, screen);
      pictures.set(n, { picture, alpha });
    }
    if (n === last) break;
    n += 1;
  }
  let first: PoseTemplate | undefined;
  return chosen.map((frame) => {
    const { picture, alpha } = pictures.get(frame)!;
    const own = poseOf(space, points[frame]!);
    const pose = first === undefined ? own : refinePose(picture, own, first, space);
    first ??= poseTemplate(picture, pose, space, !always);
    const marks = inSpace(
      pose,
      points[frame]!,
      Array.from({ length: 468 }, (_, i) => i),
    );
    const matte = alpha === undefined ? undefined : samplePatch(greyOf(alpha, picture), pose, space);
    const upper = poseTemplate(picture, pose, space, false);
    const template = always ? upper : poseTemplate(picture, pose, space, true);
    return { frame, pose, rest: samplePatch(picture, pose, space), marks, matte, template, upper };
  });
}

function greyOf(alpha: Uint8Array, { width, height }: Rgb): Rgb {
  const data = new Uint8Array(alpha.length * 3);
  for (let i = 0; i < alpha.length; i += 1) data.fill(alpha[i]!, i * 3, i * 3 + 3);
  return { data, width, height };
}
