// frame path
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { type FrameIndex, type FrameRate, millisecondsToFrames } from '../../core/time.js';
import { type FrameScannerClient, OUTCOME } from '../../codescan/index.js';
import type { BufferPool } from './buffers/buffer-pool.js';
import { CodePlaces, JUDGED } from './replacement.js';
import { FrameRecords, SCAN } from './buffers/frame-records.js';
import type { GateCounters, GateEvent } from './gate-event.js';
import { AREA, type OpenAreas, ScanIntake } from './open-areas.js';
import { cycleFrames } from './frame-gate.js';
import type { TileGrid } from '../../core/media/tile-grid.js';

/**
 * Applies the judgement of a frame to unreleased earlier frames.
 *
 * Problem: a code that fades or slides in is visible but unreadable for some frames before it can be read.
 * Rule: when a code is first found, the frames of the last 300 ms and of the last round (see ScanPlan) are condemned
 * with it, and beyond them every contiguous frame in which that area already looked like a code. A frame is clean only
 * when all rounds that concern it were read; a missing round takes the verdict "clean" back.
 */
class LookBack {
  constructor(
    private readonly records: FrameRecords,
    private readonly grid: TileGrid,
    private readonly places: CodePlaces,
    /** Frames that are always condemned with a code. */
    private readonly frames: number,
    /** Frames of a round of slices. */
    private readonly roundFrames: number,
  ) {}

  /** Condemns unreleased frames before the frame being judged, which has these codes. */
  condemn(codes: RectList, unreleased: number): void {
    const { records, places } = this;
    const found = records.judgedTo;
    places.begin(codes);
    let traced = true;
    for (let s = found - 1; s >= unreleased; s -= 1) {
      if (found - s > this.frames && !this.looksLikeIt(s, codes)) return;
      const slot = records.slot(s);
      traced = traced && places.follow(slot);
      if (!traced) places.unknown(slot);
      records.verdicts[slot] = JUDGED.violation;
    }
  }

  /**
   * A scan failed to read its slice of earlier motion: those frames are no longer known to be clean, nor to be free of
   * further codes.
   */
  doubt(end = this.records.judgedTo): void {
    const { verdicts } = this.records;
    for (let s = Math.max(0, this.records.judgedTo - this.roundFrames + 1); s < end; s += 1) {
      const slot = this.records.slot(s);
      if (verdicts[slot] === JUDGED.clean) verdicts[slot] = JUDGED.unjudged;
      this.places.unknown(slot);
    }
  }

  /** True when the frame looked like a code in one of these rectangles, or was not scanned there. */
  private looksLikeIt(sequence: number, { items, count }: RectList): boolean {
    const { grid, records } = this;
    if (records.scans[records.slot(sequence)] === SCAN.coalesced) return true;
    const at = records.tilesAt(sequence);
    for (let i = 0; i < count; i += 1) {
      const r = i * RECT_STRIDE;
      if (grid.touches(records.suspicious, at, items[r]!, items[r + 1]!, items[r + 2]!, items[r + 3]!)) return true;
    }
    return false;
  }
}

/**
 * Frames whose scan was coalesced with a later frame's because the threads are behind.
 *
 * A coalesced frame has no verdict of its own: its damage is scanned in the later frame's picture. So nothing is clean up to
 * that frame. Earlier frames rely on slices read within one round after them; where the later frame comes too late for
 * that, the slice counts as unread.
 */
class CoalescedScans {
  /** By slot: the sequence number of the frame whose scan covers this one. */
  private readonly into: Float64Array;
  /** The later scan covers the damage of frames before this one. */
  private carriedTo = 0;

  constructor(
    private readonly records: FrameRecords,
    private readonly lookBack: LookBack,
    private readonly scanner: FrameScannerClient,
    private readonly counters: GateCounters,
    /** Frames of a round of slices. */
    private readonly roundFrames: number,
  ) {
    this.into = new Float64Array(records.size);
  }

