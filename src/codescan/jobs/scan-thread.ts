import { parentPort } from 'node:worker_threads';
import { RectList } from '../../core/media/picture.js';
import { loadKernels } from '../../native/load-kernels.js';
import { JobCoalescer } from './frame-scanner-client.js';
import { LiveScan } from '../pipeline/live-scan.js';
import {
  CONTROL,
  EFFORT,
  HIT_STRIDE,
  JOB,
  JOB_STATE,
  MAX_JOB_HITS,
  MAX_JOB_PARTS,
  MAX_JOB_RECTS,
  monotonicMs,
  OUTCOME,
  ScanMemory,
  type ScanStart,
} from './scan-memory.js';
import { ScanPace, warmUpScan } from './scan-pace.js';
import { CODE_KINDS, type CodeKind } from '../pipeline/symbol.js';
import { ownThreadNumber } from './thread-time.js';
import { ZxingReader } from '../decoders/library-readers.js';

/** Counts a step of the current job. */
class Pulse {
  /** Offset of the step counter; −1: no job. */
  job = -1;

  constructor(private readonly jobs: Int32Array) {}

  beat(): void {
    // Called hundreds of times per frame: no clock, no barrier.
    if (this.job >= 0) this.jobs[this.job + JOB.steps]! += 1;
  }
}

/** A scan thread: claims the oldest posted job, scans the picture where it stands, writes the result. */
class ScanThread {
  private readonly coalescer: JobCoalescer;
  private readonly pace = new ScanPace();
  private readonly rects = new RectList(MAX_JOB_RECTS);
  private readonly parts = new Int32Array(MAX_JOB_PARTS * 4);
  private readonly jobs: Int32Array;

  constructor(
    private readonly memory: ScanMemory,
    private readonly index: number,
    private readonly scan: LiveScan,
    private readonly pulse: Pulse,
  ) {
    this.jobs = memory.jobs;
    this.coalescer = new JobCoalescer(memory);
  }

  /**
   * Runs until the scanner closes or wants fewer threads. The thread sleeps in Atomics.wait, so nothing else runs in
   * it.
   */
  run(): void {
    const { control } = this.memory;
    Atomics.store(control, CONTROL.threads + this.index, 1);
    Atomics.notify(control, CONTROL.threads + this.index);
    while (Atomics.load(control, CONTROL.closing) === 0 && Atomics.load(control, CONTROL.wanted) > this.index) {
      // The counter is read before the search: a job posted after it ends the wait at once.
      const seen = Atomics.load(control, CONTROL.wake);
      const buffer = this.claim();
      if (buffer < 0) {
        Atomics.wait(control, CONTROL.wake, seen);
        continue;
      }
      this.work(this.joinLate(buffer));
    }
  }

  private claim(): number {
    const { jobs, memory } = this;
    for (;;) {
      let oldest = -1;
      let sequence = 0;
      for (let b = 0; b < memory.handle.buffers; b += 1) {
        const at = memory.jobAt(b);
        if (Atomics.load(jobs, at + JOB.state) !== JOB_STATE.posted) continue;
        // Compared as a difference, so that it may wrap.
        if (oldest < 0 || ((jobs[at + JOB.sequence]! - sequence) | 0) < 0) {
          oldest = b;
          sequence = jobs[at + JOB.sequence]!;
        }
      }
      if (oldest < 0) return -1;
      const at = memory.jobAt(oldest);
      const mine = JOB_STATE.claimed + this.index;
      if (Atomics.compareExchange(jobs, at + JOB.state, JOB_STATE.posted, mine) === JOB_STATE.posted) {
        this.begin(at);
        return oldest;
      }
    }
  }

  private begin(at: number): void {
    const { jobs, memory, index } = this;
    Atomics.store(jobs, at + JOB.claimedAtMs, monotonicMs());
    const taken = CONTROL.threads + index;
    Atomics.store(memory.control, taken, (memory.control[taken]! + 1) | 0 || 1);
  }

  /** Coalesces a claimed job with those after it when more wait than can be done in time; returns the job to do. */
  private joinLate(buffer: number): number {
    const { jobs, memory, coalescer, pace } = this;
    let at = memory.jobAt(buffer);
    if ((jobs[at + JOB.effort]! & EFFORT.slotted) === 0) return buffer;
    for (let over = coalescer.waiting() - pace.waiting(memory.readyThreads()); over > 0; over -= 1) {
      const next = coalescer.oldest(jobs[at + JOB.sequence]!);
      if (next < 0) return buffer;
      const to = memory.jobAt(next);
      const mine = JOB_STATE.claimed + this.index;
      if (Atomics.compareExchange(jobs, to + JOB.state, JOB_STATE.posted, mine) !== JOB_STATE.posted) continue;
      this.begin(to);
      coalescer.join(buffer, next);
      Atomics.add(memory.control, CONTROL.finished, 1);
      Atomics.notify(memory.control, CONTROL.finished);
      buffer = next;
      at = to;
    }
    return buffer;
  }

