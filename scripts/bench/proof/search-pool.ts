import { cpus } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { spawnWorker } from '../../../src/core/processes/spawn-worker.js';
import type { SearchJob, SearchReply } from './search-thread.js';

/** Search threads, one per core; the queue holds a few more pictures, then callers wait. */
export class SearchPool {
  private readonly workers: { worker: Worker; busy: number }[];
  private readonly pending = new Map<number, (reply: SearchReply) => void>();
  private readonly waiting: (() => void)[] = [];
  private failure: Error | undefined;
  private nextId = 0;

  constructor(width: number, height: number, threads = cpus().length) {
    this.workers = Array.from({ length: threads }, () => {
      const worker = spawnWorker(new URL('./search-thread.js', import.meta.url), import.meta.url, {
        workerData: { width, height },
      });
      const seat = { worker, busy: 0 };
      worker.on('message', (reply: SearchReply) => {
        seat.busy -= 1;
        this.pending.get(reply.id)!(reply);
        this.pending.delete(reply.id);
        for (const go of this.waiting.splice(0)) go();
      });
      worker.on('error', (e) => {
        this.failure = e instanceof Error ? e : new Error(String(e));
        for (const go of this.waiting.splice(0)) go();
      });
      return seat;
    });
  }

  /** Resolves once the picture is accepted; `done` gets the finds. The picture's memory is transferred. */
  async search(picture: ArrayBuffer, jsqr: boolean, done: (reply: SearchReply) => void): Promise<void> {
    await this.until(() => this.workers.some((w) => w.busy < 3));
    const seat = this.workers.reduce((a, b) => (b.busy < a.busy ? b : a));
    seat.busy += 1;
    const job: SearchJob = { id: this.nextId++, picture, jsqr };
    this.pending.set(job.id, done);
    seat.worker.postMessage(job, [picture]);
  }

  /** Resolves when everything accepted so far is searched. */
  idle(): Promise<void> {
    return this.until(() => this.pending.size === 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((w) => w.worker.terminate()));
  }

  private async until(holds: () => boolean): Promise<void> {
    while (this.failure === undefined && !holds()) await new Promise<void>((go) => this.waiting.push(go));
    if (this.failure !== undefined) throw this.failure;
  }
}
