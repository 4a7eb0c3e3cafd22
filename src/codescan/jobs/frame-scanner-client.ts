// frame path
import { RECT_STRIDE, RectList } from '../../core/media/picture.js';
import { CODE_RULE, type FrameHit } from '../../core/verdict.js';
import { addRect } from '../pipeline/rect-lists.js';
import { CODE_KINDS } from '../pipeline/symbol.js';
import {
  CONTROL,
  EFFORT,
  finderRects,
  findersOnly,
  HIT_STRIDE,
  JOB,
  JOB_STATE,
  MAX_JOB_PARTS,
  MAX_JOB_RECTS,
  MAX_READ,
  MAX_SEARCHED,
  MAX_SLOT,
  OUTCOME,
  passesOf,
  type ScanHandle,
  ScanMemory,
  slotEffort,
  slotRects,
} from './scan-memory.js';

const PLANES = EFFORT.luma | EFFORT.cb | EFFORT.cr | EFFORT.bars;

/** Whether a waiting job is one of a round-robin sequence: only those are coalesced. */
const waits = (memory: ScanMemory, buffer: number): boolean => {
  const at = memory.jobAt(buffer);
  const state = Atomics.load(memory.jobs, at + JOB.state);
  return state === JOB_STATE.posted && (memory.jobs[at + JOB.effort]! & EFFORT.slotted) !== 0;
};

/**
 * Coalesces waiting scans into one.
 *
 * The problem: a scanner that falls behind and scans every waiting picture never catches up, as each scan takes as long
 * as the next picture needs to arrive. The rule: an older job is coalesced into the one after it, whose picture is then
 * scanned in the rectangles of both and with the effort of both. The older frame gets no verdict, so it is replaced;
 * nothing it changed counts as clean before the later picture was scanned there (`Judge`).
 *
 * Both jobs belong to the caller. A caller that dies halfway leaves a flag, by which the job counts as failed.
 */
export class JobCoalescer {
  private readonly read = new RectList(MAX_READ);
  private readonly searched = new RectList(MAX_SEARCHED);
  private readonly slot = new RectList(MAX_SLOT);
  private readonly parts = new RectList(MAX_JOB_PARTS);

  constructor(private readonly memory: ScanMemory) {}

  /** Number of waiting jobs that can be coalesced. */
  waiting(): number {
    let count = 0;
    for (let b = 0; b < this.memory.handle.buffers; b += 1) if (waits(this.memory, b)) count += 1;
    return count;
  }

  /** The oldest waiting job that can be coalesced and was posted after number `after`; −1: none. */
  oldest(after?: number): number {
    const { jobs } = this.memory;
    let oldest = -1;
    let sequence = 0;
    for (let b = 0; b < this.memory.handle.buffers; b += 1) {
      if (!waits(this.memory, b)) continue;
      const own = jobs[this.memory.jobAt(b) + JOB.sequence]!;
      // Compared as differences, so that they may wrap.
      if (after !== undefined && ((own - after) | 0) <= 0) continue;
      if (oldest >= 0 && ((own - sequence) | 0) >= 0) continue;
      oldest = b;
      sequence = own;
    }
    return oldest;
  }

  /** Coalesces one buffer's job into another's and marks it done without a verdict. */
  join(from: number, into: number): void {
    const { memory, read, searched, slot } = this;
    const { jobs } = memory;
    const a = memory.jobAt(from);
    const b = memory.jobAt(into);
    jobs[b + JOB.torn] = 1;
    read.clear();
    searched.clear();
    slot.clear();
    this.take(a);
    this.take(b);
    const effort = jobs[a + JOB.effort]! | jobs[b + JOB.effort]!;
    const passes = passesOf(jobs[a + JOB.effort]!) | passesOf(jobs[b + JOB.effort]!);
    const bits = EFFORT.deep | EFFORT.sweep | PLANES;
    jobs[b + JOB.effort] = (effort & bits) | slotEffort(passes, slot.count) | findersOnly(searched.count);
    let to = b + JOB.rects;
    for (const list of [read, searched, slot]) {
      for (let i = 0; i < list.count * RECT_STRIDE; i += 1) jobs[to + i] = list.items[i]!;
      to += list.count * RECT_STRIDE;
    }
    jobs[b + JOB.rectCount] = read.count + searched.count + slot.count;
    this.joinParts(a + JOB.parts, b + JOB.parts);
    jobs[b + JOB.torn] = 0;
    jobs[a + JOB.coalescedInto] = jobs[b + JOB.frame]!;
    jobs[a + JOB.outcome] = OUTCOME.coalesced;
    Atomics.store(jobs, a + JOB.state, JOB_STATE.done);
  }

  private take(at: number): void {
    const { jobs } = this.memory;
    const effort = jobs[at + JOB.effort]!;
    const slot = jobs[at + JOB.rectCount]! - slotRects(effort);
    const searched = slot - finderRects(effort);
    for (let i = 0; i < jobs[at + JOB.rectCount]!; i += 1) {
      const list = i >= slot ? this.slot : i >= searched ? this.searched : this.read;
      this.one.count = 1;
      for (let k = 0; k < RECT_STRIDE; k += 1) this.one.items[k] = jobs[at + JOB.rects + i * RECT_STRIDE + k]!;
      addRect(this.one, 0, 1, list);
    }
  }

  private readonly one = new RectList(1);

  /** Adds the parts at `a` to those at `b`. */
  private joinParts(a: number, b: number): void {
    const { parts, one } = this;
    const { jobs } = this.memory;
    parts.clear();
    for (const from of [b, a]) {
      for (let at = from; at < from + MAX_JOB_PARTS * RECT_STRIDE && jobs[at + 2] !== 0; at += RECT_STRIDE) {
        one.count = 1;
        for (let k = 0; k < RECT_STRIDE; k += 1) one.items[k] = jobs[at + k]!;
        addRect(one, 0, 1, parts);
      }
    }
    for (let i = 0; i < MAX_JOB_PARTS * RECT_STRIDE; i += 1) {
      jobs[b + i] = i < parts.count * RECT_STRIDE ? parts.items[i]! : 0;
    }
  }
}

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
