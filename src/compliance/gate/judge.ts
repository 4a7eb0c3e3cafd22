// frame path
import { RectList, RECT_STRIDE } from '../../core/picture.js';
import { type FrameIndex, type FrameRate, millisecondsToFrames } from '../../core/time.js';
import type { FrameScannerClient } from '../frame/frame-scanner-client.js';
import { finderRects, OUTCOME, sliceRects } from '../frame/scan-memory.js';
import type { BufferPool } from './buffer-pool.js';
import type { GateCounters, GateEvent } from './gate-event.js';
import { CodePlaces } from './code-places.js';
import { AREA, OpenAreas } from './open-areas.js';
import { JUDGED } from './replacement.js';
import { fullEvery } from './scan-plan.js';
import type { TileGrid } from './tile-grid.js';

const SCAN = { none: 0, unchanged: 1, posted: 2, joined: 3 } as const;
const PENDING = 0;
/** Rectangles of codes that are told apart in a frame. */
const PLACES = 8;

export interface JudgeOptions {
  rate: FrameRate;
  lookAheadFrames: number;
  scanner: FrameScannerClient;
  grid: TileGrid;
  pool: BufferPool;
  counters: GateCounters;
  onEvent(event: GateEvent): void;
}

/**
 * Turns scan results into one judgement a frame, in strict frame order: what frame n shows in an area that
 * it did not change is what frame n−1 showed there, so n can't be judged before n−1.
 *
 * Looking back: a code that fades or slides in is there, unreadable, some frames before it can be read.
 * When it is first found, the frames of the last 300 ms and of the last turn that have not left are condemned with it,
 * and beyond them every frame without a gap in which that place already looked like a code.
 */
export class Judge {
  /** Damage of the last frames as tile maps; `begin` says where one starts. */
  readonly tiles: Int32Array;
  readonly areas: OpenAreas;
  private readonly ring: number;
  private readonly frames: Float64Array;
  private readonly buffers: Int32Array;
  private readonly sampleCounts: Int32Array;
  private readonly scans: Uint8Array;
  private readonly verdicts: Uint8Array;
  /** Where each frame looked like a code, as tile maps. */
  private readonly suspicious: Int32Array;
  private readonly places: CodePlaces;
  private readonly found = new RectList(PLACES);
  private readonly second: number;
  private reportedAt = -Infinity;
  private readonly list = new RectList(64);
  private readonly abandoned: Uint8Array;
  private readonly lookBack: number;
  private readonly fullEvery: number;
  /** By slot: the frame to whose scan that of this one was joined, as a sequence number. */
  private readonly joinedTo: Float64Array;
  /** What changed in frames before this one is looked at with it. */
  private carriedTo = 0;
  private begun = 0;
  private judgedTo = 0;

  constructor(private readonly options: JudgeOptions) {
    const { grid, pool, rate } = options;
    this.ring = pool.size * 4;
    this.tiles = new Int32Array(this.ring * grid.words);
    this.areas = new OpenAreas(grid);
    this.frames = new Float64Array(this.ring);
    this.buffers = new Int32Array(this.ring);
    this.sampleCounts = new Int32Array(this.ring);
    this.scans = new Uint8Array(this.ring);
    this.verdicts = new Uint8Array(this.ring);
    this.suspicious = new Int32Array(this.ring * grid.words);
    this.places = new CodePlaces(this.ring);
    this.second = millisecondsToFrames(1000, rate);
    this.abandoned = new Uint8Array(pool.size);
    this.fullEvery = fullEvery(options.lookAheadFrames);
    // What one turn finds may have been there since the one before it.
    this.lookBack = Math.max(millisecondsToFrames(300, rate), this.fullEvery);
    this.joinedTo = new Float64Array(this.ring);
  }

  /** Opens the record of a frame; returns where its damage tiles stand. */
  begin(sequence: number, frame: FrameIndex, damage: RectList): number {
    if (sequence - this.judgedTo >= this.ring) this.abandonOldest();
    const slot = sequence % this.ring;
    const at = slot * this.options.grid.words;
    this.options.grid.clear(this.tiles, at);
    this.options.grid.mark(this.tiles, at, damage);
    this.frames[slot] = frame;
    this.buffers[slot] = -1;
    this.scans[slot] = SCAN.none;
    this.verdicts[slot] = PENDING;
    this.options.grid.clear(this.suspicious, at);
    this.begun = sequence + 1;
    return at;
  }

