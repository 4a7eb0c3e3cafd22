// frame path
import type { Kernels } from '../../../core/kernels.js';
import { RectList, RECT_STRIDE } from '../../../core/media/picture.js';
import type { FrameScannerClient } from '../../../codescan/index.js';
import type { BufferPool } from './buffer-pool.js';
import type { GateCounters } from '../gate-event.js';
import type { TileGrid } from './tile-grid.js';

/**
 * Makes a buffer equal to the canvas. Copying whole frames costs more than drawing them, so only the tiles changed
 * since the buffer was filled last are copied (`BufferPool`).
 */
export class CanvasCopy {
  private readonly list = new RectList(256);

  constructor(
    private readonly kernels: Pick<Kernels, 'copyRects'>,
    private readonly scanner: FrameScannerClient,
    private readonly grid: TileGrid,
    private readonly pool: BufferPool,
    private readonly counters: GateCounters,
  ) {}

  /** The buffer must be free. */
  fill(buffer: number, canvas: Uint8Array): void {
    const { grid, pool, list } = this;
    grid.toRects(pool.stale, buffer * grid.words, list);
    grid.clear(pool.stale, buffer * grid.words);
    if (list.count === 0) return;
    this.kernels.copyRects(canvas, this.scanner.picture(buffer), grid.width, grid.height, list);
    for (let i = 0; i < list.count; i += 1) {
      const r = i * RECT_STRIDE;
      this.counters.copiedBytes += list.items[r + 2]! * list.items[r + 3]! * 1.5;
    }
  }
}
