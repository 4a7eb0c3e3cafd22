// frame path
import type { FrameScannerClient } from '../../codescan/index.js';
import { type FrameRecords, SCAN } from './buffers/frame-records.js';
import type { GateCounters } from './gate-event.js';
import type { LookBack } from './look-back.js';

/**
 * Frames whose scan was coalesced with a later frame's because the threads are behind.
 *
 * A coalesced frame has no verdict of its own: its damage is scanned in the later frame's picture. So nothing is clean up to
 * that frame. Earlier frames rely on slices read within one round after them; where the later frame comes too late for
 * that, the slice counts as unread.
 */
export class CoalescedScans {
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
