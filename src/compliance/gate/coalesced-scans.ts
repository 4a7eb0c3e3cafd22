// frame path
import type { FrameScannerClient } from '../../codescan/index.js';
import { type FrameRecords, SCAN } from './buffers/frame-records.js';
import type { GateCounters } from './gate-event.js';
import type { LookBack } from './look-back.js';

/**
 * Frames whose scan was put into that of a later one, as the threads are behind.
 *
 * Such a frame has no verdict of its own: what it changed is looked at in the later one's picture. So nothing is clean up
 * to that one. Frames before it rely on what is read within a turn after them; for those to which the later one comes
 * too late for that, it was not read.
 */
export class CoalescedScans {
  /** By slot: the frame to whose scan that of this one was joined, by the order in which they came in. */
  private readonly into: Float64Array;
  /** What changed in frames before this one is looked at with it. */
  private carriedTo = 0;

  constructor(
    private readonly records: FrameRecords,
    private readonly lookBack: LookBack,
    private readonly scanner: FrameScannerClient,
    private readonly counters: GateCounters,
    /** Frames of a turn. */
    private readonly turn: number,
  ) {
    this.into = new Float64Array(records.size);
  }

  /** The scan of this frame, whose picture is in this buffer, was joined. */
  note(sequence: number, buffer: number): void {
    const { records } = this;
    const frame = this.scanner.joinedTo(buffer);
    let to = sequence + 1;
    while (to < records.begun - 1 && (records.frame(to) | 0) !== frame) to += 1;
    records.scans[records.slot(sequence)] = SCAN.joined;
    this.into[records.slot(sequence)] = to;
  }

  /** Such a frame is the next to be judged. */
  carry(): void {
    const { records } = this;
    const to = this.into[records.slot(records.judgedTo)]!;
    this.counters.scanJoined += 1;
    this.carriedTo = Math.max(this.carriedTo, to);
    this.lookBack.doubt(Math.min(records.judgedTo, to - this.turn + 1));
  }

  /** True while what the frame being judged shows is to be looked at in a later one. */
  get isOpen(): boolean {
    return this.records.judgedTo < this.carriedTo;
  }
}
