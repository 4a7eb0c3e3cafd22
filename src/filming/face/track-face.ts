import { EngineError } from '../../core/errors.js';
import type { Footage, Rgb, TurnedSquare } from '../footage/open-footage.js';
import { type FaceNets, findFaces, meshIn } from '../nets/find-face.js';

/** Weights of a frame and its neighbours: the net's points tremble from frame to frame. */
const WEIGHTS = [0.06, 0.24, 0.4, 0.24, 0.06] as const;

/** Points smoothed over time; frames without a face stay without. */
export function smoothPoints(points: readonly (Float32Array | undefined)[]): (Float32Array | undefined)[] {
  return points.map((own, n) => {
    if (own === undefined) return undefined;
    const out = new Float32Array(own.length);
    let total = 0;
    WEIGHTS.forEach((w, k) => {
      const near = points[n + k - 2];
      if (near === undefined) return;
      total += w;
      for (let i = 0; i < out.length; i += 1) out[i]! += near[i]! * w;
    });
    for (let i = 0; i < out.length; i += 1) out[i]! /= total;
    return out;
  });
}

/** Indices of MediaPipe's 468 face points. Left and right are those of the picture. */

/** Corners of the eyes and the bridge of the nose: they move with the skull, not with speech. */
export const STABLE = [33, 133, 362, 263, 168, 6, 197, 195, 5, 127, 356] as const;
/** Eye corners far and near, for the unit of length. */
export const EYE_LEFT = 33;
export const EYE_RIGHT = 263;
/** Sides of the face, for the turn of the head. */
const SIDE_LEFT = 234;
const SIDE_RIGHT = 454;
const FOREHEAD = 10;
export const CHIN = 152;
export const NOSE_BASE = 2;
export const MOUTH_LEFT = 61;
export const MOUTH_RIGHT = 291;
/** Inner edge of the lips from the left corner to the right one. */
export const UPPER_INNER = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308] as const;
export const LOWER_INNER = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308] as const;
/** Outer edge of the lips, likewise. */
export const UPPER_OUTER = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291] as const;
export const LOWER_OUTER = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291] as const;
/** The jaw from the left ear over the chin to the right ear. */
export const JAW = [
  234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454,
] as const;

const UPPER = [81, 82, 13, 312, 311] as const;
const LOWER = [178, 87, 14, 317, 402] as const;

const unitOf = (p: Float32Array): number =>
  Math.hypot(p[EYE_RIGHT * 3]! - p[EYE_LEFT * 3]!, p[EYE_RIGHT * 3 + 1]! - p[EYE_LEFT * 3 + 1]!);

/** Gap between the lips of each frame in shares of the distance of the eyes; 0 where no face is. */
export const gapsOf = (points: readonly (Float32Array | undefined)[]): number[] =>
  points.map((p) => {
    if (p === undefined) return 0;
    let sum = 0;
    UPPER.forEach((u, i) => {
      const l = LOWER[i]!;
      sum += Math.hypot(p[l * 3]! - p[u * 3]!, p[l * 3 + 1]! - p[u * 3 + 1]!);
    });
    return sum / UPPER.length / unitOf(p);
  });

/** Width of the mouth, likewise. */
export const widthsOf = (points: readonly (Float32Array | undefined)[]): number[] =>
  points.map((p) => {
    if (p === undefined) return 0;
    const dx = p[MOUTH_RIGHT * 3]! - p[MOUTH_LEFT * 3]!;
    const dy = p[MOUTH_RIGHT * 3 + 1]! - p[MOUTH_LEFT * 3 + 1]!;
    return Math.hypot(dx, dy) / unitOf(p);
  });

/** What one frame of the footage shows of the face. */
export interface FaceFrame {
  /** 468 × (x, y, z) in pixels; undefined where no face was found. */
  readonly points: Float32Array | undefined;
  readonly score: number;
  /** Degrees; 0 looks into the camera. */
  readonly yaw: number;
  readonly pitch: number;
  /** Mean step between neighbouring pixels of the face; falls when it is blurred. */
  readonly sharpness: number;
  /** Mean R − G and G − B around the mouth: another thing before it has other colours. */
  readonly tint: readonly [number, number];
}

export interface FaceTrack {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly FaceFrame[];
}

/** Below this the net does not see a face where one was before. */
const LOST_SCORE = 0.5;
const NOTHING: FaceFrame = { points: undefined, score: 0, yaw: 0, pitch: 0, sharpness: 0, tint: [0, 0] };

