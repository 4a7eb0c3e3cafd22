import type { Worker } from 'node:worker_threads';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import { spawnWorker } from '../../core/processes/spawn-worker.js';
import type { FilmFeedReport, FilmSource } from './film-data.js';
import { FilmRing } from './film-ring.js';

/** A thread takes seconds to start on a busy machine, and a presenter without its first frames would stand still. */
const FILL_TIMEOUT_MS = 20_000;

/** Reads films ahead on threads of their own: one for each filmed presenter on stage. */
export class FilmFeeder implements Closeable {
  private readonly workers = new Set<Worker>();
  private readonly rings = new Set<FilmRing>();
  /** Late frames of films that have left. */
  private past = 0;
  private closed = false;

  constructor(private readonly log: Log) {}

  /** Resolves when the first frames are in the ring. The thread ends when the ring's loop ends it. */
  feed(film: FilmSource): Promise<void> {
    if (this.closed) return Promise.resolve();
    const worker = spawnWorker(new URL('./film-feed-thread.js', import.meta.url), import.meta.url, {
      name: 'film-feeder',
      workerData: film,
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    const ring = new FilmRing(film.control);
    this.workers.add(worker);
    this.rings.add(ring);
    worker.unref();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, FILL_TIMEOUT_MS);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      worker.on('message', (message: FilmFeedReport) => {
        if (message.type === 'filled') done();
        else this.log.warn({ error: message.error }, 'the film of the presenter cannot be read; its last frame stays');
      });
      worker.once('error', (error) => {
        this.log.error({ error: String(error) }, 'the thread that reads the film of the presenter failed');
        done();
      });
      worker.once('exit', () => {
        this.workers.delete(worker);
        if (this.rings.delete(ring)) this.past += ring.lateFrames;
        done();
      });
    });
  }

  /** Frames that were missing when due, since the start. */
  get lateFrames(): number {
    let sum = this.past;
    for (const ring of this.rings) sum += ring.lateFrames;
    return sum;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const ring of this.rings) ring.end();
    await Promise.all([...this.workers].map((worker) => worker.terminate()));
  }
}
