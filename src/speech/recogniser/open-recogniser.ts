import type { RecogniserConfig, SherpaRecogniserConfig } from '../../config/sections/services/recogniser.js';
import { EngineError } from '../../core/errors.js';
import { IdleWorker, WorkFault } from '../../core/processes/idle-worker.js';
import { ProcessBackend } from '../../core/processes/process-backend.js';
import { HttpRecogniser } from './http-recogniser.js';
import { type Recogniser, RECOGNISER_RATE_HZ, type RecogniseRequest, type Transcript } from './speech-recogniser.js';
import { sherpaModel, type SherpaResult, sherpaTranscript } from './sherpa-model.js';
import type { SherpaJob } from './sherpa-recogniser-process.js';

/** A large model takes seconds to load. */
const LOAD_MS = 30_000;
const IDLE_MS = 120_000;
const MAX_WAITING = 40;

/** A model of sherpa-onnx in a process of its own, which ends when it is idle. */
export class SherpaRecogniser implements Recogniser {
  readonly name: string;
  private readonly worker: IdleWorker<SherpaJob, SherpaResult>;
  private warm = false;

  /** Throws E_RECOGNISER_FAILED for a folder without a model. */
  constructor(private readonly config: Omit<SherpaRecogniserConfig, 'kind'>) {
    const { kind } = sherpaModel(config.folder, config.model);
    this.name = `sherpa-onnx ${kind}`;
    this.worker = new IdleWorker<SherpaJob, SherpaResult>({
      start: () => {
        this.warm = false;
        return new ProcessBackend({
          module: new URL('./sherpa-recogniser-process.js', import.meta.url),
          caller: import.meta.url,
        });
      },
      timeoutMs: () => (this.warm ? config.timeoutMs : LOAD_MS),
      idleMs: IDLE_MS,
      maxWaiting: MAX_WAITING,
    });
  }

  async recognise({ pcm, signal }: RecogniseRequest): Promise<Transcript> {
    signal.throwIfAborted();
    const { folder, model, threads } = this.config;
    try {
      const job = { folder, model, threads, pcm };
      // A piece that was given up while it waited takes no time of the others.
      const result = await this.worker.use((ask) => {
        signal.throwIfAborted();
        return ask(job);
      });
      this.warm = true;
      signal.throwIfAborted();
      return sherpaTranscript(result, (pcm.length * 1000) / RECOGNISER_RATE_HZ);
    } catch (cause) {
      signal.throwIfAborted();
      if (!(cause instanceof WorkFault)) throw cause;
      throw new EngineError('E_RECOGNISER_FAILED', {
        where: `recogniser ${this.name}`,
        expected: 'the words of a piece of voice',
        found: cause.kind === 'late' ? `no words in time` : cause.message.slice(0, 300),
        cause,
      });
    }
  }

  close(): Promise<void> {
    return this.worker.close();
  }
}

/** The recogniser that a room file names. Throws E_ENV_MISSING without its key, E_RECOGNISER_FAILED without its model. */
export function openRecogniser(config: RecogniserConfig, env: NodeJS.ProcessEnv = process.env): Recogniser {
  if (config.kind === 'sherpa') return new SherpaRecogniser(config);
  const { baseUrl, model, apiKey, timeoutMs } = config;
  const name = apiKey?.slice(2, -1);
  const key = name === undefined ? undefined : env[name];
  if (name !== undefined && (key === undefined || key === ''))
    throw new EngineError('E_ENV_MISSING', {
      where: 'recogniser.apiKey',
      expected: `environment variable ${name}`,
      found: 'not set',
      todo: `set ${name}, or leave recogniser out and take over with typed lines`,
    });
  return new HttpRecogniser({ baseUrl, model, apiKey: key, timeoutMs });
}
