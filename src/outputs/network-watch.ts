import { networkInterfaces } from 'node:os';
import type { Closeable } from '../core/closeable.js';

export interface NetworkWatchOptions {
  /** A new address appeared: a cable, Wi-Fi or VPN came back. */
  readonly onReturn: () => void;
  /** Non-loopback addresses; the machine's own by default. */
  addresses?: () => readonly string[];
  intervalMs?: number;
}

const machineAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flat()
    .flatMap((one) => (one === undefined || one.internal ? [] : [one.address]));

/**
 * Listing the interfaces opens a socket, which fails while the process is out of file handles; the next check tries
 * again.
 */
function read(addresses: () => readonly string[]): ReadonlySet<string> | undefined {
  try {
    return new Set(addresses());
  } catch {
    return undefined;
  }
}

/** Checks once a second whether the machine got a new address. */
export class NetworkWatch implements Closeable {
  private readonly timer: NodeJS.Timeout;
  /** Undefined until the addresses have been read. */
  private known: ReadonlySet<string> | undefined;

  constructor({ onReturn, addresses = machineAddresses, intervalMs = 1000 }: NetworkWatchOptions) {
    this.known = read(addresses);
    this.timer = setInterval(() => {
      const now = read(addresses);
      if (now === undefined) return;
      const { known } = this;
      this.known = now;
      if (known !== undefined && [...now].some((address) => !known.has(address))) onReturn();
    }, intervalMs);
    this.timer.unref();
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    return Promise.resolve();
  }
}
