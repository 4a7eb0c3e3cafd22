import { answerJobs } from '../synthesiser/synthesiser-messages.js';
import type { SherpaDone, SherpaJob } from './sherpa-messages.js';

/**
 * The process of sherpa-onnx: a damaged model ends the process that loads it. The package is not one of the engine's
 * own; where it is missing, each job says so. Answers jobs in order until its parent exits.
 */
interface OfflineTts {
  generate(request: { text: string; sid: number; speed: number; enableExternalBuffer: boolean }): {
    samples: Float32Array;
    sampleRate: number;
  };
}
interface Sherpa {
  readonly OfflineTts: new (config: object) => OfflineTts;
}

const PACKAGE = 'sherpa-onnx-node';
let loaded: { key: string; tts: OfflineTts } | undefined;

async function open(job: SherpaJob): Promise<OfflineTts> {
  const key = JSON.stringify(job.model);
  if (loaded?.key === key) return loaded.tts;
  const found = (await import(PACKAGE).catch((error: unknown) => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'it does not load';
    throw new Error(`${PACKAGE} is not installed (${reason}); run npm install ${PACKAGE}`);
  })) as Sherpa & { default?: Sherpa };
  const { OfflineTts } = found.default ?? found;
  const { model, ruleFsts } = job.model;
  const tts = new OfflineTts({
    model: { ...model, numThreads: 1, debug: false, provider: 'cpu' },
    maxNumSentences: 1,
    ...(ruleFsts === '' ? {} : { ruleFsts }),
  });
  loaded = { key, tts };
  return tts;
}

async function speak(job: SherpaJob): Promise<SherpaDone> {
  const tts = await open(job);
  const { samples, sampleRate } = tts.generate({
    text: job.text,
    sid: job.speaker,
    speed: job.speed,
    enableExternalBuffer: false,
  });
  const pcm = new Int16Array(samples.length);
  for (let i = 0; i < pcm.length; i += 1)
    pcm[i] = Math.max(-32_768, Math.min(32_767, Math.round(samples[i]! * 32_767)));
  return { pcm, rateHz: sampleRate };
}

answerJobs(speak);