/** Follows the one face of the footage. Throws E_ASSET_INVALID for footage without a face, or with several people. */
export async function trackFace(
  footage: Footage,
  where: string,
  nets: FaceNets,
  maxFrames: number,
  signal: AbortSignal,
  onFrame: (n: number, picture: Rgb, face: FaceFrame) => void,
): Promise<FaceTrack> {
  const frames: FaceFrame[] = [];
  let square: TurnedSquare | undefined;
  let several = 0;
  for await (const picture of footage.frames(signal)) {
    if (frames.length === maxFrames) {
      throw new EngineError('E_ASSET_TOO_LARGE', {
        where,
        expected: `at most ${Math.round((maxFrames * footage.rate.den) / footage.rate.num)} s`,
        found: 'a longer film',
        todo: 'cut it shorter',
      });
    }
    // Once a second the whole picture is searched, for a second person.
    if (square === undefined || frames.length % 30 === 0) {
      const found = await findFaces(picture, nets);
      if (found.length > 1) several += 1;
      square ??= found[0]?.square;
    }
    let face = NOTHING;
    if (square !== undefined) {
      const { mesh, next } = await meshIn(picture, square, nets);
      if (mesh.score < LOST_SCORE) square = undefined;
      else {
        // A box from the detector is coarse: the first mesh only says where to look.
        const again = frames.at(-1)?.points === undefined ? await meshIn(picture, next, nets) : { mesh, next };
        face = faceOf(picture, again.mesh.points, again.mesh.score);
        square = again.next;
      }
    }
    onFrame(frames.length, picture, face);
    frames.push(face);
  }
  if (several >= 2) {
    throw new EngineError('E_ASSET_INVALID', {
      where,
      expected: 'one person in the picture',
      found: 'two faces or more',
      todo: 'film one person before a plain background',
    });
  }
  if (!frames.some((f) => f.points !== undefined)) {
    throw new EngineError('E_ASSET_INVALID', {
      where,
      expected: 'a face that looks into the camera',
      found: 'no face',
    });
  }
  return { width: footage.width, height: footage.height, frames };
}

function faceOf(picture: Rgb, points: Float32Array, score: number): FaceFrame {
  const delta = (a: number, b: number, axis: number): number => points[b * 3 + axis]! - points[a * 3 + axis]!;
  const degrees = 180 / Math.PI;
  const yaw = Math.atan2(delta(SIDE_LEFT, SIDE_RIGHT, 2), delta(SIDE_LEFT, SIDE_RIGHT, 0)) * degrees;
  const pitch = Math.atan2(delta(FOREHEAD, CHIN, 2), delta(FOREHEAD, CHIN, 1)) * degrees;
  return { points, score, yaw, pitch, ...look(picture, points) };
}

/** Sharpness and colour between the eyes and the chin. */
function look({ data, width, height }: Rgb, points: Float32Array): Pick<FaceFrame, 'sharpness' | 'tint'> {
  const x0 = Math.max(1, Math.floor(points[EYE_LEFT * 3]!));
  const x1 = Math.min(width - 2, Math.ceil(points[EYE_RIGHT * 3]!));
  const y0 = Math.max(1, Math.floor(points[EYE_LEFT * 3 + 1]!));
  const y1 = Math.min(height - 2, Math.ceil(points[CHIN * 3 + 1]!));
  let [steps, count] = [0, 0];
  for (let y = y0; y < y1; y += 2) {
    for (let x = x0; x < x1; x += 2) {
      const at = (y * width + x) * 3 + 1;
      steps += Math.abs(4 * data[at]! - data[at - 3]! - data[at + 3]! - data[at - 3 * width]! - data[at + 3 * width]!);
      count += 1;
    }
  }
  const mx0 = Math.max(0, Math.floor(points[MOUTH_LEFT * 3]!));
  const mx1 = Math.min(width, Math.ceil(points[MOUTH_RIGHT * 3]!));
  const my = Math.min(height - 1, Math.max(0, Math.floor((points[17 * 3 + 1]! + points[CHIN * 3 + 1]!) / 2)));
  const reach = Math.max(2, Math.floor((y1 - y0) / 20));
  let [rg, gb, seen] = [0, 0, 0];
  for (let y = Math.max(0, my - reach); y < Math.min(height, my + reach); y += 1) {
    for (let x = mx0; x < mx1; x += 1) {
      const at = (y * width + x) * 3;
      rg += data[at]! - data[at + 1]!;
      gb += data[at + 1]! - data[at + 2]!;
      seen += 1;
    }
  }
  return { sharpness: steps / Math.max(1, count), tint: [rg / Math.max(1, seen), gb / Math.max(1, seen)] };
}
