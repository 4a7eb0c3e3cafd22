import type { Worker, WorkerOptions } from 'node:worker_threads';
import { spawnWorker } from './spawn-worker.js';

/**
 * Threads started ahead of use: their code is loaded and they wait for a first message. They do not keep the process
 * alive; a thread that dies early is forgotten.
 */
export class PreparedWorkers {
  private readonly waiting = new Map<string, Worker>();

  prepare(module: URL, caller: string, options: WorkerOptions = {}): void {
    const worker = spawnWorker(module, caller, options);
    worker.unref();
    this.waiting.set(module.href, worker);
    const gone = (): void => {
      if (this.waiting.get(module.href) === worker) this.waiting.delete(module.href);
    };
    worker.on('error', gone).once('exit', gone);
  }

  /** Hands out the prepared worker of a module, once. */
  take(module: URL): Worker | undefined {
    const worker = this.waiting.get(module.href);
    if (worker === undefined) return undefined;
    this.waiting.delete(module.href);
    worker.ref();
    return worker;
  }
}
