import type { Closeable } from '../closeable.js';
import { type EngineError, isEngineError, type CarriedError, errorFrom } from '../errors.js';
import { IdleWorker, WorkFault, type WorkFaultKind } from './idle-worker.js';
import { ProcessBackend, type UseLimits } from './process-backend.js';

export interface WorkLimits extends UseLimits {
  /** Wall time of one request, including the start of the process. */
  readonly wallMs: number;
}

/** 5 s of CPU and 1 GB for one file; a busy machine gives the process a small share of the wall time. */
export const STRANGER_LIMITS: WorkLimits = { cpuMs: 5000, wallMs: 60_000, memoryMb: 1024 };

export interface LimitedProcessOptions {
  /** The child's module as `new URL('./x-child.js', import.meta.url)`, and the caller's `import.meta.url`. */
  readonly module: URL;
  readonly caller: string;
  readonly limits?: WorkLimits;
  /** Lower priority than the show: for files that arrive while it is on air. */
  readonly gentle?: boolean;
  readonly idleMs?: number;
  readonly maxWaiting?: number;
  /** Requests after which the process is replaced. */
  readonly maxRequests?: number;
  /** V8's heap in MiB. */
  readonly heapMb?: number;
}

/** Why a request has no reply, for the caller's own error. */
export type WorkFailed = (kind: WorkFaultKind, why: string, cause: unknown) => EngineError;

const IDLE_MS = 10_000;
/** Nice level: the frame loop goes first, other programs of the machine do not. */
const GENTLE_STEPS = 5;
/** One thread works; more arenas and threads would only hold memory. */
const ONE_THREAD = { UV_THREADPOOL_SIZE: '2', MALLOC_ARENA_MAX: '2' };

/**
 * Work on a stranger's bytes in a child process, one request after another. A request that exceeds its CPU time, wall
 * time or memory ends the process and is refused; the next one gets a new process. The child's module calls
 * `serveLimited`.
 */
export class LimitedProcess<Request, Reply> implements Closeable {
  private readonly worker: IdleWorker<Request, { readonly kind: 'reply'; readonly reply: Reply } | CarriedError>;

  constructor(options: LimitedProcessOptions) {
    const { module, caller, limits = STRANGER_LIMITS, gentle = false, idleMs = IDLE_MS, heapMb = 128 } = options;
    this.worker = new IdleWorker({
      start: () =>
        new ProcessBackend({
          module,
          caller,
          execArgv: ['--max-semi-space-size=2', `--max-old-space-size=${heapMb}`, '--single-threaded-gc'],
          args: [String(gentle ? GENTLE_STEPS : 0)],
          env: ONE_THREAD,
          limits,
        }),
      timeoutMs: () => limits.wallMs,
      idleMs,
      ...(options.maxWaiting !== undefined && { maxWaiting: options.maxWaiting }),
      ...(options.maxRequests !== undefined && { maxRequests: options.maxRequests }),
    });
  }

  /** The process that works or waits for work; undefined when there is none. */
  get pid(): number | undefined {
    return this.worker.pid;
  }

  /** Rejects with the EngineError of the child, or with what `failed` makes of a limit, a crash or a full queue. */
  async ask(makeRequest: () => Request | Promise<Request>, failed: WorkFailed): Promise<Reply> {
    let isAsked = false;
    const reply = await this.worker
      .use(async (ask) => {
        const request = await makeRequest();
        isAsked = true;
        return ask(request);
      })
      .catch((cause: unknown) => {
        if (isEngineError(cause) || (!isAsked && !(cause instanceof WorkFault))) throw cause;
        const kind = cause instanceof WorkFault ? cause.kind : 'failed';
        throw failed(kind, cause instanceof Error ? cause.message : String(cause), cause);
      });
    if (reply.kind === 'refused') throw errorFrom(reply);
    return reply.reply;
  }

  /** Starts the process before there is work. */
  prepare(): void {
    this.worker.prepare();
  }

  /** Finishes the queued work and ends the process; the next request starts a new one. */
  rest(): Promise<void> {
    return this.worker.rest();
  }

  close(): Promise<void> {
    return this.worker.close();
  }
}
