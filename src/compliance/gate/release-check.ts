// frame path
import type { BufferPool } from './buffers/buffer-pool.js';
import type { Judge } from './judge.js';
import type { Obscurer } from './obscurer.js';
import { JUDGED } from './replacement.js';

/**
 * Verifies at the release that a picture carries its own verdict.
 *
 * It compares the frame number in the buffer with the recorded verdict of that frame, independent of the gate's
 * decision. A repeated picture must have been vouched for at its own release and must not have been overwritten since.
 * So any fault in between (a wrong buffer, a buffer in use twice, a decision against the verdict) is counted.
 */
export class ReleaseCheck {
  /** By buffer: the frame that was vouched for in it. */
  private readonly seals: Float64Array;

  constructor(
    private readonly pool: BufferPool,
    private readonly judge: Judge,
    private readonly obscurer: Obscurer | undefined,
  ) {
    this.seals = new Float64Array(pool.size).fill(-1);
  }

  /** True when the picture in this buffer may be released in place of a frame; a negative buffer is the slate. */
  covers(buffer: number, sequence: number): boolean {
    if (buffer < 0) return true;
    const held = this.pool.heldBy(buffer);
    if (held !== sequence) return held >= 0 && this.seals[buffer] === held;
    if (!this.isClean(buffer, sequence) && this.obscurer?.proven(sequence) !== true) return false;
    this.seals[buffer] = held;
    return true;
  }

  private isClean(buffer: number, sequence: number): boolean {
    const { records } = this.judge;
    return (
      records.buffer(sequence) === buffer &&
      this.judge.isSettled(sequence) &&
      records.verdicts[records.slot(sequence)] === JUDGED.clean &&
      this.judge.isRead(sequence)
    );
  }
}
