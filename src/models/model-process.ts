/**
 * The one process of an engine that runs the networks that come with the package.
 *
 * Problem: a network runtime takes 60 MB before it has loaded anything, may block a thread for a tenth of a second, and
 * a damaged file ends the process that loads it.
 * Rule: all named jobs of an engine share one child process with one computing thread, behind the show's threads. A job
 * loads its network at its first request. The process ends when idle; one that dies or takes too long is ended, the
 * request is tried once more on a fresh one, and then fails.
 *
 * A new job: its messages in `model-messages.ts`, its loader in `model-child.ts`, its files under `templates/models/`.
 */
import { EngineError } from '../core/errors.js';
import type { Closeable } from '../core/closeable.js';
import { IdleWorker, WorkFault } from '../core/processes/idle-worker.js';
import { ProcessBackend } from '../core/processes/process-backend.js';
import type { JobName, ModelJobs, ModelRequest } from './model-messages.js';

/** The start and the load of a network take half a second on an idle machine; a starved one takes its time. */
const TIMEOUT_MS = 45_000;
/** A start would be heard as a pause before a reply, so the process outlasts the pauses between a viewer's questions. */
const IDLE_MS = 60_000;
const MAX_WAITING = 256;
/** Behind the threads of the show, before the text reader. */
const NICE = 5;
const NODE_ARGS = ['--max-semi-space-size=2', '--max-old-space-size=96', '--single-threaded'];
/** Large blocks return to the system at once. */
const MALLOC = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: String(1 << 20),
  MALLOC_TRIM_THRESHOLD_: String(1 << 20),
};

export interface ModelProcessOptions {
  readonly timeoutMs?: number;
  readonly idleMs?: number;
}

export class ModelProcess implements Closeable {
  private readonly worker: IdleWorker<ModelRequest, unknown>;

  constructor({ timeoutMs = TIMEOUT_MS, idleMs = IDLE_MS }: ModelProcessOptions = {}) {
    this.worker = new IdleWorker({
      start: () =>
        new ProcessBackend({
          module: new URL('./model-child.js', import.meta.url),
          caller: import.meta.url,
          execArgv: NODE_ARGS,
          args: [String(NICE)],
          env: MALLOC,
        }),
      timeoutMs: () => timeoutMs,
      idleMs,
      maxWaiting: MAX_WAITING,
    });
  }

  /** The running process; undefined when there is none. */
  get pid(): number | undefined {
    return this.worker.pid;
  }

  /** Rejects with E_CLOSED, E_TIMEOUT or E_MODEL_FAILED, or the signal's reason when it was aborted before its turn. */
  async run<Name extends JobName>(
    name: Name,
    job: ModelJobs[Name]['job'],
    signal?: AbortSignal,
  ): Promise<ModelJobs[Name]['done']> {
    try {
      return await this.worker.use(async (ask) => {
        signal?.throwIfAborted();
        const request: ModelRequest<Name> = { name, job };
        return (await ask(request).catch((fault: unknown) => {
          if (fault instanceof WorkFault && fault.kind === 'died') return ask(request);
          throw fault;
        })) as ModelJobs[Name]['done'];
      });
    } catch (cause) {
      if (!(cause instanceof WorkFault)) throw cause;
      throw refused(name, cause);
    }
  }

  /** A job is likely soon, and somebody waits for it. */
  prepare(): void {
    this.worker.prepare();
  }

  close(): Promise<void> {
    return this.worker.close();
  }
}

function refused(name: JobName, cause: WorkFault): EngineError {
  const where = `model process, job "${name}"`;
  if (cause.kind === 'closed') return new EngineError('E_CLOSED', { where, found: 'a closed model process', cause });
  if (cause.kind === 'late') return new EngineError('E_TIMEOUT', { where, found: cause.message, cause });
  return new EngineError('E_MODEL_FAILED', {
    where,
    expected: 'an answer of the network',
    found: cause.message,
    todo: 'run `engine doctor`; reinstall the package when its files are damaged',
    cause,
  });
}

let shared: { process: ModelProcess; holders: number } | undefined;

/** The model process of this engine. It is closed when its last holder has closed its handle. */
export function openModels(): Pick<ModelProcess, 'run' | 'prepare' | 'close'> {
  const mine = (shared ??= { process: new ModelProcess(), holders: 0 });
  mine.holders += 1;
  let open = true;
  return {
    run: (name, job, signal) => mine.process.run(name, job, signal),
    prepare: () => mine.process.prepare(),
    close: async () => {
      if (!open) return;
      open = false;
      mine.holders -= 1;
      if (mine.holders > 0) return;
      if (shared === mine) shared = undefined;
      await mine.process.close();
    },
  };
}

export type Models = ReturnType<typeof openModels>;
