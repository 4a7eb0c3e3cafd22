import type { Closeable } from './closeable.js';
import type { Log } from './log.js';

/** Closes started parts, newest first; a failing part does not keep the others open. */
export class CloseStack implements Closeable {
  private readonly items: Closeable[] = [];
  private closing: Promise<void> | undefined;

  constructor(private readonly log: Log) {}

  add<T extends Closeable>(item: T): T {
    this.items.push(item);
    return item;
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    for (const item of this.items.reverse()) {
      try {
        await item.close();
      } catch (error) {
        this.log.error({ error: String(error) }, 'a part could not be closed');
      }
    }
  }
}
