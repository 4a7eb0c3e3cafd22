/**
 * Keeps one elementary stream encoded: one process at a time, and the next generation when that one dies, hangs or is
 * to be replaced.
 *
 * Problem: encoders crash and hang, and outputs must see no more than a short gap.
 * Demands: a replacement within a second, no storm of processes when it cannot work, no false alarm while the loop
 * stands still or the machine is slow.
 * Rule: a death after 5 s of work is replaced at once, an earlier one after a doubling pause. While a process is
 * suspected of hanging (hang-watch.ts), a spare is started and loads. A planned replacement starts the new process
 * first, lets it load while the old one continues, and then hands over; the old one's input is closed and it may
 * finish.
 * Numbers: pause 0.1–5 s. At 30 fps a stopped encoder costs a gap of look-ahead (0.33 s) + 0.5 s.
 */
import { closeSync, existsSync } from 'node:fs';
import { EngineError, toEngineError } from '../core/errors.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import { newInputLog, type EncoderLink, type InputLog, type StreamKind } from './process/encoder-link.js';
import { EncoderProcess } from './process/encoder-process.js';
import { HangWatch, processActivity, type ProcessActivity } from './process/hang-watch.js';

/** An awaited replacement of an encoder process, until its first packet or its end. */
class AwaitedReplacement {
  private process: EncoderProcess | undefined;
  private resolve: (generation: number) => void = () => undefined;
  private reject: (error: EngineError) => void = () => undefined;

  constructor(private readonly stream: StreamKind) {}