  /** Its picture is in this buffer and a scan was asked for. */
  posted(sequence: number, buffer: number): void {
    this.buffers[sequence % this.ring] = buffer;
    this.scans[sequence % this.ring] = SCAN.posted;
    this.options.counters.scanPending += 1;
  }

  /** Its picture is in this buffer and equals that of the frame before. */
  unchanged(sequence: number, buffer: number): void {
    this.buffers[sequence % this.ring] = buffer;
    this.scans[sequence % this.ring] = SCAN.unchanged;
  }

  /**
   * Frees the buffer of a frame that has left and whose scan waits: that is joined to the next one. False when there is
   * none.
   */
  makeRoom(unreleased: number): boolean {
    const { scanner, pool, counters } = this.options;
    const buffer = scanner.joinOldest(this.frame(unreleased));
    if (buffer < 0) return false;
    for (let s = this.judgedTo; s < unreleased; s += 1) {
      const slot = s % this.ring;
      if (this.scans[slot] !== SCAN.posted || this.buffers[slot] !== buffer) continue;
      this.noteJoined(s, buffer);
      scanner.retire(buffer);
      pool.setScanning(buffer, false);
      counters.scanPending -= 1;
      return true;
    }
    // Else it is one that was given up.
    this.retireAbandoned();
    return true;
  }

  private noteJoined(sequence: number, buffer: number): void {
    const { scanner } = this.options;
    const slot = sequence % this.ring;
    const frame = scanner.joinedTo(buffer);
    let to = sequence + 1;
    while (to < this.begun - 1 && (this.frames[to % this.ring]! | 0) !== frame) to += 1;
    this.scans[slot] = SCAN.joined;
    this.joinedTo[slot] = to;
  }

  setSamples(sequence: number, samples: number): void {
    this.sampleCounts[sequence % this.ring] = samples;
  }

  frame(sequence: number): FrameIndex {
    return this.frames[sequence % this.ring]! as FrameIndex;
  }

  buffer(sequence: number): number {
    return this.buffers[sequence % this.ring]!;
  }

  samples(sequence: number): number {
    return this.sampleCounts[sequence % this.ring]!;
  }

  /**
   * One of JUDGED. A frame is unjudged until its own scan is taken in and those of the frames after it that take the
   * other slices of what moves (see ScanPlan); at the end of the show, those there are.
   */
  verdict(sequence: number): number {
    const verdict = this.verdicts[sequence % this.ring]!;
    const last = Math.min(sequence + this.fullEvery, this.begun) - 1;
    return last < this.judgedTo || verdict === JUDGED.violation ? verdict : JUDGED.unjudged;
  }

  /** True when a frame after this one, and before `end`, is known to be in violation. */
  violationAhead(sequence: number, end: number): boolean {
    for (let s = sequence + 1; s < Math.min(end, this.judgedTo); s += 1) {
      if (this.verdicts[s % this.ring] === JUDGED.violation) return true;
    }
    return false;
  }

  /** Offline: blocks until every posted scan is done. */
  waitAll(timeoutMs: number): void {
    for (let s = this.judgedTo; s < this.begun; s += 1) {
      const slot = s % this.ring;
      if (this.scans[slot] === SCAN.posted) this.options.scanner.waitUntilDone(this.buffers[slot]!, timeoutMs);
    }
  }

  /** Takes in all verdicts that stand, in order. `unreleased` is the oldest frame that has not left. */
  advance(unreleased: number): void {
    this.retireAbandoned();
    while (this.judgedTo < this.begun) {
      const slot = this.judgedTo % this.ring;
      if (this.scans[slot] === SCAN.posted) {
        const buffer = this.buffers[slot]!;
        if (!this.options.scanner.done(buffer)) return;
        if (this.judgedTo < unreleased) this.options.counters.scanLate += 1;
        this.takeScan(slot, buffer, unreleased);
      } else if (this.scans[slot] === SCAN.joined) {
        this.carry(slot);
      } else if (this.scans[slot] === SCAN.none) {
        this.condemnUnseen(slot, 'no-buffer');
      }
      this.settle(slot);
    }
  }

  /** True once the frame's verdict was taken in. */
  isSettled(sequence: number): boolean {
    return sequence < this.judgedTo;
  }

