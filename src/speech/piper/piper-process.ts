import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { InferenceSession, InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-common';
import { answerJobs } from '../synthesiser/synthesiser-messages.js';
import { exposeDurations } from './expose-durations.js';
import type { PiperDone, PiperJob } from './piper-messages.js';

/**
 * The process of a Piper model: a damaged model ends the process that loads it. Two threads cost more CPU than one.
 * Answers jobs in order until its parent exits.
 */
interface Runtime {
  InferenceSession: InferenceSessionFactory;
  Tensor: TensorConstructor;
}

interface Loaded {
  readonly path: string;
  readonly session: InferenceSession;
  readonly durations: string | undefined;
}

const runtime = createRequire(import.meta.url)('onnxruntime-node') as Runtime;
let loaded: Loaded | undefined;

async function load(path: string): Promise<Loaded> {
  if (loaded?.path === path) return loaded;
  const { model, durations } = exposeDurations(await readFile(path));
  const session = await runtime.InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableCpuMemArena: false,
    enableMemPattern: false,
  });
  loaded = { path, session, durations };
  return loaded;
}

async function speak({ model, ids, scales, speaker }: PiperJob): Promise<PiperDone> {
  const { session, durations } = await load(model);
  const { Tensor } = runtime;
  const long = (values: readonly number[], dims: number[]): Tensor =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
  const feeds: Record<string, Tensor> = {
    input: long(ids, [1, ids.length]),
    input_lengths: long([ids.length], [1]),
    scales: new Tensor('float32', Float32Array.from(scales), [3]),
  };
  if (session.inputNames.includes('sid')) feeds['sid'] = long([speaker ?? 0], [1]);
  const results = await session.run(feeds);
  const sound = results['output']?.data;
  if (!(sound instanceof Float32Array)) throw new Error('the model has no output of samples');
  const pcm = new Int16Array(sound.length);
  for (let i = 0; i < pcm.length; i += 1) pcm[i] = Math.max(-32_768, Math.min(32_767, Math.round(sound[i]! * 32_767)));
  const frames = durations === undefined ? undefined : results[durations]?.data;
  return {
    pcm,
    samples: frames instanceof Float32Array ? inSamples(frames, ids.length, pcm.length) : new Float64Array(),
  };
}

/** Frames are of one length, which the whole sound gives. */
function inSamples(frames: Float32Array, ids: number, length: number): Float64Array {
  const total = frames.reduce((a, b) => a + b, 0);
  if (frames.length !== ids || total <= 0) return new Float64Array();
  return Float64Array.from(frames, (count) => (count * length) / total);
}

answerJobs(speak);
