// frame path
import type { RectList } from '../../core/media/picture.js';
import { CODE_RULE, type FrameHit } from '../../core/verdict.js';
import { JobCoalescer } from './coalesce-jobs.js';
import {
  CONTROL,
  HIT_STRIDE,
  JOB,
  JOB_STATE,
  passesOf,
  MAX_JOB_PARTS,
  MAX_JOB_RECTS,
  OUTCOME,
  type ScanHandle,
  ScanMemory,
} from './scan-memory.js';
import { CODE_KINDS } from '../pipeline/symbol.js';

/** The scan as the gate sees it. No call waits except `waitUntilDone`. */
export interface FrameScannerClient {
  /** Number of picture buffers; each has room for one job. */
  readonly buffers: number;
  /** I420 frame buffer `buffer`; must not be written while its job is posted. */
  picture(buffer: number): Uint8Array;
  /**
   * Asks for a verdict on at most MAX_JOB_RECTS rectangles of the picture. `parts`: x, y, width, height of each part
   * that gets the enhanced passes; width 0 ends the list. `effort`: bits of EFFORT.
   */
  post(buffer: number, frame: number, rects: RectList, parts: Int32Array, effort: number): void;
  /** True once the posted job has its verdict. */
  done(buffer: number): boolean;
  /** One of OUTCOME; meaningful when done. */
  outcome(buffer: number): number;
  /** Number of candidate regions, and number of decoder calls. */
  candidates(buffer: number): number;
  reads(buffer: number): number;
  spentUs(buffer: number): number;
  /**
   * Bits of EFFORT it was done with. They, and the rectangles, may exceed the posted ones when earlier jobs were
   * coalesced into it.
   */
  effort(buffer: number): number;
  /** The frame whose job it was coalesced into; meaningful when the outcome is `coalesced`. */
  coalescedInto(buffer: number): number;
  /**
   * Coalesces the oldest waiting job into the next one if its frame precedes this one; returns its buffer, which is
   * then done, or −1.
   */
  coalesceOldest(before: number): number;
  /** The scanned rectangles; the boxes of the codes; the boxes of the unread candidates. */
  rects(buffer: number, out: RectList): void;
  hits(buffer: number, out: RectList): void;
  suspects(buffer: number, out: RectList): void;
  /** Adds the parts that were due for enhanced passes. */
  further(buffer: number, out: RectList): void;
  /** The findings, for an event. Allocates: only for the rare case. */
  describe(buffer: number): FrameHit[];
  /** The job is read; the buffer may be filled again. */
  retire(buffer: number): void;
  /** Offline only: blocks this thread until the job is done; false after `timeoutMs`. */
  waitUntilDone(buffer: number, timeoutMs: number): boolean;
}

/** The loop's end of the shared memory that FrameScanner owns. */
export class SharedFrameScannerClient implements FrameScannerClient {
  readonly buffers: number;
  private readonly memory: ScanMemory;
  private readonly jobs: Int32Array;
  private readonly control: Int32Array;
  private readonly coalescer: JobCoalescer;

  constructor(handle: ScanHandle) {
    this.memory = new ScanMemory(handle);
    this.buffers = handle.buffers;
    this.jobs = this.memory.jobs;
    this.control = this.memory.control;
    this.coalescer = new JobCoalescer(this.memory);
  }

  /** Number of scan threads, at least one. */
  threads(): number {
    return this.memory.readyThreads();
  }

  picture(buffer: number): Uint8Array {
    return this.memory.pictures[buffer]!;
  }

  post(buffer: number, frame: number, rects: RectList, parts: Int32Array, effort: number): void {
    const jobs = this.jobs;
    const at = this.memory.jobAt(buffer);
    const count = Math.min(rects.count, MAX_JOB_RECTS);
    jobs[at + JOB.sequence] = Atomics.add(this.control, CONTROL.sequence, 1);
    jobs[at + JOB.frame] = frame;
    for (let i = 0; i < MAX_JOB_PARTS * 4; i += 1) jobs[at + JOB.parts + i] = i < parts.length ? parts[i]! : 0;
    jobs[at + JOB.effort] = effort;
    jobs[at + JOB.attempts] = 0;
    jobs[at + JOB.claimedAtMs] = 0;
    jobs[at + JOB.outcome] = OUTCOME.failed;
    jobs[at + JOB.rectCount] = count;
    jobs[at + JOB.hitCount] = 0;
    jobs[at + JOB.suspectCount] = 0;
    jobs[at + JOB.candidates] = 0;
    jobs[at + JOB.reads] = 0;
    jobs[at + JOB.spentUs] = 0;
    jobs[at + JOB.torn] = 0;
    const items = rects.items;
    for (let i = 0; i < count * 4; i += 1) jobs[at + JOB.rects + i] = items[i]!;
    Atomics.store(jobs, at + JOB.state, JOB_STATE.posted);
    Atomics.add(this.control, CONTROL.wake, 1);
    Atomics.notify(this.control, CONTROL.wake, 1);
  }

