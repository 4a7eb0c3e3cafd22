// frame path
import type { FrameScannerClient } from '../../codescan/index.js';
import type { BufferPool } from './buffers/buffer-pool.js';

/**
 * Scans that are no longer waited for, because they are so late that their frames' records are needed. Their results
 * are ignored. A thread may still read the picture, so its buffer is returned only when the scan ends.
 */
export class AbandonedScans {
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
