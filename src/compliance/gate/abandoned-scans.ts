// frame path
import type { FrameScannerClient } from '../../codescan/index.js';
import type { BufferPool } from './buffers/buffer-pool.js';

/**
 * Scans that are not waited for any more: they are overdue by so much that their frames' records are needed. What they
 * find counts for nothing, and a thread may still read the picture, so the buffer comes back only when the scan ends.
 */
export class AbandonedScans {
  /** By buffer. */
  private readonly given: Uint8Array;

  constructor(
    private readonly scanner: FrameScannerClient,
    private readonly pool: BufferPool,
  ) {
    this.given = new Uint8Array(pool.size);
  }

  add(buffer: number): void {
    this.given[buffer] = 1;
  }

  /** Takes back the buffers of those that have ended. */
  retire(): void {
    const { given, scanner, pool } = this;
    for (let b = 0; b < given.length; b += 1) {
      if (given[b] === 0 || !scanner.done(b)) continue;
      scanner.retire(b);
      pool.setScanning(b, false);
      given[b] = 0;
    }
  }
}