  done(buffer: number): boolean {
    return Atomics.load(this.jobs, this.memory.jobAt(buffer) + JOB.state) === JOB_STATE.done;
  }

  outcome(buffer: number): number {
    return this.jobs[this.memory.jobAt(buffer) + JOB.outcome]!;
  }

  candidates(buffer: number): number {
    return this.jobs[this.memory.jobAt(buffer) + JOB.candidates]!;
  }

  reads(buffer: number): number {
    return this.jobs[this.memory.jobAt(buffer) + JOB.reads]!;
  }

  spentUs(buffer: number): number {
    return this.jobs[this.memory.jobAt(buffer) + JOB.spentUs]!;
  }

  effort(buffer: number): number {
    return this.jobs[this.memory.jobAt(buffer) + JOB.effort]!;
  }

  coalescedInto(buffer: number): number {
    return this.jobs[this.memory.jobAt(buffer) + JOB.coalescedInto]!;
  }

  coalesceOldest(before: number): number {
    const { coalescer, jobs, memory } = this;
    const from = coalescer.oldest();
    if (from < 0 || ((jobs[memory.jobAt(from) + JOB.frame]! - before) | 0) >= 0) return -1;
    const into = coalescer.oldest(jobs[memory.jobAt(from) + JOB.sequence]!);
    if (into < 0 || !this.seize(from)) return -1;
    if (!this.seize(into)) {
      this.letGo(from);
      return -1;
    }
    coalescer.join(from, into);
    this.letGo(into);
    return from;
  }

  /** Claims a waiting job so that no thread takes it. */
  private seize(buffer: number): boolean {
    const at = this.memory.jobAt(buffer) + JOB.state;
    return Atomics.compareExchange(this.jobs, at, JOB_STATE.posted, JOB_STATE.coalescing) === JOB_STATE.posted;
  }

  private letGo(buffer: number): void {
    Atomics.store(this.jobs, this.memory.jobAt(buffer) + JOB.state, JOB_STATE.posted);
    // A thread that checked in the meantime found no job.
    Atomics.add(this.control, CONTROL.wake, 1);
    Atomics.notify(this.control, CONTROL.wake, 1);
  }

  rects(buffer: number, out: RectList): void {
    const at = this.memory.jobAt(buffer);
    this.copyBoxes(at + JOB.rects, this.jobs[at + JOB.rectCount]!, 4, out);
  }

  hits(buffer: number, out: RectList): void {
    const at = this.memory.jobAt(buffer);
    this.copyBoxes(at + JOB.hits, this.jobs[at + JOB.hitCount]!, HIT_STRIDE, out);
  }

  suspects(buffer: number, out: RectList): void {
    const at = this.memory.jobAt(buffer);
    this.copyBoxes(at + JOB.suspects, this.jobs[at + JOB.suspectCount]!, 4, out);
  }

  further(buffer: number, out: RectList): void {
    const { jobs } = this;
    const from = this.memory.jobAt(buffer) + JOB.parts;
    if (passesOf(this.effort(buffer)) === 0) return;
    for (let at = from; at < from + MAX_JOB_PARTS * 4 && jobs[at + 2] !== 0; at += 4) {
      out.push(jobs[at]!, jobs[at + 1]!, jobs[at + 2]!, jobs[at + 3]!);
    }
  }

  describe(buffer: number): FrameHit[] {
    const at = this.memory.jobAt(buffer);
    const jobs = this.jobs;
    return Array.from({ length: jobs[at + JOB.hitCount]! }, (_, i): FrameHit => {
      const hit = at + JOB.hits + i * HIT_STRIDE;
      const box = { x: jobs[hit]!, y: jobs[hit + 1]!, width: jobs[hit + 2]!, height: jobs[hit + 3]! };
      const text = this.memory.readText(buffer, i, jobs[hit + 5]!);
      const kind = CODE_KINDS[jobs[hit + 4]!]!;
      return text === '' ? { rule: CODE_RULE, kind, box } : { rule: CODE_RULE, kind, text, box };
    });
  }

  retire(buffer: number): void {
    Atomics.store(this.jobs, this.memory.jobAt(buffer) + JOB.state, JOB_STATE.idle);
  }

  waitUntilDone(buffer: number, timeoutMs: number): boolean {
    const until = performance.now() + timeoutMs;
    while (!this.done(buffer)) {
      const left = until - performance.now();
      if (left <= 0) return false;
      // `finished` counts finished jobs; a job finished between the load and the wait changes it.
      const finished = Atomics.load(this.control, CONTROL.finished);
      if (this.done(buffer)) return true;
      Atomics.wait(this.control, CONTROL.finished, finished, Math.min(left, 50));
    }
    return true;
  }

  private copyBoxes(from: number, count: number, stride: number, out: RectList): void {
    const jobs = this.jobs;
    out.clear();
    for (let i = 0; i < count; i += 1) {
      const at = from + i * stride;
      out.push(jobs[at]!, jobs[at + 1]!, jobs[at + 2]!, jobs[at + 3]!);
    }
  }
}
