import { createRequire } from 'node:module';
import type { InferenceSession, InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-common';
import { templatePath } from '../../core/files/paths.js';
import { type Rgb, sampleSquare, type TurnedSquare } from '../footage/open-footage.js';

interface Runtime {
  InferenceSession: InferenceSessionFactory;
  Tensor: TensorConstructor;
}

/** Side of each net's square input. */
const DETECTOR_SIZE = 256;
const MESH_SIZE = 192;
export const PERSON_SIZE = 256;

/**
 * Three nets of Google's MediaPipe (templates/models/face) on ONNX Runtime with one thread: where a face is, 468 points
 * of it, and which pixels are a person. Used when footage is imported, never on air.
 */
export class FaceNets {
  private constructor(
    private readonly runtime: Runtime,
    private readonly detector: InferenceSession,
    private readonly landmarks: InferenceSession,
    private readonly segmenter: InferenceSession,
  ) {}

  static async load(): Promise<FaceNets> {
    const runtime = createRequire(import.meta.url)('onnxruntime-node') as Runtime;
    const options: InferenceSession.SessionOptions = {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    };
    const open = (name: string): Promise<InferenceSession> =>
      runtime.InferenceSession.create(templatePath('models', 'face', `${name}.onnx`), options);
    return new FaceNets(runtime, await open('blazeface'), await open('facemesh'), await open('selfie'));
  }

  /** Planar RGB, −1…1. */
  async detect(
    picture: Float32Array,
  ): Promise<Readonly<Record<'scores1' | 'scores2' | 'boxes1' | 'boxes2', Float32Array>>> {
    const out = await this.run(this.detector, picture, DETECTOR_SIZE);
    return {
      scores1: values(out['scores1']),
      scores2: values(out['scores2']),
      boxes1: values(out['boxes1']),
      boxes2: values(out['boxes2']),
    };
  }

  /** Planar RGB, 0…1. `points`: x, y, z in pixels of the input; `face`: 0…1. */
  async mesh(picture: Float32Array): Promise<{ readonly points: Float32Array; readonly face: number }> {
    const out = await this.run(this.landmarks, picture, MESH_SIZE);
    return { points: values(out['mesh']), face: values(out['face'])[0]! };
  }

  /** Planar RGB, 0…1. One value 0…1 a pixel. */
  async person(picture: Float32Array): Promise<Float32Array> {
    return values((await this.run(this.segmenter, picture, PERSON_SIZE))['person']);
  }

  private run(net: InferenceSession, picture: Float32Array, size: number): Promise<InferenceSession.OnnxValueMapType> {
    return net.run({ picture: new this.runtime.Tensor('float32', picture, [1, 3, size, size]) });
  }
}

const values = (tensor: unknown): Float32Array => (tensor as Tensor).data as Float32Array;

/** 468 points of a face: x and y in pixels of the picture, z in the same unit, smaller towards the camera. */
interface FaceMesh {
  readonly points: Float32Array;
  /** 0…1: how sure the net is that this is a face. */
  readonly score: number;
}

interface FoundFace {
  readonly square: TurnedSquare;
  readonly score: number;
}

const MIN_SCORE = 0.5;
/** A face in a bust takes the middle of the picture, so the detector looks at the whole picture once. */
const STRIDES = [16, 32] as const;
const ANCHORS_AT = [2, 6] as const;
/** A second face of at least this share of the first one's size counts. */
const OTHER_FACE_SHARE = 0.35;

/** Faces of a picture, the largest first. */
export async function findFaces(picture: Rgb, nets: FaceNets): Promise<FoundFace[]> {
  const side = Math.max(picture.width, picture.height);
  const whole: TurnedSquare = { x: picture.width / 2, y: picture.height / 2, side, angle: 0 };
  const out = await nets.detect(sampleSquare(picture, whole, DETECTOR_SIZE, 2, -1));
  const scale = side / DETECTOR_SIZE;
  const left = whole.x - side / 2;
  const top = whole.y - side / 2;
  const found: FoundFace[] = [];
  STRIDES.forEach((stride, s) => {
    const scores = s === 0 ? out.scores1 : out.scores2;
    const boxes = s === 0 ? out.boxes1 : out.boxes2;
    const across = DETECTOR_SIZE / stride;
    for (let i = 0; i < scores.length; i += 1) {
      const score = 1 / (1 + Math.exp(-scores[i]!));
      if (score < MIN_SCORE) continue;
      const cell = Math.floor(i / ANCHORS_AT[s]!);
      const ax = ((cell % across) + 0.5) * stride;
      const ay = (Math.floor(cell / across) + 0.5) * stride;
      const b = boxes.subarray(i * 16, i * 16 + 16);
      const at = (k: number): [number, number] => [left + (ax + b[k]!) * scale, top + (ay + b[k + 1]!) * scale];
      const [x, y] = at(0);
      const [x1, y1] = at(4);
      const [x2, y2] = at(6);
      const size = Math.max(b[2]!, b[3]!) * scale;
      found.push({ score, square: { x, y, side: size * 1.5, angle: Math.atan2(y2 - y1, x2 - x1) } });
    }
  });
  found.sort((a, b) => b.score - a.score);
  const apart: FoundFace[] = [];
  for (const face of found) {
    const near = apart.some(({ square }) => {
      const gap = Math.hypot(square.x - face.square.x, square.y - face.square.y);
      return gap < 0.5 * Math.max(square.side, face.square.side);
    });
    if (!near) apart.push(face);
  }
  apart.sort((a, b) => b.square.side - a.square.side);
  return apart.filter(({ square }) => square.side > OTHER_FACE_SHARE * apart[0]!.square.side);
}

/** The points of the face in a square, and the square in which to look for it in the next picture. */
export async function meshIn(
  picture: Rgb,
  square: TurnedSquare,
  nets: FaceNets,
): Promise<{ mesh: FaceMesh; next: TurnedSquare }> {
  const { points: raw, face } = await nets.mesh(sampleSquare(picture, square, MESH_SIZE, 1, 0));
  const scale = square.side / MESH_SIZE;
  const cos = Math.cos(square.angle);
  const sin = Math.sin(square.angle);
  const points = new Float32Array(raw.length);
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < raw.length; i += 3) {
    const u = (raw[i]! - MESH_SIZE / 2) * scale;
    const v = (raw[i + 1]! - MESH_SIZE / 2) * scale;
    const x = square.x + u * cos - v * sin;
    const y = square.y + u * sin + v * cos;
    points[i] = x;
    points[i + 1] = y;
    points[i + 2] = raw[i + 2]! * scale;
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  }
  const angle = Math.atan2(points[263 * 3 + 1]! - points[33 * 3 + 1]!, points[263 * 3]! - points[33 * 3]!);
  const side = 1.5 * Math.max(x1 - x0, y1 - y0);
  return { mesh: { points, score: face }, next: { x: (x0 + x1) / 2, y: (y0 + y1) / 2, side, angle } };
}
