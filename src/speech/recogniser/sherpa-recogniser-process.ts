import { serveParent } from '../../core/processes/serve-parent.js';
import { RECOGNISER_RATE_HZ } from './speech-recogniser.js';
import { sherpaModel, type SherpaModel, type SherpaResult } from './sherpa-model.js';

/** Loads a model once and writes down one sound after the other; native code stays out of the engine. */

export interface SherpaJob {
  readonly folder: string;
  readonly model?: SherpaModel | undefined;
  readonly threads: number;
  readonly pcm: Float32Array;
}

interface SherpaStream {
  acceptWaveform(sound: { sampleRate: number; samples: Float32Array }): void;
}
interface SherpaRecognizer {
  createStream(): SherpaStream;
  decode(stream: SherpaStream): void;
  getResult(stream: SherpaStream): SherpaResult;
}
interface SherpaPackage {
  readonly OfflineRecognizer: new (config: object) => SherpaRecognizer;
}

/** A name that the compiler does not resolve: the package is not a dependency. */
const PACKAGE: string = 'sherpa-onnx-node';
/** Nice value that leaves the machine to the frames. */
const NICE = 3;

let loaded: { readonly key: string; readonly recognizer: SherpaRecognizer } | undefined;

async function loadPackage(): Promise<SherpaPackage> {
  try {
    const found = (await import(PACKAGE)) as SherpaPackage & { readonly default?: SherpaPackage };
    return found.default ?? found;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new Error(`the package ${PACKAGE} is not installed beside the engine (npm install ${PACKAGE})`, { cause });
  }
}

async function recognizerFor({ folder, model, threads }: SherpaJob): Promise<SherpaRecognizer> {
  const { kind, config } = sherpaModel(folder, model);
  const key = `${folder} ${kind}`;
  if (loaded?.key === key) return loaded.recognizer;
  const { OfflineRecognizer } = await loadPackage();
  const recognizer = new OfflineRecognizer({
    featConfig: { sampleRate: RECOGNISER_RATE_HZ, featureDim: 80 },
    modelConfig: {
      ...config,
      numThreads: threads,
      provider: 'cpu',
      debug: 0,
    },
  });
  loaded = { key, recognizer };
  return recognizer;
}

await serveParent<SherpaJob, SherpaResult>(NICE, async () => async (job) => {
  const recognizer = await recognizerFor(job);
  const stream = recognizer.createStream();
  stream.acceptWaveform({ sampleRate: RECOGNISER_RATE_HZ, samples: job.pcm });
  recognizer.decode(stream);
  const { text, tokens, timestamps } = recognizer.getResult(stream);
  return {
    text,
    ...(tokens === undefined ? {} : { tokens: [...tokens] }),
    ...(timestamps === undefined ? {} : { timestamps: [...timestamps] }),
  };
});
