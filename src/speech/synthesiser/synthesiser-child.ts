import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { forkChild } from '../../core/processes/child-process.js';
import { ChildWords } from '../../core/processes/child-words.js';
import { EngineError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { SynthesiserProgram, SynthesiserReply } from './synthesiser-messages.js';

/** The process is gone; its job may be given to another one. */
export class SynthesiserDied extends Error {}

interface Pending<Done> {
  resolve(reply: Done): void;
  reject(error: Error): void;
}

const START_TIMEOUT_MS = 45_000;

/**
 * One synthesiser process and its current job. It is not restarted here: a dead child stays dead and rejects its job
 * with SynthesiserDied.
 */
export class SynthesiserChild<Job extends object, Ready, Done> {
  readonly ready: Promise<Ready>;
  private readonly process: ChildProcess;
  private readonly exited: Promise<void>;
  private pending: Pending<Done> | undefined;
  private readonly words: ChildWords;
  private gone = false;

  constructor(
    private readonly program: SynthesiserProgram,
    private readonly log: Log,
    /** Of a piece; a start may take as long, and never less than usual. */
    timeoutMs = 0,
  ) {
    const source = program.module.pathname.endsWith('.ts');
    const file = fileURLToPath(program.module);
    this.process = forkChild(file, [], {
      serialization: 'advanced',
      // A small young generation: the sound passes through once and need not be kept. One thread: WebAssembly compilers
      // on their own threads leave 20 MB behind in their arenas of the C heap.
      execArgv: [
        ...(source ? [`--import=${import.meta.resolve('tsx')}`] : []),
        '--max-semi-space-size=2',
        `--max-old-space-size=${program.heapMib}`,
        '--single-threaded',
      ],
      env: { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '262144' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.words = new ChildWords(file, this.process.stderr!);
    this.ready = this.waitReady(Math.max(START_TIMEOUT_MS, timeoutMs));
    // Callers await `ready`; a failed child without a caller must not end the engine.
    this.ready.catch(() => undefined);
    this.exited = new Promise((resolve) => {
      const end = (why: string): void => {
        this.gone = true;
        this.pending?.reject(new SynthesiserDied(why));
        this.pending = undefined;
        resolve();
      };
      this.process.once('exit', (code, signal) => end(`ended with ${signal ?? `code ${code}`}`));
      this.process.once('error', (error) => end(error.message));
    });
    this.process.on('message', (reply: SynthesiserReply<Ready, Done>) => this.receive(reply));
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get alive(): boolean {
    return !this.gone;
  }

  /** Speaks one text; one job at a time. Rejects with SynthesiserDied or E_SPEECH_FAILED. */
  run(id: number, job: Job): Promise<Done> {
    return new Promise((resolve, reject) => {
      if (this.gone) {
        reject(new SynthesiserDied('it had already exited'));
        return;
      }
      this.pending = { resolve, reject };
      this.process.send({ ...job, id }, (error) => {
        if (error !== null) this.kill();
      });
    });
  }

  kill(): void {
    if (!this.gone) this.process.kill('SIGKILL');
  }

  async close(): Promise<void> {
    this.kill();
    await this.exited;
  }

  private receive(reply: SynthesiserReply<Ready, Done>): void {
    if (reply.kind === 'ready') return;
    const pending = this.pending;
    this.pending = undefined;
    if (pending === undefined) return;
    if (reply.kind === 'done') pending.resolve(reply.done);
    else
      pending.reject(
        new EngineError('E_SPEECH_FAILED', {
          where: this.program.name,
          found: reply.message,
          todo: 'change the text or the voice',
        }),
      );
  }

  private waitReady(timeoutMs: number): Promise<Ready> {
    return new Promise((resolve, reject) => {
      let settled = false;
      let started = false;
      const fail = (found: string): void => {
        clearTimeout(timer);
        if (started) return;
        if (settled) return; // it had started, and has ended
        settled = true;
        const { missing } = this.words;
        this.log.warn({ synthesiser: this.program.name, found }, 'the speech process did not start');
        reject(
          missing ??
            new EngineError('E_SPEECH_FAILED', {
              where: `${this.program.name} process`,
              expected: 'a started synthesiser',
              found,
              todo: `run \`engine doctor\`; reinstall ${this.program.package} if it is incomplete`,
            }),
        );
      };
      const timer = setTimeout(() => {
        this.kill();
        fail(`no answer in ${timeoutMs} ms`);
      }, timeoutMs);
      this.process.on('message', (reply: SynthesiserReply<Ready, Done>) => {
        if (reply.kind !== 'ready') return;
        started = true;
        clearTimeout(timer);
        settled = true;
        resolve(reply.ready);
      });
      this.process.once('exit', (code, signal) => fail(`${signal ?? `exit code ${code}`} ${this.words}`.trim()));
      this.process.once('error', (error) => fail(error.message));
    });
  }
}
