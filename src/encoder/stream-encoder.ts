/**
 * Keeps one elementary stream encoded: one process at a time, and the next generation when that one dies,
 * hangs or is to be replaced.
 *
 * Problem: encoders crash and hang, and outputs must not notice more than a short gap. Demands: a replacement
 * within a second, no storm of processes when it can't work, no false alarm while the loop stands still or
 * the machine is slow.
 * Rule: a death after 5 s of work is replaced at once, earlier ones after a doubling pause. A process hangs
 * when inputs were offered for longer than it may hold them back and no packet came. A planned replacement
 * starts the new process first, lets it load while the old one goes on, and hands over then; the old one gets
 * the end of its input and may finish.
 * Numbers: pause 0.1–5 s; hang 2 s (10 s for the first packet); 0.5 s to load.
 */
import { closeSync } from 'node:fs';
import { EngineError, toEngineError } from '../core/errors.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import { newInputLog, type EncoderLink, type InputLog, type StreamKind } from './encoder-link.js';
import { EncoderProcess } from './encoder-process.js';

const STEADY_MS = 5000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
const HANG_MS = 2000;
const SLOW_START_MS = 10_000;
const RETIRE_MS = 3000;
/** What ffmpeg takes to load on a busy machine; until then it reads nothing. */
export const LOAD_MS = 500;

/** Reads the output of one process; made anew for each generation. */
export interface StreamReader {
  push(chunk: Buffer): void;
}

export interface StreamEncoderOptions {
  stream: StreamKind;
  program: string;
  kernels: Kernels;
  log: Log;
  /** Inputs that may be in the encoder before its first packet (look-ahead, codec delay). */
  delayInputs: number;
  args(): readonly string[];
  reader(generation: number, inputs: InputLog, packetOut: () => void): StreamReader;
  onLink(link: EncoderLink): void;
}

export class StreamEncoder {
  generation = 0;
  restarts = 0;
  lastError = '';
  private current: EncoderProcess | undefined;
  /** Loading, not yet linked. */
  private next: EncoderProcess | undefined;
  private handOver: NodeJS.Timeout | undefined;
  private readonly alive = new Set<EncoderProcess>();
  private running = false;
  private pauseMs = FIRST_PAUSE_MS;
  private pause: NodeJS.Timeout | undefined;
  private lastPacketMs = 0;
  private offeredAtPacket = 0;
  private packets = 0;

  constructor(private readonly options: StreamEncoderOptions) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.spawn();
  }

  /** Replaces the running process; what it holds still comes out. */
  restart(reason: string): void {
    if (!this.running) return;
    this.options.log.info({ stream: this.options.stream, reason }, 'encoder is replaced');
    this.restarts += 1;
    this.discardNext();
    if (this.current === undefined) {
      this.spawn();
      return;
    }
    this.next = this.launch();
    this.handOver = setTimeout(() => this.promote(), LOAD_MS);
  }

  /** Ends the stream without ending the object: `start()` works again. */
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

  /** Looks for a hang; to be called about twice a second. */
  watch(nowMs: number): void {
    const process = this.current;
    if (process === undefined) return;
    const started = this.packets > 0;
    const offered = process.log.offered - this.offeredAtPacket;
    const quietMs = nowMs - (started ? this.lastPacketMs : process.startedAtMs);
    const held = this.options.delayInputs * (started ? 1 : 2) + 3;
    if (quietMs < (started ? HANG_MS : SLOW_START_MS) || offered <= held) return;
    process.kill(
      new EngineError('E_ENCODER_STALLED', {
        where: `${this.options.stream} encoder, generation ${process.link.generation}`,
        expected: `a packet within ${started ? HANG_MS : SLOW_START_MS} ms`,
        found: `none for ${Math.round(quietMs)} ms while ${offered} inputs were offered`,
      }),
    );
  }

  /** For tests and diagnosis. */
  get pid(): number | undefined {
    return this.current?.pid;
  }

  /** Waits for what the processes still hold; their inputs have to be closed for that. None is started again. */
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
    this.packets = 0;
    this.offeredAtPacket = 0;
    this.current = process;
    this.options.onLink(process.link);
  }

  /** The loaded process takes over. */
  private promote(): void {
    clearTimeout(this.handOver);
    const { next, current: old } = this;
    this.next = undefined;
    if (next === undefined) return;
    this.link(next);
    if (old !== undefined) this.retire(old);
  }

  private discardNext(): void {
    clearTimeout(this.handOver);
    const { next } = this;
    this.next = undefined;
    if (next === undefined) return;
    // Nobody was given its descriptor.
    closeSync(next.link.fd);
    next.kill(undefined);
  }

  private launch(): EncoderProcess | undefined {
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
    log.info({ stream, generation, pid: process.pid }, 'encoder started');
    return process;
  }

  private packetOut(process: EncoderProcess): void {
    if (process !== this.current) return;
    this.packets += 1;
    this.lastPacketMs = performance.now();
    this.offeredAtPacket = process.log.offered;
  }

  private retire(process: EncoderProcess): void {
    const timer = setTimeout(() => process.kill(undefined), RETIRE_MS);
    void process.exited.then(() => clearTimeout(timer));
  }

  private ended(process: EncoderProcess, error: EngineError | undefined): void {
    this.alive.delete(process);
    if (process === this.next) {
      this.lastError = error?.message ?? `${this.options.stream} encoder ended while it loaded`;
      this.options.log.warn(
        { stream: this.options.stream, reason: this.lastError },
        'replacement failed; the old goes on',
      );
      this.discardNext();
      return;
    }
    if (process !== this.current) return;
    this.current = undefined;
    if (!this.running) return;
    if (this.next !== undefined) {
      this.promote();
      return;
    }
    const reason =
      error ??
      new EngineError('E_ENCODER_DIED', {
        where: `${this.options.stream} encoder, generation ${process.link.generation}`,
        found: 'it ended by itself',
      });
    this.restarts += 1;
    this.again(reason, performance.now() - process.startedAtMs);
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
