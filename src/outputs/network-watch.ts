import { networkInterfaces } from 'node:os';
import type { Closeable } from '../core/closeable.js';

export interface NetworkWatchOptions {
  /** An address appeared that was not there before: a cable, a Wi-Fi or a VPN came back. */
  readonly onReturn: () => void;
  /** Addresses that are no loopback; the machine's own by default. */
  addresses?: () => readonly string[];
  intervalMs?: number;
}

const machineAddresses = (): string[] =>
  Object.values(networkInterfaces())
    .flat()
    .flatMap((one) => (one === undefined || one.internal ? [] : [one.address]));

/** Looks once a second whether the machine got an address that it had not. */
export class NetworkWatch implements Closeable {
  private readonly timer: NodeJS.Timeout;
  private known: ReadonlySet<string>;

  constructor({ onReturn, addresses = machineAddresses, intervalMs = 1000 }: NetworkWatchOptions) {
    this.known = new Set(addresses());
    this.timer = setInterval(() => {
      const now = addresses();
      const returned = now.some((address) => !this.known.has(address));
      this.known = new Set(now);
      if (returned) onReturn();
    }, intervalMs);
    this.timer.unref();
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    return Promise.resolve();
  }
}