  /** Notes that the scan of this frame, whose picture is in this buffer, was coalesced. */
  note(sequence: number, buffer: number): void {
    const { records } = this;
    const frame = this.scanner.coalescedInto(buffer);
    let to = sequence + 1;
    while (to < records.begun - 1 && (records.frame(to) | 0) !== frame) to += 1;
    records.scans[records.slot(sequence)] = SCAN.coalesced;
    this.into[records.slot(sequence)] = to;
  }

  /** Notes that a coalesced frame is the next to be judged. */
  carry(): void {
    const { records } = this;
    const to = this.into[records.slot(records.judgedTo)]!;
    this.counters.scanJoined += 1;
    this.carriedTo = Math.max(this.carriedTo, to);
    this.lookBack.doubt(Math.min(records.judgedTo, to - this.roundFrames + 1));
  }

  /** True while a later scan has yet to cover the frame being judged. */
  get isOpen(): boolean {
    return this.records.judgedTo < this.carriedTo;
  }
}

/**
 * Scans that are no longer waited for, because they are so late that their frames' records are needed. Their results
 * are ignored. A thread may still read the picture, so its buffer is returned only when the scan ends.
 */
class AbandonedScans {
  /** By buffer. */
  private readonly waiting: Uint8Array;

  constructor(
    private readonly scanner: FrameScannerClient,
    private readonly pool: BufferPool,
  ) {
    this.waiting = new Uint8Array(pool.size);
  }

  add(buffer: number): void {
    this.waiting[buffer] = 1;
  }

  /** Returns the buffers of finished scans. */
  retire(): void {
    const { waiting, scanner, pool } = this;
    for (let b = 0; b < waiting.length; b += 1) {
      if (waiting[b] === 0 || !scanner.done(b)) continue;
      scanner.retire(b);
      pool.setScanning(b, false);
      waiting[b] = 0;
    }
  }
}

/** Distinct code rectangles in a frame. */
const PLACES = 8;

export interface JudgeOptions {
  rate: FrameRate;
  lookAheadFrames: number;
  scanner: FrameScannerClient;
  grid: TileGrid;
  pool: BufferPool;
  counters: GateCounters;
  onEvent(event: GateEvent): void;
  /** See `GateOptions`. */
  onScanned?: ((frame: FrameIndex, ms: number) => void) | undefined;
}

/**
 * Turns scan results into one judgement per frame, in strict frame order: areas that frame n did not change are as in
 * frame n−1, so n cannot be judged before n−1.
 *
 * A scan becomes open areas (`ScanIntake`), and the worst of them is the frame's judgement. Its consequences for
 * earlier frames are applied by `LookBack`. A frame whose scan was coalesced waits for the later scan
 * (`CoalescedScans`).
 */
export class Judge {
  readonly records: FrameRecords;
  private readonly intake: ScanIntake;
  private readonly places: CodePlaces;
  private readonly lookBack: LookBack;
  private readonly joined: CoalescedScans;
  private readonly abandoned: AbandonedScans;
  private readonly found = new RectList(PLACES);
  private readonly second: number;
  private readonly roundFrames: number;
  private reportedAt = -Infinity;

  constructor(private readonly options: JudgeOptions) {
    const { grid, pool, rate, scanner, counters } = options;
    this.second = millisecondsToFrames(1000, rate);
    this.roundFrames = cycleFrames(options.lookAheadFrames);
    this.records = new FrameRecords(pool.size * 4, grid);
    this.intake = new ScanIntake(scanner, this.records, grid);
    this.places = new CodePlaces(this.records.size);
    // A code read in one round may have been there since the round before.
    const backFrames = Math.max(millisecondsToFrames(300, rate), this.roundFrames);
    this.lookBack = new LookBack(this.records, grid, this.places, backFrames, this.roundFrames);
    this.joined = new CoalescedScans(this.records, this.lookBack, scanner, counters, this.roundFrames);
    this.abandoned = new AbandonedScans(scanner, pool);
  }

