import type { Closeable } from './closeable.js';
import type { Log } from './log.js';
import { settleWithin } from './sleep.js';

/** Longest any part takes by its own rules is 5 s. */
const LIMIT_MS = 10_000;

/** Closes started parts, newest first; one that fails or does not end keeps the others from nothing. */
export class CloseStack implements Closeable {
  private readonly items: Closeable[] = [];
  private closing: Promise<void> | undefined;

  constructor(
    private readonly log: Log,
    private readonly limitMs = LIMIT_MS,
  ) {}

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
        const closed = item.close();
        if (await settleWithin(closed, this.limitMs)) await closed;
        else this.log.error({ part: item.constructor.name }, 'a part does not close; it is left open');
      } catch (error) {
        this.log.error({ error: String(error) }, 'a part could not be closed');
      }
    }
  }
}
