import { bootMs } from '../../core/boot-clock.js';
import type { ObjectStore } from '../store/object-store.js';
import { getJson, putJson } from '../store/object-store.js';
import type { Claim } from './lease-rule.js';

const FOLDER = 'claims/';
/** A request that was given up may still be carried out for so long. */
const ARRIVES_MS = 5000;

/**
 * Claims of workers that cannot renew their locks, one object a worker. A claim without an answer is taken back again and
 * again for a while: whoever waits for its rooms would wait for its whole length.
 */
export class StoreClaims {
  // A worker that starts again must not repeat a number of its former self.
  private count = Math.floor(Math.random() * 1e9);
  private has = false;
  private unsureUntilMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: ObjectStore,
    private readonly worker: string,
  ) {}

  /** Resolves when the store has it. An empty list takes the claim back. */
  async claim(rooms: readonly string[], signal?: AbortSignal): Promise<void> {
    if (rooms.length === 0) {
      if (!this.has) return;
      await this.store.remove(this.key());
      if (bootMs() >= this.unsureUntilMs) this.has = false;
      return;
    }
    this.count += 1;
    this.has = true;
    this.unsureUntilMs = bootMs() + ARRIVES_MS;
    const claim: Claim = { worker: this.worker, count: this.count, rooms };
    await putJson(this.store, this.key(), claim, signal);
    this.unsureUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** What others claim. */
  async others(): Promise<Claim[]> {
    const keys = (await this.store.list(FOLDER)).filter((key) => key !== this.key());
    const claims = await Promise.all(keys.map((key) => getJson<Claim>(this.store, key)));
    return claims.filter((claim) => claim !== undefined);
  }

  private readonly key = (): string => `${FOLDER}${this.worker}.json`;
}