  /** Areas not known to be clean, as of the last judged frame. */
  get areas(): OpenAreas {
    return this.intake.areas;
  }

  /** Opens the record of a frame; returns the offset of its damage tiles. */
  begin(sequence: number, frame: FrameIndex, damage: RectList): number {
    if (sequence - this.records.judgedTo >= this.records.size) this.abandonOldest();
    return this.records.begin(sequence, frame, damage);
  }

  /** The frame's picture is in this buffer and a scan was posted. */
  posted(sequence: number, buffer: number): void {
    this.records.place(sequence, buffer, SCAN.posted);
    this.options.counters.scanPending += 1;
  }

  /** Its picture is in this buffer, and nothing in it has to be scanned: the verdict of the frame before stands. */
  unchanged(sequence: number, buffer: number): void {
    this.records.place(sequence, buffer, SCAN.unchanged);
  }

  /**
   * Frees the buffer of a released frame by coalescing its waiting scan with the next one. False when there is no such
   * frame.
   */
  makeRoom(unreleased: number): boolean {
    const { records } = this;
    const { scanner, counters } = this.options;
    const buffer = scanner.coalesceOldest(records.frame(unreleased));
    if (buffer < 0) return false;
    for (let s = records.judgedTo; s < unreleased; s += 1) {
      if (records.scans[records.slot(s)] !== SCAN.posted || records.buffer(s) !== buffer) continue;
      this.joined.note(s, buffer);
      this.free(buffer);
      counters.scanPending -= 1;
      return true;
    }
    // Otherwise the scan was abandoned.
    this.abandoned.retire();
    return true;
  }

  /**
   * One of JUDGED. A frame is unjudged until its own scan and the scans after it that read the other slices of its
   * moving parts are taken in (see ScanPlan); at the end of the show, until the remaining scans are.
   */
  verdict(sequence: number): number {
    const verdict = this.records.verdicts[this.records.slot(sequence)]!;
    return verdict === JUDGED.violation || this.isRead(sequence) ? verdict : JUDGED.unjudged;
  }

  /** True once the whole frame was read for every form of code, by its own scan and those after it. */
  isRead(sequence: number): boolean {
    return Math.min(sequence + this.roundFrames, this.records.begun) <= this.records.judgedTo;
  }

  /** True when a frame after this one, and before `end`, is known to be in violation. */
  violationAhead(sequence: number, end: number): boolean {
    const { records } = this;
    for (let s = sequence + 1; s < Math.min(end, records.judgedTo); s += 1) {
      if (records.verdicts[records.slot(s)] === JUDGED.violation) return true;
    }
    return false;
  }

  /** True once the frame's verdict was taken in. */
  isSettled(sequence: number): boolean {
    return sequence < this.records.judgedTo;
  }

  /** Adds the code positions of a settled frame; false when a part of it is unjudged. */
  addPlaces(sequence: number, out: RectList): boolean {
    return this.places.addTo(this.records.slot(sequence), out);
  }

  /** Offline: blocks until every posted scan is done. */
  waitAll(timeoutMs: number): void {
    const { records } = this;
    for (let s = records.judgedTo; s < records.begun; s += 1) {
      if (records.scans[records.slot(s)] !== SCAN.posted) continue;
      this.options.scanner.waitUntilDone(records.buffer(s), timeoutMs);
    }
  }

  /** Takes in all finished verdicts, in order. `unreleased` is the oldest unreleased frame. */
  advance(unreleased: number): void {
    const { records } = this;
    this.abandoned.retire();
    while (records.judgedTo < records.begun) {
      const scan = records.scans[records.slot(records.judgedTo)];
      if (scan === SCAN.posted) {
        const buffer = records.buffer(records.judgedTo);
        if (!this.options.scanner.done(buffer)) return;
        if (records.judgedTo < unreleased) this.options.counters.scanLate += 1;
        this.takeScan(buffer, unreleased);
      } else if (scan === SCAN.coalesced) this.joined.carry();
      else if (scan === SCAN.none) this.condemnUnseen('no-buffer');
      this.settle();
    }
  }

