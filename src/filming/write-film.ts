import { join } from 'node:path';
import { EngineError } from '../core/errors.js';
import { blendReferences } from './face/choose-references.js';
import { poseOf, type MouthSpace } from './face/mouth-space.js';
import { refinePose } from './face/refine-pose.js';
import { type Affine, mapX, mapY } from './face/similarity.js';
import type { FaceTrack } from './face/track-face.js';
import { FilmWriter } from './footage/film-writer.js';
import type { Footage } from './footage/open-footage.js';
import type { FilmPresenterOptions } from './import-options.js';
import { keyOut, type ScreenColour } from './matte/colour-key.js';
import type { Reference } from './mouths/warp-bank.js';
import { type FaceNets, PERSON_SIZE } from './nets/face-nets.js';
import { type Rgb, sampleSquare } from './footage/rgb.js';
import type { Patch } from './footage/sample-patch.js';

/** Share of the matte of the frame before: the net's edge flickers. */
const KEEP = 0.5;
const SOLID = 0.75;
const CLEAR = 0.3;

/** Cuts a person out of any background by MediaPipe's selfie net: 256 × 256 values a frame, so hair has a soft edge. */
class PersonMatte {
  private before: Float32Array | undefined;

  constructor(private readonly nets: FaceNets) {}

  async of(picture: Rgb): Promise<Uint8Array> {
    const { width, height } = picture;
    const side = Math.max(width, height);
    const square = { x: width / 2, y: height / 2, side, angle: 0 };
    const raw = Float32Array.from(await this.nets.person(sampleSquare(picture, square, PERSON_SIZE, 1, 0)));
    if (this.before !== undefined)
      for (let i = 0; i < raw.length; i += 1) raw[i] = raw[i]! * (1 - KEEP) + this.before[i]! * KEEP;
    this.before = raw;
    const alpha = new Uint8Array(width * height);
    const scale = PERSON_SIZE / side;
    const left = (side - width) / 2;
    const top = (side - height) / 2;
    const last = PERSON_SIZE - 1.001;
    for (let y = 0; y < height; y += 1) {
      const v = Math.min(last, Math.max(0, (y + 0.5 + top) * scale - 0.5));
      const vi = Math.floor(v);
      for (let x = 0; x < width; x += 1) {
        const u = Math.min(last, Math.max(0, (x + 0.5 + left) * scale - 0.5));
        const ui = Math.floor(u);
        const at = vi * PERSON_SIZE + ui;
        const upper = raw[at]! + (raw[at + 1]! - raw[at]!) * (u - ui);
        const lower = raw[at + PERSON_SIZE]! + (raw[at + PERSON_SIZE + 1]! - raw[at + PERSON_SIZE]!) * (u - ui);
        const t = Math.min(1, Math.max(0, (upper + (lower - upper) * (v - vi) - CLEAR) / (SOLID - CLEAR)));
        alpha[y * width + x] = Math.round(255 * t * t * (3 - 2 * t));
      }
    }
    return alpha;
  }
}

const MAX_TONE = 40;

/** Difference of a frame's skin around the mouth to that of a resting mouth's picture, in Y, U and V. */
function patchTone(
  { data, width, height }: Rgb,
  pose: Affine,
  rest: Patch,
  space: MouthSpace,
): [number, number, number] {
  const { unit, left, top, chinY } = space;
  const sum = [0, 0, 0];
  let n = 0;
  for (let v = 0; v < space.height; v += 3) {
    const y = top + v + 0.5;
    const half = space.halfWidth[v]! * 0.85;
    if (y > chinY * 0.9) break;
    for (let u = 0; u < space.width; u += 3) {
      const x = left + u + 0.5;
      if (Math.abs(x) > half || (x / (0.36 * unit)) ** 2 + (y / (0.2 * unit)) ** 2 < 1) continue;
      const px = Math.round(mapX(pose, x, y) - 0.5);
      const py = Math.round(mapY(pose, x, y) - 0.5);
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      const at = (py * width + px) * 3;
      const from = (v * space.width + u) * 3;
      for (let k = 0; k < 3; k += 1) sum[k]! += data[at + k]! - rest.data[from + k]!;
      n += 1;
    }
  }
  const [r, g, b] = sum.map((s) => s / Math.max(1, n)) as [number, number, number];
  const luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const hold = (value: number): number => Math.max(-MAX_TONE, Math.min(MAX_TONE, Math.round(value)));
  return [
    hold((luma * 219) / 255),
    hold(((b - luma) / 1.8556) * (224 / 255)),
    hold(((r - luma) / 1.5748) * (224 / 255)),
  ];
}

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
