import { isIPv6 } from 'node:net';
import type { Log } from '../core/log.js';
import { RateLimited } from '../core/rate-limited.js';

/** Wrong tokens an address may send at once: a page left open over an engine restart sends one a second. */
const BURST = 20;
/** Time after which an address may send one more. */
const REFILL_MS = 3000;
/** Maximum addresses in memory; beyond it the one silent longest is dropped. */
const MAX_ADDRESSES = 1024;
const LOG_MS = 60_000;

interface Bucket {
  left: number;
  atMs: number;
}

/** Counts wrong tokens per address. Requests with the right token are never counted. */
export class WrongTokens {
  private readonly buckets = new Map<string, Bucket>();
  private readonly sayNow: RateLimited;
  private refused = 0;

  constructor(
    private readonly log: Log,
    private readonly nowMs: () => number = performance.now.bind(performance),
  ) {
    this.sayNow = new RateLimited(LOG_MS, nowMs);
  }

  /** Addresses in memory. */
  get size(): number {
    return this.buckets.size;
  }

  /** Counts a wrong token; returns the seconds the address has to wait, 0 when it need not. */
  note(address: string): number {
    const nowMs = this.nowMs();
    const key = networkOf(address);
    const bucket = this.buckets.get(key) ?? { left: BURST, atMs: nowMs };
    bucket.left = Math.min(BURST, bucket.left + (nowMs - bucket.atMs) / REFILL_MS);
    bucket.atMs = nowMs;
    // Reinserted last, so that the first entry is the address silent longest.
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > MAX_ADDRESSES) this.buckets.delete(this.buckets.keys().next().value!);
    if (bucket.left >= 1) {
      bucket.left -= 1;
      return 0;
    }
    this.refused += 1;
    if (this.sayNow.due) {
      this.log.warn(
        { address, refused: this.refused },
        'many wrong tokens from one address (a guess, or the token of an earlier run); it gets 429 until it slows down',
      );
      this.refused = 0;
    }
    return Math.ceil(((1 - bucket.left) * REFILL_MS) / 1000);
  }
}

/** A subscriber of IPv6 has at least a /64, so its addresses count as one. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const full =
    tail === undefined ? groups : [...groups, ...Array<string>(8 - groups.length - rest.length).fill('0'), ...rest];
  return `${full
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
