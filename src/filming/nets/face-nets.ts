import { createRequire } from 'node:module';
import type { InferenceSession, InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-common';
import { templatePath } from '../../core/files/paths.js';

interface Runtime {
  InferenceSession: InferenceSessionFactory;
  Tensor: TensorConstructor;
}

/** Side of each net's square input. */
export const DETECTOR_SIZE = 256;
export const MESH_SIZE = 192;
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
