// frame path
import type { BufferPool } from './buffers/buffer-pool.js';
import type { Judge } from './judge.js';
import type { Obscurer } from './obscurer.js';
import { JUDGED } from './replacement.js';

/**
 * Looks once more at what is handed out: whether it carries the verdict that was taken for it.
 *
 * It asks the buffer which frame it holds and the records what was taken in about that frame, and knows nothing of what the
 * gate meant to show. A picture that is repeated has to be one that was vouched for when it left itself, and not to have
 * been filled anew since. So a fault anywhere in between (the wrong buffer, one that is in use twice, a decision against
 * the verdict) is counted, not believed.
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

  /** True when what is in this buffer may leave in the place of a frame; below 0 it is the slate. */
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
