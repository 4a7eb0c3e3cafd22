import { randomInt } from 'node:crypto';
import { i420Size } from '../../core/media/picture.js';
import { KEPT_MARKS_INTS } from '../locate/mark-follower.js';
import { EVIDENCE_CHARACTERS } from '../pipeline/symbol.js';

/** Keys of one generation; two are kept, about 2 MB in all. */
const GENERATION = 20_000;

/**
 * Remembers by hash which pixels were read and found clean. A reader is a function of its pixels, so the same pixels
 * stay clean. The hash has 53 bits and a random start, so nobody can make a picture that passes for another; by chance
 * one in 10¹¹ would.
 */
export class CleanMemo {
  private fresh = new Map<number, number>();
  private old = new Map<number, number>();
  private readonly seedA = randomInt(1, 0x7fffffff);
  private readonly seedB = randomInt(1, 0x7fffffff);

  /**
   * Key of the first width × height samples, which begin at a multiple of 4 bytes, and of the way (0–255) they are
   * read.
   */
  key(samples: Uint8Array, width: number, height: number, how = 0): number {
    const bytes = width * height;
    const words = new Int32Array(samples.buffer, samples.byteOffset, bytes >> 2);
    let a = this.seedA ^ Math.imul(width, 0x9e3779b1);
    let b = this.seedB ^ Math.imul(height * 256 + how, 0x85ebca6b);
    for (let i = 0; i < words.length; i += 1) {
      const v = words[i]!;
      a = Math.imul(a ^ v, 0x01000193);
      a ^= a >>> 15;
      b = Math.imul(b + v, 0x2c1b3c6d) ^ (b >>> 13);
    }
    for (let i = words.length * 4; i < bytes; i += 1) {
      a = Math.imul(a ^ samples[i]!, 0x01000193);
      b = Math.imul(b + samples[i]!, 0x2c1b3c6d) ^ (b >>> 13);
    }
    a = Math.imul(a ^ (a >>> 16), 0x7feb352d);
    b = Math.imul(b ^ (b >>> 15), 0x846ca68b);
    return (a >>> 0) * 0x200000 + ((b ^ (b >>> 16)) & 0x1fffff);
  }

  has(key: number): boolean {
    return this.waysOf(key) !== 0;
  }

  /** The recorded ways in which it was read; 0: never. */
  waysOf(key: number): number {
    return this.fresh.get(key) ?? this.old.get(key) ?? 0;
  }

  /** Records that it was read in these ways, which are bits of the caller's. */
  add(key: number, ways = 1): void {
    this.fresh.set(key, ways);
    if (this.fresh.size < GENERATION) return;
    this.old = this.fresh;
    this.fresh = new Map();
  }
}

/**
 * The memory that the loop's thread, the scan threads and their supervisor share. There is one job per
 * picture buffer: the loop fills the buffer, writes the job beside it and posts it; a scan thread claims
 * the oldest posted job, reads the buffer where it stands, writes what it found and marks the job done.
 * Nothing is copied and nobody waits for anybody.
 *
 *     idle ─post→ posted ─claim→ claimed ─finish→ done ─retire→ idle
 *                    ▲ thread died, once │ thread died again → done, failed
 *                    └───────────────────┘ coalesced            → done, coalesced
 *
 * Every step is one atomic store or compare-and-swap on JOB.state. A claimed job's state is
 * JOB_STATE.claimed plus the number of its thread, so that the owner is never in doubt.
 */
export const JOB_STATE = { idle: 0, posted: 1, done: 2, coalescing: 3, claimed: 16 } as const;
/** `coalesced`: it was coalesced into the job of a later frame, so its own frame has no verdict. */
export const OUTCOME = { clean: 0, violation: 1, failed: 2, coalesced: 3 } as const;

