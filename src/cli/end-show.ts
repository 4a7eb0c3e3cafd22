import type { Closeable } from '../core/closeable.js';
import { settleWithin } from '../core/sleep.js';

export interface ShowParts {
  /** Ends what leaves the room. */
  readonly room: { goOffAir(): Promise<void> };
  /** Prints the summary. */
  readonly status: { close(): void } | undefined;
  /** What runs beside the room: viewers of a demo, the service manager's watch. */
  readonly beside: readonly (Closeable | undefined)[];
  /** Servers that take requests about the room. */
  readonly servers: readonly (Closeable | undefined)[];
}

/** A request that is being answered may wait for the room, which is stopping. */
const SERVERS_MS = 2000;

/**
 * Ends a show in the order that viewers need: first nothing leaves any more, then the summary says so, with every frame that
 * left, then the API ends. A request that hangs delays neither.
 */
export async function endShow({ room, status, beside, servers }: ShowParts): Promise<void> {
  const besides = Promise.allSettled(beside.map(async (one) => one?.close()));
  try {
    await room.goOffAir();
  } finally {
    status?.close();
    const rest = Promise.allSettled([besides, ...servers.map(async (one) => one?.close())]);
    await settleWithin(rest, SERVERS_MS);
  }
}
