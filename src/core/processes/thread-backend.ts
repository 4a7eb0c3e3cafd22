import type { Worker, WorkerOptions } from 'node:worker_threads';
import type { EngineError } from '../errors.js';
import { missingFile } from './child-words.js';
import { type Backend, WorkFault } from './idle-worker.js';
import { spawnWorker } from './spawn-worker.js';

export interface ThreadBackendOptions {
  /** The module as `new URL('../x.js', import.meta.url)`, and the caller's `import.meta.url`. */
  readonly module: URL;
  readonly caller: string;
  readonly options?: WorkerOptions;
  /** Faults outside of a request, too: the thread may fail while it starts. */
  readonly onError: (error: unknown) => void;
}

/** A worker thread that posts one reply per message. It does not keep the process alive without a request. */
export class ThreadBackend<Request, Reply> implements Backend<Request, Reply> {
  private readonly worker: Worker;
  private reject: ((fault: WorkFault | EngineError) => void) | undefined;
  private gone = false;
  /** Why it ended. */
  private fault: WorkFault | EngineError = new WorkFault('died', 'the thread ended');

  constructor({ module, caller, options, onError }: ThreadBackendOptions) {
    this.worker = spawnWorker(module, caller, options);
    this.worker.unref();
    this.worker.on('error', (cause) => {
      onError(cause);
      const why = cause instanceof Error ? cause.message : String(cause);
      this.fault = missingFile(why) ?? new WorkFault('died', why, { cause });
      this.fail();
    });
    this.worker.once('exit', () => this.fail());
  }

  get alive(): boolean {
    return !this.gone;
  }

  ask(request: Request): Promise<Reply> {
    return new Promise<Reply>((resolve, reject) => {
      if (this.gone) return reject(this.fault);
      const onMessage = (reply: Reply): void => {
        this.reject = undefined;
        this.worker.unref();
        resolve(reply);
      };
      this.reject = (fault) => {
        this.worker.off('message', onMessage);
        reject(fault);
      };
      this.worker.ref();
      this.worker.once('message', onMessage);
      this.worker.postMessage(request);
    });
  }

  async end(): Promise<void> {
    this.gone = true;
    await this.worker.terminate();
  }

  private fail(): void {
    this.gone = true;
    this.reject?.(this.fault);
    this.reject = undefined;
    void this.worker.terminate();
  }
}