/**
 * How thorough a job is. `deep`: every reading there is, in all candidate regions that touch the rectangles; the gate
 * accepts no clean verdict without it. `exact`: its parts are read at full size whatever their area. `sweep`: the
 * finder search goes over the whole picture. `slotted`: the bits below and `passesOf` hold; without it, everything is
 * done. `luma`, `cb`, `cr`: the job's round-robin slot is read in that plane. `bars`: stacked barcodes are read in all
 * ways, in the luma.
 */
export const EFFORT = { deep: 1, exact: 2, sweep: 4, slotted: 8, luma: 16, cb: 32, cr: 64, bars: 128 } as const;
/** Enhanced passes over new parts, one bit each; see EnhancedFinders. */
export const ENHANCED_PASSES = 7;
const PASSES_SHIFT = 8;
const FINDERS_SHIFT = 15;
const SLOT_SHIFT = 22;
const COUNT_MASK = 127;

/** The bits of the enhanced passes that a job runs. */
export const passesOf = (effort: number): number => {
  const all = (1 << ENHANCED_PASSES) - 1;
  return (effort & EFFORT.slotted) === 0 ? all : (effort >> PASSES_SHIFT) & all;
};
/**
 * How many of the job's last rectangles are its round-robin slot, and how many before those get the finder search only.
 */
export const finderRects = (effort: number): number => (effort >> FINDERS_SHIFT) & COUNT_MASK;
export const slotRects = (effort: number): number => (effort >> SLOT_SHIFT) & COUNT_MASK;
/** How many of a job's `rects` are read for every format of code at once. */
export const readRects = (rects: number, effort: number): number =>
  Math.max(0, rects - slotRects(effort) - finderRects(effort));
/** The offset of those in bits of EFFORT. */
export const findersOnly = (rects: number): number => rects << FINDERS_SHIFT;
export const slotEffort = (passes: number, slot: number): number =>
  EFFORT.slotted | (passes << PASSES_SHIFT) | (slot << SLOT_SHIFT);

export const MAX_JOB_RECTS = 64;
/** Parts of the picture that one job's enhanced passes cover; the last one absorbs any overflow. */
export const MAX_JOB_PARTS = 6;
/**
 * Room for each kind of a job's rectangles; the last of a kind absorbs any overflow, so that no kind crowds out
 * another.
 */
export const MAX_READ = 24;
export const MAX_SEARCHED = 24;
export const MAX_SLOT = MAX_JOB_RECTS - MAX_READ - MAX_SEARCHED;
export const MAX_JOB_HITS = 8;
export const MAX_JOB_SUSPECTS = 8;
/** Integers of a hit: x, y, width, height, number of its kind, bytes of its text. */
export const HIT_STRIDE = 6;
const TEXT_BYTES = EVIDENCE_CHARACTERS * 3;

/** Offsets within a job. */
export const JOB = {
  state: 0,
  /** Order of posting; the lowest is claimed first. */
  sequence: 1,
  frame: 2,
  /** Number of threads that died over it. */
  attempts: 3,
  /** Monotonic clock when it was claimed, wrapped to 32 bits; 0 before that. */
  claimedAtMs: 4,
  outcome: 5,
  rectCount: 6,
  hitCount: 7,
  suspectCount: 8,
  /** Time the thread spent on it, in microseconds. */
  spentUs: 9,
  /** Candidate regions of the cheap search. */
  candidates: 10,
  /** Number of decoder calls. */
  reads: 11,
  /** Bits of EFFORT. */
  effort: 12,
  /** Changes with each step of its thread. */
  steps: 13,
  /** The frame of the job that it was coalesced into. */
  coalescedInto: 14,
  /** 1 while another job is being coalesced into it: its rectangles can't be trusted. */
  torn: 15,
  /** x, y, width, height of each part that gets the enhanced passes, MAX_JOB_PARTS at most; width 0 ends the list. */
  parts: 16,
  rects: 16 + MAX_JOB_PARTS * 4,
  hits: 16 + (MAX_JOB_PARTS + MAX_JOB_RECTS) * 4,
  suspects: 16 + (MAX_JOB_PARTS + MAX_JOB_RECTS) * 4 + MAX_JOB_HITS * HIT_STRIDE,
} as const;
const JOB_INTS = JOB.suspects + MAX_JOB_SUSPECTS * 4;

