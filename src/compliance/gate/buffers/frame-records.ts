// frame path
import type { RectList } from '../../../core/media/picture.js';
import type { FrameIndex } from '../../../core/time.js';
import type { TileGrid } from '../../../core/media/tile-grid.js';

/** State of a frame's scan. `unchanged`: it needs none; `coalesced`: it was coalesced with the scan of a later frame. */
export const SCAN = { none: 0, unchanged: 1, posted: 2, coalesced: 3 } as const;
/** Takes the place of one of JUDGED. */
const PENDING = 0;

/**
 * The records of the last frames, in a ring.
 *
 * Frames are numbered in the order of submission. The ring holds several windows: a scan may be late by seconds and its
 * result still counts for the frames after it. So a record is needed until its frame is judged, possibly long after its
 * release.
 */
export class FrameRecords {
  /** Damage of the frames as tile maps; `tilesAt` returns the offset of one. */
  readonly tiles: Int32Array;
  /** Code-like tiles of each frame, as tile maps in the same order. */
  readonly suspicious: Int32Array;
  /** By slot, one of SCAN. */
  readonly scans: Uint8Array;
  /** By slot, one of JUDGED once the frame is judged. */
  readonly verdicts: Uint8Array;
  /** Frames before this one have a record. */
  begun = 0;
  /** Frames before this one are judged. */
  judgedTo = 0;
  private readonly frames: Float64Array;
  private readonly buffers: Int32Array;

  constructor(
    readonly size: number,
    private readonly grid: TileGrid,
  ) {
    this.tiles = new Int32Array(size * grid.words);
    this.suspicious = new Int32Array(size * grid.words);
    this.scans = new Uint8Array(size);
    this.verdicts = new Uint8Array(size);
    this.frames = new Float64Array(size);
    this.buffers = new Int32Array(size);
  }

  /** Opens the record of the next frame; returns the offset of its damage tiles. */
  begin(sequence: number, frame: FrameIndex, damage: RectList): number {
    const { grid } = this;
    const slot = this.slot(sequence);
    const at = this.tilesAt(sequence);
    grid.clear(this.tiles, at);
    grid.mark(this.tiles, at, damage);
    grid.clear(this.suspicious, at);
    this.frames[slot] = frame;
    this.buffers[slot] = -1;
    this.scans[slot] = SCAN.none;
    this.verdicts[slot] = PENDING;
    this.begun = sequence + 1;
    return at;
  }

  /** Notes the buffer of the frame's picture and the state of its scan. */
  place(sequence: number, buffer: number, scan: number): void {
    this.buffers[this.slot(sequence)] = buffer;
    this.scans[this.slot(sequence)] = scan;
  }

  slot(sequence: number): number {
    return sequence % this.size;
  }

  tilesAt(sequence: number): number {
    return this.slot(sequence) * this.grid.words;
  }

  frame(sequence: number): FrameIndex {
    return this.frames[this.slot(sequence)]! as FrameIndex;
  }

  /** The buffer with the frame's picture; −1 without one. */
  buffer(sequence: number): number {
    return this.buffers[this.slot(sequence)]!;
  }

  /** True when the frame drew in this rectangle. */
  touches(sequence: number, x: number, y: number, w: number, h: number): boolean {
    return this.grid.touches(this.tiles, this.tilesAt(sequence), x, y, w, h);
  }

  /** True when a frame after the one being judged drew there. */
  touchedSince(x: number, y: number, w: number, h: number): boolean {
    for (let s = this.judgedTo + 1; s < this.begun; s += 1) if (this.touches(s, x, y, w, h)) return true;
    return false;
  }
}