  /** True when a frame drew in this rectangle. */
  touches(sequence: number, x: number, y: number, w: number, h: number): boolean {
    return this.options.grid.touches(this.tiles, (sequence % this.ring) * this.options.grid.words, x, y, w, h);
  }

  /** Adds the places of a settled frame's codes; false when it has a part that nobody judged as well. */
  addPlaces(sequence: number, out: RectList): boolean {
    return this.places.addTo(sequence % this.ring, out);
  }

  private notePlaces(slot: number): void {
    const { found } = this;
    found.clear();
    this.areas.inState(AREA.unjudged, found);
    if (found.count > 0 || this.judgedTo < this.carriedTo) {
      this.places.unknown(slot);
      return;
    }
    this.areas.inState(AREA.violation, found);
    this.places.put(slot, found);
  }

  private settle(slot: number): void {
    const worst = this.areas.worst();
    this.notePlaces(slot);
    if (worst === AREA.violation) this.verdicts[slot] = JUDGED.violation;
    else if (this.verdicts[slot] !== JUDGED.violation) {
      const unseen = worst === AREA.unjudged || this.judgedTo < this.carriedTo;
      this.verdicts[slot] = unseen ? JUDGED.unjudged : JUDGED.clean;
    }
    this.judgedTo += 1;
  }

  private takeScan(slot: number, buffer: number, unreleased: number): void {
    const { scanner, counters, pool, grid } = this.options;
    const { areas, list } = this;
    counters.scanPending -= 1;
    if (scanner.outcome(buffer) === OUTCOME.joined) {
      this.noteJoined(this.judgedTo, buffer);
      this.carry(slot);
      scanner.retire(buffer);
      pool.setScanning(buffer, false);
      return;
    }
    counters.candidates += scanner.candidates(buffer);
    counters.decoded += scanner.reads(buffer);
    counters.scanUs += scanner.spentUs(buffer);
    scanner.rects(buffer, list);
    const outcome = scanner.outcome(buffer);
    if (outcome === OUTCOME.failed) {
      counters.scanFailed += 1;
      for (let i = 0; i < list.count; i += 1) this.open(i, AREA.unjudged, 0, true);
      this.doubtBefore();
      this.report(slot, 'thread');
    } else {
      scanner.hits(buffer, list);
      const known = areas.overlaps(list, AREA.violation);
      scanner.rects(buffer, list);
      const effort = scanner.effort(buffer);
      list.count = Math.max(0, list.count - sliceRects(effort));
      areas.removeInside(list, Math.max(0, list.count - finderRects(effort)), this.judgedTo);
      scanner.suspects(buffer, list);
      for (let i = 0; i < list.count; i += 1) this.open(i, AREA.suspect, 0, false);
      grid.mark(this.suspicious, slot * grid.words, list);
      if (outcome === OUTCOME.violation) {
        scanner.hits(buffer, list);
        for (let i = 0; i < list.count; i += 1) this.open(i, AREA.violation, 1, false);
        grid.mark(this.suspicious, slot * grid.words, list);
        this.condemnBefore(unreleased);
        if (!known) {
          const frame = this.frames[slot]! as FrameIndex;
          this.options.onEvent({ type: 'violation', frame, hits: scanner.describe(buffer), buffer });
        }
      }
    }
    scanner.retire(buffer);
    pool.setScanning(buffer, false);
  }

  /**
   * The frame's scan was joined to that of a later one: up to that one nothing is clean. Frames before it rely on what is
   * read within a turn after them; for those to which the later one comes too late for that, it was not.
   */
  private carry(slot: number): void {
    const to = this.joinedTo[slot]!;
    this.options.counters.scanJoined += 1;
    this.carriedTo = Math.max(this.carriedTo, to);
    this.doubtBefore(Math.min(this.judgedTo, to - this.fullEvery + 1));
  }

