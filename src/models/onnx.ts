import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { InferenceSession, InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-common';
import { templatePath } from '../core/files/paths.js';

/** Path of a file of weights or tables that comes with the package. */
export const modelFile = (...parts: string[]): string => templatePath('models', ...parts);

interface Runtime {
  InferenceSession: InferenceSessionFactory;
  Tensor: TensorConstructor;
}

let loaded: Runtime | undefined;
const runtime = (): Runtime => (loaded ??= createRequire(import.meta.url)('onnxruntime-node') as Runtime);

/**
 * A network on one thread and without an arena: equal inputs give equal outputs, and memory is freed after each.
 * `more` are inner results to give out as well. Messages of protocol buffers that appear twice are merged, so a second
 * graph message with one output, appended to the file, adds it.
 */
export async function openNetwork(file: string, more: readonly string[] = []): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableCpuMemArena: false,
    enableMemPattern: false,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  };
  const { InferenceSession: Sessions } = runtime();
  // A file by its path is never a second copy of its weights in the heap.
  if (more.length === 0) return Sessions.create(file, options);
  return Sessions.create(Buffer.concat([await readFile(file), ...more.map(graphOutput)]), options);
}

export const floats = (data: Float32Array, dims: readonly number[]): Tensor =>
  new (runtime().Tensor)('float32', data, dims);

export const integers = (values: Iterable<number>, dims: readonly number[]): Tensor =>
  new (runtime().Tensor)('int64', BigInt64Array.from(values, BigInt), dims);

/** Numbers of onnx.proto3: field 7 of a model is its graph, 12 of a graph an output, 1 of that its name. */
function graphOutput(name: string): Buffer {
  const field = (number: number, content: Buffer): Buffer =>
    Buffer.concat([Buffer.of((number << 3) | 2, content.length), content]);
  return field(7, field(12, field(1, Buffer.from(name))));
}
