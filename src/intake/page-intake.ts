import { dirname, join } from 'node:path';
import { productFilesIn } from '../config/resolve-room.js';
import type { RoomConfig } from '../config/room-config.js';
import { EngineError } from '../core/errors.js';
import type { CapturedProduct, IntakeHandle, PageCapture } from '../config/api/products-handle.js';
import type { Log } from '../core/log.js';
import { SerialQueue } from '../core/serial-queue.js';
import { ListingProcess } from '../listing/listing-process.js';

export interface PageIntakeOptions {
  readonly room: Pick<RoomConfig, 'language' | 'ledgerFile'>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const MAX_WAITING = 5;

/** Reads captured pages one at a time, since the scan of their pictures takes the cores that the show needs. */
export class PageIntake implements IntakeHandle {
  private readonly queue = new SerialQueue();
  private readonly pages = new ListingProcess({ gentle: true });
  private waiting = 0;

  constructor(private readonly options: PageIntakeOptions) {
    const close = (): void => void this.pages.close();
    if (options.signal.aborted) close();
    else options.signal.addEventListener('abort', close, { once: true });
  }

  async take(capture: PageCapture, { save = false }: { save?: boolean } = {}): Promise<CapturedProduct> {
    if (this.waiting >= MAX_WAITING)
      throw new EngineError('E_TOO_MANY_REQUESTS', {
        where: 'intake',
        expected: `at most ${MAX_WAITING} pages at a time`,
        found: `${this.waiting} under way`,
        todo: 'send it again when the others are done',
      });
    this.waiting += 1;
    try {
      return await this.queue.take(() => this.read(capture, save));
    } finally {
      this.waiting -= 1;
    }
  }

  private async read(capture: PageCapture, save: boolean): Promise<CapturedProduct> {
    const { room, log, signal } = this.options;
    // Loaded with the first page.
    const { takeCapture } = await import('./take-capture.js');
    const folder = save ? { folder: join(dirname(room.ledgerFile), 'products') } : {};
    const taken = await takeCapture(capture, { language: room.language, log, signal, pages: this.pages, ...folder });
    const { product, file, warnings } = taken;
    const { origins } = taken.listing;
    return file === undefined
      ? { product, origins, warnings }
      : { product: productFilesIn(dirname(file), product), file, origins, warnings };
  }
}
