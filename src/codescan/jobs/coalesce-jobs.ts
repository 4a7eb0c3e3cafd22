// frame path
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { addRect } from '../pipeline/rect-lists.js';
import {
  EFFORT,
  finderRects,
  findersOnly,
  JOB,
  JOB_STATE,
  passesOf,
  MAX_JOB_PARTS,
  MAX_READ,
  MAX_SEARCHED,
  MAX_SLOT,
  OUTCOME,
  type ScanMemory,
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
