import { EngineError } from '../../core/errors.js';
import { networkOf } from '../../control/access.js';

interface Bucket {
  left: number;
  atMs: number;
}

interface Limit {
  readonly burst: number;
  readonly refillMs: number;
}

/** From one address against one account. */
const CLOSE: Limit = { burst: 6, refillMs: 20_000 };
/** Against one account from anywhere, and from one address against any account. */
const WIDE: Limit = { burst: 40, refillMs: 5000 };
const MAX_BUCKETS = 4096;

/**
 * Limits wrong passwords and codes.
 *
 * Problem: a limit by address does not stop a guess from many addresses, and a limit by account lets a stranger lock its
 * owner out.
 * Rule: an address has few attempts at one account; an account has more from everywhere together. Only failures count,
 * and an attempt beyond the limit is refused before the password is looked at.
 */
export class Attempts {
  private readonly buckets = new Map<string, Bucket & Limit>();

  constructor(private readonly nowMs: () => number = Date.now) {}

  /** Seconds to wait before this account may be tried from this address; 0: now. */
  waitS(account: string, address: string): number {
    const waits = this.keys(account, address).map(([key, limit]) => {
      const { left } = this.bucket(key, limit);
      return left >= 1 ? 0 : Math.ceil(((1 - left) * limit.refillMs) / 1000);
    });
    return Math.max(...waits);
  }

  /** @throws EngineError E_TOO_MANY_REQUESTS */
  require(account: string, address: string): void {
    const waitS = this.waitS(account, address);
    if (waitS === 0) return;
    throw new EngineError('E_TOO_MANY_REQUESTS', {
      where: 'sign-in',
      expected: 'the right password or code',
      found: 'too many wrong ones',
      todo: `try again in ${waitS} s`,
      details: { retryAfterS: waitS },
    });
  }

  failed(account: string, address: string): void {
    for (const [key, limit] of this.keys(account, address)) {
      const bucket = this.bucket(key, limit);
      bucket.left = Math.max(0, bucket.left - 1);
      this.buckets.delete(key);
      this.buckets.set(key, { ...bucket, ...limit });
      if (this.buckets.size > MAX_BUCKETS) this.buckets.delete(this.buckets.keys().next().value!);
    }
  }

  private keys(account: string, address: string): [string, Limit][] {
    const network = networkOf(address);
    const name = account.trim().toLowerCase();
    return [
      [`${name}\n${network}`, CLOSE],
      [`account ${name}`, WIDE],
      [`network ${network}`, WIDE],
    ];
  }

  private bucket(key: string, { burst, refillMs }: Limit): Bucket {
    const nowMs = this.nowMs();
    const found = this.buckets.get(key) ?? { left: burst, atMs: nowMs };
    return { left: Math.min(burst, found.left + (nowMs - found.atMs) / refillMs), atMs: nowMs };
  }
}