  /** Opens the area of `list`'s rectangle i, grown by a quarter and 16 pixels when `grow` is set. */
  private open(i: number, state: number, grow: 0 | 1, recheck: boolean): void {
    const { width, height } = this.options.grid;
    const { items } = this.list;
    const r = i * RECT_STRIDE;
    const mx = grow * (16 + (items[r + 2]! >> 2));
    const my = grow * (16 + (items[r + 3]! >> 2));
    const x = Math.max(0, items[r]! - mx);
    const y = Math.max(0, items[r + 1]! - my);
    const w = Math.min(width, items[r]! + items[r + 2]! + mx) - x;
    const h = Math.min(height, items[r + 1]! + items[r + 3]! + my) - y;
    this.areas.add(x, y, w, h, state, recheck || this.touchedSince(x, y, w, h));
  }

  /** True when a frame that was submitted after the one being judged drew there. */
  private touchedSince(x: number, y: number, w: number, h: number): boolean {
    const { grid } = this.options;
    for (let s = this.judgedTo + 1; s < this.begun; s += 1) {
      if (grid.touches(this.tiles, (s % this.ring) * grid.words, x, y, w, h)) return true;
    }
    return false;
  }

  /** Condemns what has not left before the frame being judged, whose codes are in `list`. */
  private condemnBefore(unreleased: number): void {
    this.places.begin(this.list);
    let traced = true;
    for (let s = this.judgedTo - 1; s >= unreleased; s -= 1) {
      const near = this.judgedTo - s <= this.lookBack;
      if (!near && !this.looksLikeIt(s)) return;
      traced = traced && this.places.follow(s % this.ring);
      if (!traced) this.places.unknown(s % this.ring);
      this.verdicts[s % this.ring] = JUDGED.violation;
    }
  }

  /** True when a frame looked like a code where `list` has one, or nobody looked. */
  private looksLikeIt(sequence: number): boolean {
    const { grid } = this.options;
    if (this.scans[sequence % this.ring] === SCAN.joined) return true;
    const at = (sequence % this.ring) * grid.words;
    const { items, count } = this.list;
    for (let i = 0; i < count; i += 1) {
      const r = i * RECT_STRIDE;
      if (grid.touches(this.suspicious, at, items[r]!, items[r + 1]!, items[r + 2]!, items[r + 3]!)) return true;
    }
    return false;
  }

  /** A fault that lasts is told once a second. */
  private report(slot: number, reason: 'thread' | 'no-buffer' | 'overdue'): void {
    if (this.judgedTo - this.reportedAt < this.second) return;
    this.reportedAt = this.judgedTo;
    this.options.onEvent({ type: 'scan-failed', frame: this.frames[slot]! as FrameIndex, reason });
  }

  /** The frame's damage was never scanned: those areas are unjudged until they are. */
  private condemnUnseen(slot: number, reason: 'no-buffer' | 'overdue'): void {
    const { grid } = this.options;
    grid.toRects(this.tiles, slot * grid.words, this.list);
    for (let i = 0; i < this.list.count; i += 1) this.open(i, AREA.unjudged, 0, true);
    this.doubtBefore();
    this.report(slot, reason);
  }

  /** A scan that was to read a slice of what moved in the frames before did not: they are not known to be clean. */
  private doubtBefore(end = this.judgedTo): void {
    for (let s = Math.max(0, this.judgedTo - this.fullEvery + 1); s < end; s += 1) {
      if (this.verdicts[s % this.ring] === JUDGED.clean) this.verdicts[s % this.ring] = JUDGED.unjudged;
    }
  }

  /** A scan that is overdue by the whole ring will not be waited for; its buffer comes back when it ends. */
  private abandonOldest(): void {
    const slot = this.judgedTo % this.ring;
    if (this.scans[slot] === SCAN.posted) {
      this.abandoned[this.buffers[slot]!] = 1;
      this.options.counters.scanPending -= 1;
      this.options.counters.scanFailed += 1;
      // What was posted may be more than the damage: open areas that were to be looked at again, and other frames' scans.
      this.list.clear();
      this.list.push(0, 0, this.options.grid.width, this.options.grid.height);
      this.open(0, AREA.unjudged, 0, true);
    }
    if (this.scans[slot] === SCAN.joined) this.carry(slot);
    else this.condemnUnseen(slot, 'overdue');
    this.settle(slot);
  }

  private retireAbandoned(): void {
    const { scanner, pool } = this.options;
    for (let b = 0; b < this.abandoned.length; b += 1) {
      if (this.abandoned[b] === 0 || !scanner.done(b)) continue;
      scanner.retire(b);
      pool.setScanning(b, false);
      this.abandoned[b] = 0;
    }
  }
}
