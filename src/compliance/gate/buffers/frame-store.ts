// frame path
import { packedLimit, type Kernels } from '../../../core/kernels.js';

/** Memory is allocated in blocks of this size, or of a frame where that is larger. */
const BLOCK_BYTES = 4 * 1024 * 1024;
/** Empty blocks kept for reuse. */
const SPARE_BLOCKS = 1;

interface Block {
  readonly bytes: Uint8Array;
  used: number;
  /** Stored frames in the block. */
  frames: number;
}

/**
 * A queue of frames, stored as the changes from one frame to the next.
 *
 * Problem: an operator wants ten seconds to react, 300 raw frames take 415 MB, and compressing them well would cost
 * more than drawing them.
 * Rule: only the 16-byte units that differ from the frame before are stored, uncoded (`Kernels.packChanges`); both ends
 * keep one whole frame. The result is exact. It costs one comparison and two copies of the changes, and one whole copy
 * at the end.
 * Numbers: memory follows the motion, 50 kB a frame on the demo scene at 720p, and never exceeds a raw frame each.
 * Blocks are allocated and freed on demand.
 */
export class FrameStore {
  count = 0;
  /** Bytes of the stored changes. */
  bytes = 0;
  private readonly newest: Uint8Array;
  private readonly oldest: Uint8Array;
  private readonly limit: number;
  private readonly blocks: Block[];
  private readonly offsets: Float64Array;
  private readonly lengths: Float64Array;
  /** The block of each frame. */
  private readonly places: (Block | undefined)[];
  private readonly views: (Uint8Array | undefined)[];
  private current: Block;
  private first = 0;

  constructor(
    frameBytes: number,
    /** Maximum number of frames. */
    private readonly capacity: number,
    private readonly kernels: Pick<Kernels, 'packChanges' | 'unpackChanges'>,
  ) {
    this.newest = new Uint8Array(frameBytes);
    this.oldest = new Uint8Array(frameBytes);
    this.limit = packedLimit(frameBytes);
    this.current = this.newBlock();
    this.blocks = [this.current];
    this.offsets = new Float64Array(capacity);
    this.lengths = new Float64Array(capacity);
    this.places = Array.from({ length: capacity }, () => undefined);
    this.views = Array.from({ length: capacity }, () => undefined);
  }

  /** Bytes of the allocated blocks. */
  get heldBytes(): number {
    let sum = 0;
    for (let i = 0; i < this.blocks.length; i += 1) sum += this.blocks[i]!.bytes.length;
    return sum;
  }

  push(frame: Uint8Array): void {
    if (this.count === this.capacity) throw new RangeError('the frame store is full');
    if (this.current.bytes.length - this.current.used < this.limit) this.current = this.freeBlock();
    const block = this.current;
    const slot = (this.first + this.count) % this.capacity;
    const room = block.bytes.subarray(block.used, block.used + this.limit);
    const length = this.kernels.packChanges(this.newest, frame, room);
    this.kernels.unpackChanges(room, length, this.newest);
    this.offsets[slot] = block.used;
    this.lengths[slot] = length;
    this.places[slot] = block;
    this.views[slot] = room;
    block.used += length;
    block.frames += 1;
    this.count += 1;
    this.bytes += length;
  }

  /** Removes the oldest frame and writes it to `out`, if given. */
  shift(out: Uint8Array | undefined): void {
    if (this.count === 0) throw new RangeError('the frame store is empty');
    const slot = this.first;
    const block = this.places[slot]!;
    this.kernels.unpackChanges(this.views[slot]!, this.lengths[slot]!, this.oldest);
    out?.set(this.oldest);
    this.views[slot] = undefined;
    this.places[slot] = undefined;
    this.bytes -= this.lengths[slot]!;
    this.first = (slot + 1) % this.capacity;
    this.count -= 1;
    block.frames -= 1;
    if (block.frames === 0) this.empty(block);
  }

  private empty(block: Block): void {
    block.used = 0;
    if (block === this.current) return;
    let spare = 0;
    for (let i = 0; i < this.blocks.length; i += 1) {
      if (this.blocks[i]!.frames === 0 && this.blocks[i] !== this.current) spare += 1;
    }
    if (spare > SPARE_BLOCKS) this.blocks.splice(this.blocks.indexOf(block), 1);
  }

  private freeBlock(): Block {
    for (let i = 0; i < this.blocks.length; i += 1) {
      const block = this.blocks[i]!;
      if (block.frames === 0 && block !== this.current) return block;
    }
    const block = this.newBlock();
    this.blocks.push(block);
    return block;
  }

  private newBlock(): Block {
    return { bytes: new Uint8Array(Math.max(BLOCK_BYTES, this.limit)), used: 0, frames: 0 };
  }
}
