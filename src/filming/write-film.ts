import { join } from 'node:path';
import { EngineError } from '../core/errors.js';
import { blendReferences } from './face/choose-references.js';
import { poseOf, type MouthSpace } from './face/mouth-space.js';
import { refinePose } from './face/refine-pose.js';
import type { Affine } from './face/similarity.js';
import type { FaceTrack } from './face/track-face.js';
import { FilmWriter } from './footage/film-writer.js';
import type { Footage } from './footage/open-footage.js';
import type { FilmPresenterOptions } from './import-options.js';
import { keyOut, type ScreenColour } from './matte/colour-key.js';
import { PersonMatte } from './matte/person-matte.js';
import { patchTone } from './mouths/patch-tone.js';
import type { Reference } from './mouths/warp-bank.js';
import type { FaceNets } from './nets/face-nets.js';

export interface FilmPass {
  readonly options: FilmPresenterOptions;
  readonly footage: Footage;
  readonly nets: FaceNets;
  readonly screen: ScreenColour | undefined;
  readonly space: MouthSpace;
  readonly points: readonly (Float32Array | undefined)[];
  readonly track: FaceTrack;
  readonly chosen: readonly number[];
  readonly references: readonly Reference[];
  readonly usable: readonly boolean[];
  readonly draft: string;
  readonly tell: (frame: number) => void;
}

/** Writes the film with its matte; refines each frame's pose and measures its light on the way. */
export async function writeFilm(pass: FilmPass): Promise<{
  poses: Affine[];
  tones: number[];
  person: [number, number, number, number] | undefined;
}> {
  const { options, footage, nets, screen, space, points, track, chosen, references, usable } = pass;
  const person = options.matte === 'person' ? new PersonMatte(nets) : undefined;
  const hasAlpha = screen !== undefined || person !== undefined;
  const { width, height, rate } = footage;
  const writer = new FilmWriter(
    join(pass.draft, 'film.mp4'),
    width,
    height,
    rate,
    hasAlpha,
    options.ffmpegPath,
    options.signal,
  );
  const blends = blendReferences(track.frames, chosen);
  const poses: Affine[] = [];
  const tones: number[] = [];
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  try {
    for await (const picture of footage.frames(options.signal)) {
      const n = poses.length;
      if (n >= track.frames.length) break;
      if (n % 25 === 0) pass.tell(n);
      const alpha = screen === undefined ? await person?.of(picture) : keyOut(picture, screen);
      const reference = references[blends[n * 3]!]!;
      const own = points[n] === undefined ? (poses.at(-1) ?? reference.pose) : poseOf(space, points[n]!);
      const pose = usable[n] === true ? refinePose(picture, own, reference.template, space) : own;
      poses.push(pose);
      tones.push(...(usable[n] === true ? patchTone(picture, pose, reference.rest, space) : [0, 0, 0]));
      if (alpha !== undefined) {
        for (let y = 0; y < height; y += 4) {
          for (let x = 0; x < width; x += 4) {
            if (alpha[y * width + x]! < 128) continue;
            x0 = Math.min(x0, x);
            x1 = Math.max(x1, x + 4);
            y0 = Math.min(y0, y);
            y1 = Math.max(y1, y + 4);
          }
        }
      }
      await writer.add(picture, alpha);
    }
    await writer.end();
  } finally {
    writer.close();
  }
  if (poses.length !== track.frames.length) {
    throw new EngineError('E_ASSET_INVALID', {
      where: `--base ${options.base}`,
      expected: `${track.frames.length} frames again`,
      found: `${poses.length}`,
    });
  }
  const box: [number, number, number, number] | undefined = hasAlpha
    ? [x0, y0, Math.max(2, Math.min(width, x1) - x0), Math.max(2, Math.min(height, y1) - y0)]
    : undefined;
  return { poses, tones, person: box };
}