  /** Takes in the finished scan of the frame being judged. */
  private takeScan(buffer: number, unreleased: number): void {
    const { records, intake } = this;
    const { scanner, counters } = this.options;
    counters.scanPending -= 1;
    const outcome = scanner.outcome(buffer);
    if (outcome === OUTCOME.coalesced) {
      this.joined.note(records.judgedTo, buffer);
      this.joined.carry();
      this.free(buffer);
      return;
    }
    counters.candidates += scanner.candidates(buffer);
    counters.decoded += scanner.reads(buffer);
    counters.scanUs += scanner.spentUs(buffer);
    this.options.onScanned?.(records.frame(records.judgedTo), scanner.spentUs(buffer) / 1000);
    if (outcome === OUTCOME.failed) {
      counters.scanFailed += 1;
      intake.failed(buffer);
      this.lookBack.doubt();
      this.report('thread');
    } else {
      const isNew = intake.read(buffer);
      if (outcome === OUTCOME.violation) this.lookBack.condemn(intake.list, unreleased);
      if (isNew) {
        const frame = records.frame(records.judgedTo);
        this.options.onEvent({ type: 'violation', frame, hits: scanner.describe(buffer), buffer });
      }
    }
    this.free(buffer);
  }

  /** Marks the never scanned damage of the frame being judged as unjudged. */
  private condemnUnseen(reason: 'no-buffer' | 'overdue'): void {
    this.intake.unseen();
    this.lookBack.doubt();
    this.report(reason);
  }

  /** Abandons a scan that is overdue by the whole ring. */
  private abandonOldest(): void {
    const { records } = this;
    const scan = records.scans[records.slot(records.judgedTo)];
    if (scan === SCAN.posted) {
      this.abandoned.add(records.buffer(records.judgedTo));
      this.options.counters.scanPending -= 1;
      this.options.counters.scanFailed += 1;
      this.intake.overdue();
    }
    if (scan === SCAN.coalesced) this.joined.carry();
    else this.condemnUnseen('overdue');
    this.settle();
  }

  /** After a scan, the frame's verdict is its worst unresolved area. */
  private settle(): void {
    const { records } = this;
    const slot = records.slot(records.judgedTo);
    const worst = this.areas.worst();
    this.notePlaces(slot);
    if (worst === AREA.violation) records.verdicts[slot] = JUDGED.violation;
    else if (records.verdicts[slot] !== JUDGED.violation) {
      const unseen = worst === AREA.unjudged || this.joined.isOpen;
      records.verdicts[slot] = unseen ? JUDGED.unjudged : JUDGED.clean;
    }
    records.judgedTo += 1;
  }

  private notePlaces(slot: number): void {
    const { found, areas, places } = this;
    found.clear();
    areas.inState(AREA.unjudged, found);
    if (found.count > 0 || this.joined.isOpen) {
      places.unknown(slot);
      return;
    }
    areas.inState(AREA.violation, found);
    places.put(slot, found);
  }

  /** Frees a buffer after its scan was taken in. */
  private free(buffer: number): void {
    this.options.scanner.retire(buffer);
    this.options.pool.setScanning(buffer, false);
  }

  /** Reports a lasting fault once a second. */
  private report(reason: 'thread' | 'no-buffer' | 'overdue'): void {
    const { records } = this;
    if (records.judgedTo - this.reportedAt < this.second) return;
    this.reportedAt = records.judgedTo;
    this.options.onEvent({ type: 'scan-failed', frame: records.frame(records.judgedTo), reason });
  }
}
