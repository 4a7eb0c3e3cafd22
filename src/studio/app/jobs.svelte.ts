import { call } from '../api/client';
import { ApiError } from '../api/error';
import type { Job } from '../api/types';

const POLL_MS = 400;
const isOver = (job: Job): boolean => job.state === 'done' || job.state === 'failed' || job.state === 'cancelled';

/** A task of the studio as a page follows it: its steps, then its result or its error. */
export class Task<Result> {
  job: Job<Result> | null = $state.raw(null);
  error: unknown = $state.raw(null);
  isRunning = $state(false);
  private round = 0;

  /** The step under way. */
  get step(): Job['steps'][number] | undefined {
    return this.job?.steps.find((one) => one.state === 'running');
  }

  /** Starts one and waits for its end; undefined when it failed (see `error`) or was cancelled. */
  async run(start: () => Promise<Job<Result>>): Promise<Result | undefined> {
    const round = ++this.round;
    this.error = null;
    this.isRunning = true;
    try {
      let job = await start();
      while (round === this.round) {
        this.job = job;
        if (isOver(job)) break;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        job = await call<Job<Result>>('GET', `/api/jobs/${job.id}`);
      }
      if (round !== this.round) return undefined;
      if (job.state === 'failed' && job.error !== null) this.error = new ApiError(400, job.error);
      return job.state === 'done' ? (job.result ?? undefined) : undefined;
    } catch (error) {
      if (round === this.round) this.error = error;
      return undefined;
    } finally {
      if (round === this.round) this.isRunning = false;
    }
  }

  async cancel(): Promise<void> {
    const { job } = this;
    this.round += 1;
    this.isRunning = false;
    this.job = null;
    if (job !== null && !isOver(job)) await call('DELETE', `/api/jobs/${job.id}`).catch(() => undefined);
  }
}
