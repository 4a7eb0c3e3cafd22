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

/** The system opens a socket to list the interfaces, which fails while the process has no file handle left: look again then. */
function read(addresses: () => readonly string[]): ReadonlySet<string> | undefined {
  try {
    return new Set(addresses());
  } catch {
    return undefined;
  }
}

/** Looks once a second whether the machine got an address that it had not. */
export class NetworkWatch implements Closeable {
  private readonly timer: NodeJS.Timeout;
  /** Undefined until the addresses could be read. */
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
