import type { Closeable } from '../closeable.js';

/** Why a request got no reply. `late` (wall time), `cpu` and `memory` are limits that it met; the backend was ended for it. */
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

/** A thread or process that answers one request at a time. A dead one stays dead. */
export interface Backend<Request, Reply> {
  readonly alive: boolean;
  /** Of a process. */
  readonly pid?: number | undefined;
  /** Rejects with a WorkFault. `failed` leaves the backend alive, everything else ends it. */
  ask(request: Request): Promise<Reply>;
  /** Ends it at once, whatever it is doing; resolves when it is gone. */
  end(): Promise<void>;
}

export interface IdleWorkerOptions<Request, Reply> {
  start(): Backend<Request, Reply>;
  /** Wall time for a request, the start of the backend included. May change between requests. */
  timeoutMs(): number;
  /** The backend ends after this time without work. */
  idleMs: number;
  /** Requests that may wait; a further one is refused as `full`. Default: no limit. */
  maxWaiting?: number;
  /** The backend is replaced after so many requests. Default: never. */
  maxRequests?: number;
}

export type Ask<Request, Reply> = (request: Request) => Promise<Reply>;

/**
 * One worker thread or process with a serial queue.
 *
 * The backend starts with the first request, answers one after the other and ends when idle. One that dies or meets a
 * limit is ended: its request is rejected, the next request gets a new backend.
 */
export class IdleWorker<Request, Reply> implements Closeable {
  private backend: Backend<Request, Reply> | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | undefined;
  private waiting = 0;
  private answered = 0;
  private closed = false;

  constructor(private readonly options: IdleWorkerOptions<Request, Reply>) {}

  /** Process that works now or waits for work; undefined when there is none. */
  get pid(): number | undefined {
    return this.backend?.alive === true ? this.backend.pid : undefined;
  }

  run(request: Request): Promise<Reply> {
    return this.use((ask) => ask(request));
  }

  /** One turn of the queue for several requests. */
  use<T>(work: (ask: Ask<Request, Reply>) => Promise<T>): Promise<T> {
    const { maxWaiting = Infinity } = this.options;
    if (this.waiting >= maxWaiting) {
      return Promise.reject(new WorkFault('full', `${this.waiting} requests that wait`));
    }
    this.waiting += 1;
    const mine = this.last.then(() => work((request) => this.ask(request))).finally(() => (this.waiting -= 1));
    this.last = mine.catch(() => undefined); // failures go to the caller; the queue continues
    return mine;
  }

  /** Starts the backend before there is work for it. */
  prepare(): void {
    if (!this.closed) this.endWhenIdle(this.ready());
  }

  /** Ends the backend at once; the next request gets a new one. */
  async restart(): Promise<void> {
    clearTimeout(this.idle);
    await this.drop(this.backend);
  }

  /** Waits for what was given and ends the backend; the next request gets a new one. */
  async rest(): Promise<void> {
    await this.last;
    await this.restart();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.restart();
  }

  private async ask(request: Request): Promise<Reply> {
    if (this.closed) throw new WorkFault('closed', 'a worker that was closed');
    clearTimeout(this.idle);
    const backend = this.ready();
    const timeoutMs = this.options.timeoutMs();
    const asked = backend.ask(request);
    asked.catch(() => undefined); // raced below; one that is late rejects unheard when its backend has ended
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
      if (this.closed) throw new WorkFault('closed', 'a worker that was closed', { cause });
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
