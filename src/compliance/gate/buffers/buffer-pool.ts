// frame path
import type { TileGrid } from '../../../core/media/tile-grid.js';

/**
 * Tracks which picture buffers are in use, and in which tiles each differs from the canvas.
 *
 * Invariant: outside its stale tiles a buffer equals the canvas, so partial copies equal whole ones. Every frame's
 * damage is marked stale in all buffers; the buffer filled next gets exactly its stale tiles copied and has none left.
 */
export class BufferPool {
  readonly stale: Int32Array;
  /** Buffers in the look-ahead window. */
  private readonly inWindow: Uint8Array;
  /** How often a buffer was handed out and not returned. */
  private readonly lent: Uint16Array;
  /** Buffers whose scan has not been read yet. */
  private readonly scanning: Uint8Array;
  private readonly filledAt: Float64Array;
  private kept = -1;

  constructor(
    readonly size: number,
    private readonly grid: TileGrid,
  ) {
    this.stale = new Int32Array(size * grid.words);
    this.inWindow = new Uint8Array(size);
    this.lent = new Uint16Array(size);
    this.scanning = new Uint8Array(size);
    this.filledAt = new Float64Array(size).fill(-1);
    for (let i = 0; i < size; i += 1) grid.fill(this.stale, i * grid.words);
  }

  /** The canvas changed in these tiles. */
  damage(map: Int32Array, at: number): void {
    for (let i = 0; i < this.size; i += 1) this.grid.add(this.stale, i * this.grid.words, map, at);
  }

  /** Takes a free buffer, preferably the one filled last, which has the fewest stale tiles; −1 when all are in use. */
  take(sequence: number): number {
    let best = -1;
    for (let i = 0; i < this.size; i += 1) {
      if (this.inWindow[i] !== 0 || this.lent[i] !== 0 || this.scanning[i] !== 0 || i === this.kept) continue;
      if (best < 0 || this.filledAt[i]! > this.filledAt[best]!) best = i;
    }
    if (best >= 0) {
      this.inWindow[best] = 1;
      this.filledAt[best] = sequence;
    }
    return best;
  }

  /** The sequence number of the frame in a buffer; −1 when it is empty. */
  heldBy(buffer: number): number {
    return this.filledAt[buffer]!;
  }

  leaveWindow(buffer: number): void {
    this.inWindow[buffer] = 0;
  }

  setScanning(buffer: number, on: boolean): void {
    this.scanning[buffer] = on ? 1 : 0;
  }

  isScanning(buffer: number): boolean {
    return this.scanning[buffer] !== 0;
  }

  lend(buffer: number): void {
    this.lent[buffer]! += 1;
  }

  giveBack(buffer: number): void {
    if (this.lent[buffer]! > 0) this.lent[buffer]! -= 1;
  }

  /** Keeps the last clean picture out of circulation until a newer one replaces it. */
  keep(buffer: number): void {
    this.kept = buffer;
  }

  /** The kept buffer, or −1. */
  get clean(): number {
    return this.kept;
  }
}