  /** Resolves with the generation; rejects with E_ENCODER_DIED. */
  from(process: EncoderProcess): Promise<number> {
    return new Promise((resolve, reject) => {
      this.process = process;
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** This process gave a packet. */
  flows(process: EncoderProcess): void {
    if (this.process !== process) return;
    this.process = undefined;
    this.resolve(process.link.generation);
  }

  /** This process will give no packet. */
  settle(process: EncoderProcess, found: string, error?: EngineError): void {
    if (this.process !== process) return;
    this.process = undefined;
    this.reject(error ?? this.gone(process.link.generation, found));
  }

  gone(generation: number, found: string): EngineError {
    return new EngineError('E_ENCODER_DIED', {
      where: `${this.stream} encoder, generation ${generation}`,
      expected: 'a first packet',
      found,
    });
  }
}

/**
 * Detects when a started encoder process is ready for its input.
 *
 * Problem: loading takes 0.1 s on an idle machine and over a second on a busy one, and the process does not report it.
 * Demands: a planned replacement must not take over before it can read (frames would be lost), nor keep the room
 * waiting.
 * Rule: a process has loaded when all its threads sleep in two checks in a row: it waits for its first frame. Where
 * thread states cannot be read, a fixed time is used.
 * Numbers: checks every 30 ms; never before 60 ms, at the latest after 3 s; 0.5 s where states cannot be read.
 */
const LOOK_MS = 30;
const LONGEST_MS = 3000;
const BLIND_MS = 500;

/** Calls back once; returns a function that cancels it. */
function whenLoaded(pid: number | undefined, loaded: () => void): () => void {
  let timer: NodeJS.Timeout;
  if (pid === undefined || !existsSync(`/proc/${pid}/task`)) {
    timer = setTimeout(loaded, BLIND_MS);
    return () => clearTimeout(timer);
  }
  const startedMs = performance.now();
  let asleep = 0;
  const look = (): void => {
    asleep = processActivity(pid) === 'asleep' ? asleep + 1 : 0;
    if (asleep >= 2 || performance.now() - startedMs >= LONGEST_MS) loaded();
    else timer = setTimeout(look, LOOK_MS);
  };
  timer = setTimeout(look, LOOK_MS);
  return () => clearTimeout(timer);
}

const STEADY_MS = 5000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** After an unused spare, this long passes before the next one. */
const SPARE_REST_MS = 5000;
const RETIRE_MS = 3000;

/** Reads the output of one process; created per generation. */
export interface StreamReader {
  push(chunk: Buffer): void;
}

export interface StreamEncoderOptions {
  stream: StreamKind;
  program: string;
  kernels: Kernels;
  log: Log;
  /** Inputs the encoder may hold before its first packet (look-ahead, codec delay). */
  delayInputs: number;
  args(): readonly string[];
  reader(generation: number, inputs: InputLog, packetOut: () => void): StreamReader;
  onLink(link: EncoderLink): void;
  /** Every n-th frame is encoded (video). */
  frameStep?(): number;
  /** For tests; queries the system by default. */
  readonly activity?: (pid: number) => ProcessActivity;
}

export class StreamEncoder {
  generation = 0;
  restarts = 0;
  lastError = '';
  private current: EncoderProcess | undefined;
  /** Loading, not yet linked. */
  private next: EncoderProcess | undefined;
  private cancelHandOver: () => void = () => undefined;
  private readonly alive = new Set<EncoderProcess>();
  private running = false;
  private pauseMs = FIRST_PAUSE_MS;
  private pause: NodeJS.Timeout | undefined;
  private readonly hangs: HangWatch;
  /** `next` is a spare, not a planned replacement. */
  private spare = false;
  private spareAfterMs = -Infinity;
  private readonly awaited: AwaitedReplacement;

  constructor(private readonly options: StreamEncoderOptions) {
    const { delayInputs, activity = processActivity } = options;
    this.hangs = new HangWatch(delayInputs, () => activity(this.pid ?? 0));
    this.awaited = new AwaitedReplacement(options.stream);
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.spawn();
  }

  /**
   * Replaces the running process; its buffered output still comes out. Resolves with the new generation at its first
   * packet; rejects with E_ENCODER_DIED when it ended before that, and the old one continues.
   */
  restart(reason: string): Promise<number> {
    if (!this.running) return Promise.resolve(this.generation);
    this.options.log.info({ stream: this.options.stream, reason }, 'replacing the encoder');
    this.restarts += 1;
    this.discardNext();
    const first = this.current === undefined;
    clearTimeout(this.pause);
    const process = this.launch();
    if (process === undefined)
      return Promise.reject(this.awaited.gone(this.generation, 'the process could not be started'));
    const flows = this.awaited.from(process);
    if (first) this.link(process);
    else {
      this.next = process;
      this.cancelHandOver = whenLoaded(process.pid, () => this.promote());
    }
    return flows;
  }

  /** Ends the stream; `start()` works again afterwards. */
  stop(): void {
    if (!this.running) return;
    this.running = false;
    clearTimeout(this.pause);
    this.discardNext();
    const { stream } = this.options;
    if (this.generation > 0) this.options.onLink({ stream, generation: this.generation, fd: -1, log: newInputLog() });
    if (this.current !== undefined) this.retire(this.current);
    this.current = undefined;
  }

  /** A process that ends from now on was ended on purpose. */
  expectEnd(): void {
    this.running = false;
    clearTimeout(this.pause);
  }

  /** Checks for a hang; call about ten times a second. */
  watch(nowMs: number): void {
    const process = this.current;
    const { suspect, hung } = this.hangs.look(process?.log.offered, nowMs);
    if (suspect && this.next === undefined && nowMs >= this.spareAfterMs) {
      this.next = this.launch('spare encoder started: the running one is silent');
      this.spare = true;
    }
    if (process === undefined || hung === undefined) return;
    process.kill(
      new EngineError('E_ENCODER_STALLED', {
        where: `${this.options.stream} encoder, generation ${process.link.generation}`,
        expected: `a packet within ${hung.withinMs} ms`,
        found: `none for ${Math.round(hung.quietMs)} ms while ${hung.offered} inputs were offered (${hung.how})`,
      }),
    );
  }

  /** Resolves when the running process waits for its first input. */
  loaded(): Promise<void> {
    return new Promise((resolve) => void whenLoaded(this.current?.pid, resolve));
  }

  /** For tests and diagnosis. */
  get pid(): number | undefined {
    return this.current?.pid;
  }

  /** Waits for the output the processes still hold; their inputs must be closed first. Starts no new process. */
  async finish(): Promise<void> {
    this.running = false;
    clearTimeout(this.pause);
    this.current = undefined;
    await Promise.all([...this.alive].map((process) => process.exited));
  }

  async close(): Promise<void> {
    this.running = false;
    clearTimeout(this.pause);
    this.discardNext();
    if (this.current !== undefined) this.awaited.settle(this.current, 'a room that is closing');
    this.current = undefined;
    const ends = [...this.alive].map((process) => {
      process.kill(undefined);
      return process.exited;
    });
    await Promise.all(ends);
  }

  private spawn(): void {
    clearTimeout(this.pause);
    const process = this.launch();
    if (process !== undefined) this.link(process);
  }

  private link(process: EncoderProcess): void {
    this.hangs.begin();
    this.current = process;
    const step = this.options.frameStep?.() ?? 1;
    this.options.onLink(step === 1 ? process.link : { ...process.link, frameStep: step });
  }

  /** The loaded process takes over. */
  private promote(): void {
    this.cancelHandOver();
    const { next, current: old } = this;
    this.next = undefined;
    this.spare = false;
    if (next === undefined) return;
    this.link(next);
    if (old !== undefined) this.retire(old);
  }

  private discardNext(): void {
    this.cancelHandOver();
    const { next } = this;
    this.next = undefined;
    this.spare = false;
    if (next === undefined) return;
    this.awaited.settle(next, 'another replacement came first');
    // Its descriptor was never handed out.
    closeSync(next.link.fd);
    next.kill(undefined);
  }

  private launch(message = 'encoder started'): EncoderProcess | undefined {
    const { stream, log } = this.options;
    this.generation += 1;
    const generation = this.generation;
    const readers: StreamReader[] = [];
    let process: EncoderProcess;
    try {
      process = new EncoderProcess({
        stream,
        generation,
        program: this.options.program,
        args: this.options.args(),
        kernels: this.options.kernels,
        onData: (chunk) => readers[0]?.push(chunk),
        onExit: (error) => this.ended(process, error),
      });
    } catch (e) {
      this.again(toEngineError(e, `${stream} encoder`), 0);
      return undefined;
    }
    readers.push(this.options.reader(generation, process.log, () => this.packetOut(process)));
    this.alive.add(process);
    log.info({ stream, generation, pid: process.pid }, message);
    return process;
  }

  private packetOut(process: EncoderProcess): void {
    if (process !== this.current) return;
    const nowMs = performance.now();
    this.hangs.packetOut(process.log.offered, nowMs);
    if (this.spare) {
      this.discardNext();
      this.spareAfterMs = nowMs + SPARE_REST_MS;
    }
    this.awaited.flows(process);
  }

  private retire(process: EncoderProcess): void {
    const timer = setTimeout(() => process.kill(undefined), RETIRE_MS);
    void process.exited.then(() => clearTimeout(timer));
  }

  private ended(process: EncoderProcess, error: EngineError | undefined): void {
    this.alive.delete(process);
    this.awaited.settle(process, 'the process ended by itself', error);
    if (process === this.next && this.running) {
      this.lastError = error?.message ?? `${this.options.stream} encoder ended while it loaded`;
      this.options.log.warn(
        { stream: this.options.stream, reason: this.lastError },
        'replacement failed; the old encoder continues',
      );
      this.discardNext();
      return;
    }
    if (process !== this.current) return;
    this.current = undefined;
    if (!this.running) return;
    const reason =
      error ??
      new EngineError('E_ENCODER_DIED', {
        where: `${this.options.stream} encoder, generation ${process.link.generation}`,
        found: 'the process ended by itself',
      });
    this.restarts += 1;
    if (this.next === undefined) {
      this.again(reason, performance.now() - process.startedAtMs);
      return;
    }
    this.lastError = reason.message;
    this.options.log.warn({ stream: this.options.stream, code: reason.code, reason: reason.message }, 'encoder ended');
    this.promote();
  }

  private again(error: EngineError, livedMs: number): void {
    const { stream, log } = this.options;
    this.lastError = error.message;
    const steady = livedMs >= STEADY_MS;
    const waitMs = steady ? 0 : this.pauseMs;
    this.pauseMs = steady ? FIRST_PAUSE_MS : Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    log.warn({ stream, code: error.code, reason: error.message, waitMs }, 'encoder ended; the next generation starts');
    this.pause = setTimeout(() => {
      if (this.running && this.current === undefined) this.spawn();
    }, waitMs);
  }
}
