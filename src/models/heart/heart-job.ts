import type { Tensor } from 'onnxruntime-common';
import { modelFile } from '../model-file.js';
import { floats, integers, openNetwork } from '../onnx.js';
import { FRAME_SAMPLES, type HeartDone, type HeartJob, MAX_SYMBOLS } from './heart-messages.js';
import { synthesise } from './synthesise.js';

/** The network's inner result with the frames of each symbol, two synthesis frames long. */
const DURATIONS = '/Clip_output_0';
const DURATION_SAMPLES = 2 * FRAME_SAMPLES;

/** The voice "heart": symbols to sound, with the time of each symbol. */
export async function loadHeart(): Promise<(job: HeartJob) => Promise<HeartDone>> {
  const network = await openNetwork(modelFile('heart', 'hibari.onnx'), [DURATIONS]);
  return async ({ ids, speed, seed, excursion = 1 }) => {
    if (ids.length === 0 || ids.length > MAX_SYMBOLS)
      throw new RangeError(`expected 1 to ${MAX_SYMBOLS} symbols, found ${ids.length}`);
    const out = await network.run({
      ids: integers([0, ...ids, 0], [1, ids.length + 2]),
      speed: floats(Float32Array.of(speed), [1]),
    });
    const part = (name: string): Float32Array => (out[name] as Tensor).data as Float32Array;
    const f0 = part('f0');
    spread(f0, excursion);
    const sound = synthesise(
      {
        frames: f0.length,
        harmonic: part('lh'),
        harmonicPhase: part('theta'),
        noise: part('ln'),
        free: part('lr'),
        freePhase: part('phi'),
        f0,
      },
      seed,
    );
    const pcm = new Int16Array(sound.length);
    for (let i = 0; i < pcm.length; i += 1) pcm[i] = Math.max(-32_768, Math.min(32_767, Math.round(sound[i] * 32_767)));
    const samples = Int32Array.from(part(DURATIONS), (frames) => frames * DURATION_SAMPLES);
    return { pcm, samples, f0: f0.slice() };
  };
}

/** Scales the excursions around the mean of the voiced frames. */
function spread(f0: Float32Array, by: number): void {
  if (by === 1) return;
  const voiced = f0.filter((hz) => hz > 0);
  const mean = voiced.reduce((a, b) => a + b, 0) / Math.max(1, voiced.length);
  for (let i = 0; i < f0.length; i += 1) if (f0[i] > 0) f0[i] = Math.max(60, mean + (f0[i] - mean) * by);
}
