import { randomBytes } from 'node:crypto';
import { toEngineError } from '../../core/errors.js';
import type { TwoTexts } from '../../core/alarm-kinds.js';
import type { Log } from '../../core/log.js';
import { errorBody, type ErrorBody } from '../error-body.js';

type StepState = 'waiting' | 'running' | 'done' | 'failed';

interface JobStep {
  readonly id: string;
  readonly text: TwoTexts;
  state: StepState;
  done?: number;
  of?: number;
  /** What was found, for people. */
  note?: TwoTexts;
}

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly room: string | null;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly steps: JobStep[];
  result: unknown;
  error: ErrorBody | null;
  readonly createdAt: string;
  endedAt: string | null;
}

export interface JobContext {
  readonly signal: AbortSignal;
  /** Ends the step before and begins this one, or tells its progress. */
  readonly step: (id: string, progress?: { done: number; of: number; note?: TwoTexts }) => void;
}

interface Kept {
  readonly job: Job;
  readonly organisation: string;
  readonly stop: AbortController;
  toldMs: number;
}

export interface NewJob {
  readonly kind: string;
  readonly organisation: string;
  readonly room: string | null;
  readonly steps: readonly { readonly id: string; readonly text: TwoTexts }[];
}

const MAX_KEPT = 200;
/** Progress is told a few times a second. */
const TELL_MS = 200;

/** Work that takes longer than a request, step by step. Jobs live as long as the server. */
export class Jobs {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly log: Log,
    private readonly tell: (job: Job, organisation: string) => void,
  ) {}

  /** Begins in the background; the job as it is now. */
  run({ kind, organisation, room, steps }: NewJob, work: (context: JobContext) => Promise<unknown>): Job {
    const job: Job = {
      id: randomBytes(9).toString('base64url'),
      kind,
      room,
      state: 'running',
      steps: steps.map(({ id, text }) => ({ id, text, state: 'waiting' })),
      result: null,
      error: null,
      createdAt: new Date().toISOString(),
      endedAt: null,
    };
    const kept: Kept = { job, organisation, stop: new AbortController(), toldMs: 0 };
    this.kept.set(job.id, kept);
    this.forgetOldest();
    void this.finish(kept, work);
    return structuredClone(job);
  }

  list(organisation: string, room?: string): Job[] {
    return [...this.kept.values()]
      .filter((one) => one.organisation === organisation && (room === undefined || one.job.room === room))
      .map(({ job }) => job)
      .toReversed();
  }

  get(organisation: string, id: string): Job | undefined {
    const found = this.kept.get(id);
    return found?.organisation === organisation ? found.job : undefined;
  }

  cancel(organisation: string, id: string): boolean {
    const found = this.kept.get(id);
    if (found?.organisation !== organisation) return false;
    found.stop.abort();
    return true;
  }

  close(): void {
    for (const { stop } of this.kept.values()) stop.abort();
  }

  private async finish(kept: Kept, work: (context: JobContext) => Promise<unknown>): Promise<void> {
    const { job, stop, organisation } = kept;
    const step = (id: string, progress?: { done: number; of: number; note?: TwoTexts }): void => {
      const at = job.steps.findIndex((one) => one.id === id);
      if (at < 0) return;
      for (const before of job.steps.slice(0, at)) before.state = 'done';
      const one = job.steps[at]!;
      const isNew = one.state !== 'running';
      one.state = 'running';
      Object.assign(one, progress);
      this.say(kept, isNew);
    };
    try {
      job.result = (await work({ signal: stop.signal, step })) ?? null;
      job.state = 'done';
      for (const one of job.steps) one.state = 'done';
    } catch (error) {
      job.state = stop.signal.aborted ? 'cancelled' : 'failed';
      const running =
        job.steps.find((one) => one.state === 'running') ?? job.steps.find((one) => one.state === 'waiting');
      if (running !== undefined) running.state = 'failed';
      const known = toEngineError(error, job.kind);
      if (known.code === 'E_INTERNAL' && !stop.signal.aborted)
        this.log.error(
          { job: job.kind, error: String(error instanceof Error ? error.stack : error).slice(0, 1500) },
          'a job failed',
        );
      job.error = stop.signal.aborted ? null : errorBody(known);
    }
    job.endedAt = new Date().toISOString();
    this.tell(job, organisation);
  }

  private say(kept: Kept, now: boolean): void {
    const nowMs = Date.now();
    if (!now && nowMs - kept.toldMs < TELL_MS) return;
    kept.toldMs = nowMs;
    this.tell(kept.job, kept.organisation);
  }

  private forgetOldest(): void {
    for (const [id, { job }] of this.kept) {
      if (this.kept.size <= MAX_KEPT) return;
      if (job.endedAt !== null) this.kept.delete(id);
    }
  }
}