/**
 * Offsets in the control block. From `threads` on there is one integer per thread: 0 until it is ready, then changed by
 * each job; after those, one with the system's number of each thread (`ScanMemory.numberAt`). Threads from number
 * `wanted` on end when they have no job.
 */
export const CONTROL = { wake: 0, closing: 1, sequence: 2, finished: 3, wanted: 4, threads: 8 } as const;

/** The data a thread needs to join; goes through postMessage. */
export interface ScanHandle {
  readonly width: number;
  readonly height: number;
  readonly buffers: number;
  /** Retail barcodes are read as well. */
  readonly retail: boolean;
  readonly pictures: SharedArrayBuffer;
  readonly jobs: SharedArrayBuffer;
  readonly texts: SharedArrayBuffer;
  /** See `MarkFollower`. */
  readonly marks: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
}

/** The first message to a scan thread. */
export interface ScanStart {
  readonly handle: ScanHandle;
  readonly index: number;
}

export function createScanHandle(
  width: number,
  height: number,
  buffers: number,
  threads: number,
  retail = false,
): ScanHandle {
  return {
    width,
    height,
    buffers,
    retail,
    pictures: new SharedArrayBuffer(i420Size(width, height) * buffers),
    jobs: new SharedArrayBuffer(JOB_INTS * 4 * buffers),
    texts: new SharedArrayBuffer(TEXT_BYTES * MAX_JOB_HITS * buffers),
    marks: new SharedArrayBuffer(KEPT_MARKS_INTS * 4),
    control: new SharedArrayBuffer((CONTROL.threads + 2 * threads) * 4),
  };
}

/** The same memory as typed arrays, made once per thread. */
export class ScanMemory {
  readonly pictures: readonly Uint8Array[];
  readonly jobs: Int32Array;
  readonly control: Int32Array;
  private readonly texts: Uint8Array;

  constructor(readonly handle: ScanHandle) {
    const size = i420Size(handle.width, handle.height);
    this.pictures = Array.from({ length: handle.buffers }, (_, i) => new Uint8Array(handle.pictures, i * size, size));
    this.jobs = new Int32Array(handle.jobs);
    this.control = new Int32Array(handle.control);
    this.texts = new Uint8Array(handle.texts);
  }

  /** Number of scan threads, at least one, including those about to start. */
  readyThreads(): number {
    let ready = 0;
    const end = this.numberAt(0);
    for (let i = CONTROL.threads; i < end; i += 1) if (Atomics.load(this.control, i) !== 0) ready += 1;
    return Math.max(1, ready);
  }

  /** Where the system's number of thread `index` stands in `control`; 0 until it runs. */
  numberAt(index: number): number {
    return CONTROL.threads + ((this.control.length - CONTROL.threads) >> 1) + index;
  }

  /** Where job `buffer` begins in `jobs`. */
  jobAt(buffer: number): number {
    return buffer * JOB_INTS;
  }

  /** Stores a hit's text; returns its length in bytes. */
  writeText(buffer: number, hit: number, text: string): number {
    const at = (buffer * MAX_JOB_HITS + hit) * TEXT_BYTES;
    const bytes = Buffer.from(text.slice(0, EVIDENCE_CHARACTERS), 'utf8').subarray(0, TEXT_BYTES);
    this.texts.set(bytes, at);
    return bytes.length;
  }

  readText(buffer: number, hit: number, bytes: number): string {
    const at = (buffer * MAX_JOB_HITS + hit) * TEXT_BYTES;
    return Buffer.from(this.texts.subarray(at, at + bytes)).toString('utf8');
  }
}

/** A monotonic clock shared by all threads, in milliseconds, wrapped to 32 bits and never 0. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000_000n) | 0 || 1;
