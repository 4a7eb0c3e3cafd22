import type { ChildProcess, ForkOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EngineError } from '../errors.js';
import { forkChild } from './child-process.js';
import { ChildWords } from './child-words.js';
import { type Backend, WorkFault } from './idle-worker.js';

export interface UseLimits {
  /** CPU time of one request. */
  readonly cpuMs: number;
  /** The process's private resident memory. */
  readonly memoryMb: number;
}

const INTERVAL_MS = 50;
/** Linux reports CPU time in hundredths of a second on every machine (USER_HZ). */
const MS_A_TICK = 10;

/**
 * Reads a process's usage from /proc during a request and kills the process above the limits. Without /proc only the
 * request's time limit applies.
 */
class ProcessWatch {
  /** The exceeded limit. */
  broken: 'cpu' | 'memory' | undefined;
  private timer: NodeJS.Timeout | undefined;
  private beganCpuMs = 0;

  constructor(
    private readonly pid: number,
    private readonly limits: UseLimits,
    private readonly kill: () => void,
  ) {}

  begin(): void {
    clearInterval(this.timer);
    this.beganCpuMs = this.cpuMs() ?? 0;
    this.timer = setInterval(() => this.look(), INTERVAL_MS);
  }

  end(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const cpuMs = this.cpuMs();
    const memoryMb = this.memoryMb();
    if (memoryMb !== undefined && memoryMb > this.limits.memoryMb) this.broken = 'memory';
    else if (cpuMs !== undefined && cpuMs - this.beganCpuMs > this.limits.cpuMs) this.broken = 'cpu';
    else return;
    this.end();
    this.kill();
  }

  private cpuMs(): number | undefined {
    // The program name may contain anything, so fields are counted behind it: state first, user and system time as 12th
    // and 13th.
    const fields = this.read('stat')?.split(') ').at(-1)?.split(' ');
    return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) * MS_A_TICK;
  }

  private memoryMb(): number | undefined {
    const kilobytes = /^RssAnon:\s+(\d+) kB/m.exec(this.read('status') ?? '')?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  }

  private read(file: string): string | undefined {
    try {
      return readFileSync(`/proc/${this.pid}/${file}`, 'latin1');
    } catch {
      return undefined;
    }
  }
}

/** A worker process's message: see `serveParent`. */
export type ProcessReply<Reply> =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly reply: Reply }
  | { readonly kind: 'failed'; readonly message: string };

export interface ProcessBackendOptions {
  /** The module as `new URL('../x.js', import.meta.url)`, and the caller's `import.meta.url`. */
  readonly module: URL;
  readonly caller: string;
  /** Node's own arguments. */
  readonly execArgv?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly limits?: UseLimits;
}

/** Total CPU time of a process, so that an orphan ends by itself. */
const LIFETIME_CPU_SECONDS = 600;
/** The system's limit is above the watch's, which reports better errors, and below what would harm the machine. */
const HARD_MEMORY_FACTOR = 2;

/**
 * A child process that answers one request at a time over Node's IPC channel. It does not keep the engine alive without
 * a request.
 *
 * With limits the child runs under `ulimit` (private memory, lifetime CPU, no core dump) where a shell supports it, and
 * its usage is read from /proc during a request; a process above its limits is killed.
 */
export class ProcessBackend<Request, Reply> implements Backend<Request, Reply> {
  private readonly process: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly watch: ProcessWatch | undefined;
  private readonly ready: Promise<void>;
  private pending: { resolve(reply: Reply): void; reject(fault: WorkFault | EngineError): void } | undefined;
  private readonly words: ChildWords;
  private gone = false;

