import type { Closeable } from '../closeable.js';

/**
 * Why a request got no reply. `late` (wall time), `cpu` and `memory` are exceeded limits, for which the backend was
 * ended.
 */
export type WorkFaultKind = 'closed' | 'full' | 'late' | 'cpu' | 'memory' | 'died' | 'failed';

export class WorkFault extends Error {
  constructor(
    readonly kind: WorkFaultKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A thread or process that answers one request at a time. A dead backend stays dead. */
export interface Backend<Request, Reply> {
  readonly alive: boolean;
  /** Process id, of a process. */
  readonly pid?: number | undefined;
  /** Rejects with a WorkFault. `failed` leaves the backend alive; every other fault ends it. */
  ask(request: Request): Promise<Reply>;
  /** Ends the backend immediately; resolves when it is gone. */
  end(): Promise<void>;
}

export interface IdleWorkerOptions<Request, Reply> {
  start(): Backend<Request, Reply>;
  /** Wall time limit of a request, including the backend's start. May change between requests. */
  timeoutMs(): number;
  /** Idle time after which the backend ends. */
  idleMs: number;
  /** Maximum waiting requests; a further one is refused as `full`. Default: no limit. */
  maxWaiting?: number;
  /** Requests after which the backend is replaced. Default: never. */
  maxRequests?: number;
}

export type Ask<Request, Reply> = (request: Request) => Promise<Reply>;

/**
 * One worker thread or process with a serial queue.
 *
 * The backend starts with the first request, answers one request after the other and ends when idle. A backend that
 * dies or exceeds a limit is ended: its request is rejected, and the next request starts a new one.
 */
export class IdleWorker<Request, Reply> implements Closeable {
  private backend: Backend<Request, Reply> | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | undefined;
  private waiting = 0;
  private answered = 0;
  private closed = false;

  constructor(private readonly options: IdleWorkerOptions<Request, Reply>) {}

  /** The running process; undefined when there is none. */
  get pid(): number | undefined {
    return this.backend?.alive === true ? this.backend.pid : undefined;
  }

  run(request: Request): Promise<Reply> {
    return this.use((ask) => ask(request));
  }

  /** Runs several requests in one slot of the queue. */
  use<T>(work: (ask: Ask<Request, Reply>) => Promise<T>): Promise<T> {
    const { maxWaiting = Infinity } = this.options;
    if (this.waiting >= maxWaiting) {
      return Promise.reject(new WorkFault('full', `${this.waiting} waiting requests`));
    }
    this.waiting += 1;
    const mine = this.last.then(() => work((request) => this.ask(request))).finally(() => (this.waiting -= 1));
    this.last = mine.catch(() => undefined); // failures go to the caller; the queue continues
    return mine;
  }

  /** Starts the backend before the first request. */
  prepare(): void {
    if (!this.closed) this.endWhenIdle(this.ready());
  }

  /** Ends the backend immediately; the next request starts a new one. */
  async restart(): Promise<void> {
    clearTimeout(this.idle);
    await this.drop(this.backend);
  }

  /** Waits for queued requests and ends the backend; the next request starts a new one. */
  async rest(): Promise<void> {
    await this.last;
    await this.restart();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.restart();
  }

  private async ask(request: Request): Promise<Reply> {
    if (this.closed) throw new WorkFault('closed', 'a closed worker');
    clearTimeout(this.idle);
    const backend = this.ready();
    const timeoutMs = this.options.timeoutMs();
    const asked = backend.ask(request);
    asked.catch(() => undefined); // raced below; a late request rejects when its backend ends
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new WorkFault('late', `none in ${timeoutMs} ms`));
        void this.drop(backend);
      }, timeoutMs);
    });
    try {
      const reply = await Promise.race([asked, late]);
      this.answered += 1;
      if (this.answered >= (this.options.maxRequests ?? Infinity)) await this.restart();
      return reply;
    } catch (cause) {
      if (this.closed) throw new WorkFault('closed', 'a closed worker', { cause });
      throw cause;
    } finally {
      clearTimeout(timer);
      if (this.backend === backend && backend.alive) this.endWhenIdle(backend);
    }
  }

  private ready(): Backend<Request, Reply> {
    if (this.backend?.alive === true) return this.backend;
    this.answered = 0;
    return (this.backend = this.options.start());
  }

  private endWhenIdle(backend: Backend<Request, Reply>): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => void this.drop(backend), this.options.idleMs).unref();
  }

  private async drop(backend: Backend<Request, Reply> | undefined): Promise<void> {
    if (this.backend === backend) this.backend = undefined;
    await backend?.end();
  }
}