  private work(buffer: number): void {
    const { jobs, memory, rects, parts, scan } = this;
    const at = memory.jobAt(buffer);
    const started = performance.now();
    this.pulse.job = at;
    rects.clear();
    for (let i = 0; i < jobs[at + JOB.rectCount]!; i += 1) {
      const r = at + JOB.rects + i * 4;
      rects.push(jobs[r]!, jobs[r + 1]!, jobs[r + 2]!, jobs[r + 3]!);
    }
    for (let i = 0; i < parts.length; i += 1) parts[i] = jobs[at + JOB.parts + i]!;
    // However late the thread is, it scans with the full effort: a frame without a verdict is replaced.
    scan.run(memory.pictures[buffer]!, rects, parts, jobs[at + JOB.effort]!);
    this.writeHits(buffer, at);
    const suspects = scan.suspects;
    for (let i = 0; i < suspects.count * 4; i += 1) jobs[at + JOB.suspects + i] = suspects.items[i]!;
    jobs[at + JOB.suspectCount] = suspects.count;
    jobs[at + JOB.candidates] = scan.candidates;
    jobs[at + JOB.reads] = scan.reads;
    const spentMs = performance.now() - started;
    this.pace.add(spentMs, jobs[at + JOB.frame]!);
    this.pulse.job = -1;
    jobs[at + JOB.spentUs] = Math.round(spentMs * 1000);
    jobs[at + JOB.outcome] = scan.hits.length > 0 ? OUTCOME.violation : OUTCOME.clean;
    Atomics.store(jobs, at + JOB.state, JOB_STATE.done);
    Atomics.add(memory.control, CONTROL.finished, 1);
    Atomics.notify(memory.control, CONTROL.finished);
  }

  private writeHits(buffer: number, at: number): void {
    const { jobs, memory, scan } = this;
    const count = Math.min(MAX_JOB_HITS, scan.hits.length);
    for (let i = 0; i < count; i += 1) {
      const hit = scan.hits[i]!;
      const to = at + JOB.hits + i * HIT_STRIDE;
      jobs[to] = hit.box!.x;
      jobs[to + 1] = hit.box!.y;
      jobs[to + 2] = Math.max(1, hit.box!.width);
      jobs[to + 3] = Math.max(1, hit.box!.height);
      jobs[to + 4] = CODE_KINDS.indexOf(hit.kind as CodeKind);
      jobs[to + 5] = memory.writeText(buffer, i, hit.text ?? '');
    }
    jobs[at + JOB.hitCount] = count;
    this.coverRest(count, at + JOB.hits + (count - 1) * HIT_STRIDE);
  }

  /** The last box absorbs the codes beyond the list, since the gate hides reported boxes only. */
  private coverRest(from: number, last: number): void {
    const { jobs, scan } = this;
    for (let i = from; i < scan.hits.length; i += 1) {
      const box = scan.hits[i]!.box!;
      const right = Math.max(jobs[last]! + jobs[last + 2]!, box.x + box.width);
      const bottom = Math.max(jobs[last + 1]! + jobs[last + 3]!, box.y + box.height);
      jobs[last] = Math.min(jobs[last]!, box.x);
      jobs[last + 1] = Math.min(jobs[last + 1]!, box.y);
      jobs[last + 2] = right - jobs[last]!;
      jobs[last + 3] = bottom - jobs[last + 1]!;
    }
  }
}

/** The same object, with a step counted at each use of a kernel. */
function counted<T extends object>(functions: T, count: () => void): T {
  const bound = new Map<string | symbol, unknown>();
  return new Proxy(functions, {
    get(target, name): unknown {
      count();
      let value = bound.get(name);
      if (value === undefined) {
        value = Reflect.get(target, name);
        if (typeof value === 'function') value = (value as () => unknown).bind(target);
        bound.set(name, value);
      }
      return value;
    },
  });
}

// May be loaded before there is work: the rest waits for it.
const decoders = ZxingReader.load();
const { handle, index } = await new Promise<ScanStart>((resolve) => parentPort!.once('message', resolve));
const memory = new ScanMemory(handle);
Atomics.store(memory.control, memory.numberAt(index), ownThreadNumber());
const zxing = new ZxingReader(await decoders, LiveScan.pixels(handle.width, handle.height));
const pulse = new Pulse(memory.jobs);
// At most one reading lies between two kernel calls: a thread that calls none for long hangs.
const kernels = counted(loadKernels(), () => pulse.beat());
const { width, height, retail } = handle;
const scan = new LiveScan(kernels, zxing, width, height, new Int32Array(handle.marks), retail);
warmUpScan(scan, zxing, width, height);
new ScanThread(memory, index, scan, pulse).run();