  constructor(private readonly options: ProcessBackendOptions) {
    const file = moduleFile(options);
    this.process = start(file, options);
    this.words = new ChildWords(file, this.process.stderr!);
    let onReady = (): void => undefined;
    this.ready = new Promise((resolve) => (onReady = resolve));
    this.exited = new Promise((resolve) => {
      const end = (why: string): void => {
        this.gone = true;
        this.pending?.reject(this.fault(why));
        this.pending = undefined;
        onReady();
        resolve();
      };
      this.process.once('exit', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`));
      this.process.once('error', (error) => end(error.message));
    });
    this.process.on('message', (message: ProcessReply<Reply>) => {
      if (message.kind === 'ready') onReady();
      else this.receive(message);
    });
    const { pid } = this.process;
    if (options.limits !== undefined && pid !== undefined) {
      this.watch = new ProcessWatch(pid, options.limits, () => this.kill());
    }
    this.rest();
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get alive(): boolean {
    return !this.gone;
  }

  async ask(request: Request): Promise<Reply> {
    this.process.ref();
    this.process.channel?.ref();
    // The start is not counted as the request's CPU time.
    if (this.watch !== undefined) await this.ready;
    return new Promise<Reply>((resolve, reject) => {
      if (this.gone) return reject(this.fault('it had ended'));
      this.pending = { resolve, reject };
      this.watch?.begin();
      this.process.send(request as never, (error) => {
        if (error !== null) this.kill();
      });
    });
  }

  async end(): Promise<void> {
    this.kill();
    // Keeps the engine alive until the process has ended.
    if (!this.gone) this.process.ref();
    await this.exited;
  }

  private kill(): void {
    this.watch?.end();
    if (!this.gone) this.process.kill('SIGKILL');
  }

  /** An idle process does not keep the engine alive. */
  private rest(): void {
    this.process.unref();
    this.process.channel?.unref();
    const stderr = this.process.stderr as unknown as { unref?(): void };
    stderr.unref?.();
  }

  private receive(message: Exclude<ProcessReply<Reply>, { kind: 'ready' }>): void {
    const { pending } = this;
    if (pending === undefined) return;
    this.pending = undefined;
    this.watch?.end();
    this.rest();
    if (message.kind === 'done') pending.resolve(message.reply);
    else pending.reject(new WorkFault('failed', message.message));
  }

  private fault(why: string): WorkFault | EngineError {
    this.watch?.end();
    const { limits } = this.options;
    const { missing } = this.words;
    if (missing !== undefined) return missing;
    const words = this.words.toString();
    const said = `${why} ${words}`.trim();
    if (limits === undefined || this.watch === undefined) return new WorkFault('died', said);
    if (this.watch.broken === 'cpu') return new WorkFault('cpu', `more than ${limits.cpuMs} ms of CPU time`);
    const memory = `more than ${limits.memoryMb} MB of memory`;
    if (this.watch.broken === 'memory') return new WorkFault('memory', memory);
    // Libraries abort when the system refuses memory.
    if (/memory|alloc/i.test(words)) return new WorkFault('memory', memory);
    return new WorkFault('died', said);
  }
}

const moduleFile = ({ module, caller }: ProcessBackendOptions): string =>
  fileURLToPath(caller.endsWith('.ts') ? module.href.replace(/\.js$/, '.ts') : module.href);

function start(file: string, options: ProcessBackendOptions): ChildProcess {
  const { caller, execArgv = [], args = [], env, limits } = options;
  const source = caller.endsWith('.ts');
  const nodeArgs = [...(source ? [`--import=${import.meta.resolve('tsx')}`] : []), ...execArgv];
  const forked: ForkOptions = {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...(env === undefined ? {} : { env }),
  };
  if (limits === undefined || process.platform === 'win32')
    return forkChild(file, args, { ...forked, execArgv: nodeArgs });
  const kilobytes = limits.memoryMb * HARD_MEMORY_FACTOR * 1024;
  const shell =
    `ulimit -d ${kilobytes} 2>/dev/null; ulimit -t ${LIFETIME_CPU_SECONDS} 2>/dev/null; ulimit -c 0 2>/dev/null; ` +
    'exec "$0" "$@"';
  return forkChild(file, args, {
    ...forked,
    execPath: '/bin/sh',
    execArgv: ['-c', shell, process.execPath, ...nodeArgs],
  });
}
