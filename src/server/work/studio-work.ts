/**
 * Heavy work of the studio in processes of its own.
 *
 * Problem: judging, drawing and speaking load hundreds of megabytes of code and models, which the process that serves the
 * pages must not hold, and a check of a room keeps a core busy for a minute.
 * Rule: quick questions go to one process, which ends when nobody asks for a while. Long tasks get a process each, a few
 * at once; a task that is cancelled is killed. Tasks beside the queue wait for none and hold none up: the test push,
 * whose receiver sets the pace, and films of templates, which are made one at a time anyway.
 * Numbers: two long tasks at once; 90 s of silence end the quick process.
 */
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Closeable } from '../../core/closeable.js';
import { EngineError, errorFrom } from '../../core/errors.js';
import { forkChild } from '../../core/processes/child-process.js';
import { ChildWords } from '../../core/processes/child-words.js';
import type { WorkProgress, WorkReply } from './work-protocol.js';
import type { TASKS } from './work-tasks.js';

type Tasks = typeof TASKS;
export type TaskName = keyof Tasks;
export type TaskInput<T extends TaskName> = Parameters<Tasks[T]>[0];
export type TaskResult<T extends TaskName> = Awaited<ReturnType<Tasks[T]>>;

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: WorkProgress) => void;
  /** Beside the queue of long tasks. */
  readonly beside?: boolean;
}

const MAX_LONG = 2;
const IDLE_MS = 90_000;
const QUICK_MS = 60_000;
const LONG_MS = 15 * 60_000;

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: WorkProgress) => void) | undefined;
}

class WorkProcess {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  private next = 1;
  private readonly words: ChildWords;
  isAlive = true;

  constructor(env: NodeJS.ProcessEnv) {
    const isSource = import.meta.url.endsWith('.ts');
    const built = new URL('./work-child.js', import.meta.url);
    const module = fileURLToPath(isSource ? built.href.replace(/\.js$/, '.ts') : built);
    this.child = forkChild(module, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [...(isSource ? [`--import=${import.meta.resolve('tsx')}`] : []), '--max-old-space-size=512'],
      env: { UV_THREADPOOL_SIZE: '2', MALLOC_ARENA_MAX: '2', ...env },
    });
    this.words = new ChildWords(module, this.child.stderr!);
    this.child.on('message', (reply: WorkReply) => this.receive(reply));
    const end = (why: string): void => {
      this.isAlive = false;
      for (const { reject } of this.pending.values())
        reject(
          this.words.missing ??
            new EngineError('E_INTERNAL', {
              where: 'a process of the studio',
              found: `${why} ${this.words}`.trim(),
            }),
        );
      this.pending.clear();
    };
    this.child.once('exit', (code, signal) => end(`it ended with ${signal ?? `code ${code}`}`));
    this.child.once('error', (error) => end(error.message));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  ask(task: string, input: unknown, onProgress?: (progress: WorkProgress) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.next;
      this.next += 1;
      this.pending.set(id, { resolve, reject, onProgress });
      this.child.send({ id, task, input }, (error) => {
        if (error !== null) this.kill();
      });
    });
  }

  kill(): void {
    if (this.isAlive) this.child.kill('SIGKILL');
  }

  private receive(reply: WorkReply): void {
    if (reply.kind === 'ready') return;
    const pending = this.pending.get(reply.id);
    if (pending === undefined) return;
    if (reply.kind === 'progress') return pending.onProgress?.(reply.progress);
    this.pending.delete(reply.id);
    if (reply.kind === 'done') pending.resolve(reply.result);
    else if (reply.kind === 'refused') pending.reject(errorFrom(reply.error));
    else pending.reject(new EngineError('E_INTERNAL', { where: 'a process of the studio', found: reply.message }));
  }
}

export class StudioWork implements Closeable {
  private quick: WorkProcess | undefined;
  private idle: NodeJS.Timeout | undefined;
  private asked = 0;
  private readonly long = new Set<WorkProcess>();
  private readonly beside = new Set<WorkProcess>();
  private readonly waiting: (() => void)[] = [];
  private isClosed = false;

  /** `env` is read for each new process: keys of services may change. */
  constructor(private readonly env: () => NodeJS.ProcessEnv = () => ({})) {}

  /** Processes at work, for the studio's figures. */
  get pids(): number[] {
    return [this.quick, ...this.long, ...this.beside].flatMap((one) =>
      one?.isAlive === true && one.pid !== undefined ? [one.pid] : [],
    );
  }

  /** A question that takes a second or two. */
  async ask<T extends TaskName>(task: T, input: TaskInput<T>): Promise<TaskResult<T>> {
    this.requireOpen();
    clearTimeout(this.idle);
    if (this.quick?.isAlive !== true) this.quick = new WorkProcess(this.env());
    const { quick } = this;
    this.asked += 1;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(
          new EngineError('E_TIMEOUT', {
            where: task,
            expected: `an answer within ${QUICK_MS / 1000} s`,
            found: 'none',
          }),
        );
        quick.kill();
      }, QUICK_MS);
    });
    try {
      return (await Promise.race([quick.ask(task, input), late])) as TaskResult<T>;
    } finally {
      clearTimeout(timer);
      this.asked -= 1;
      if (this.asked === 0) this.idle = setTimeout(() => quick.kill(), IDLE_MS).unref();
    }
  }

  /** A task that takes its time; the signal kills it. */
  async run<T extends TaskName>(task: T, input: TaskInput<T>, options: RunOptions = {}): Promise<TaskResult<T>> {
    this.requireOpen();
    const { signal, onProgress, beside = false } = options;
    const lane = beside ? this.beside : this.long;
    while (!beside && lane.size >= MAX_LONG) await new Promise<void>((resolve) => this.waiting.push(resolve));
    signal?.throwIfAborted();
    this.requireOpen();
    const worker = new WorkProcess(this.env());
    lane.add(worker);
    const stop = (): void => worker.kill();
    signal?.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(stop, LONG_MS);
    try {
      return (await worker.ask(task, input, onProgress)) as TaskResult<T>;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      lane.delete(worker);
      worker.kill();
      if (!beside) this.waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.idle);
    this.quick?.kill();
    for (const worker of [...this.long, ...this.beside]) worker.kill();
  }

  private requireOpen(): void {
    if (this.isClosed) throw new EngineError('E_CLOSED', { where: 'the studio', found: 'it is closing' });
  }
}
