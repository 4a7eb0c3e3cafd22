const BUCKET_MS = 250;
const BUCKETS = 12;

/** Bytes per time over the last three seconds. */
export class RateMeter {
  private readonly bytes = new Float64Array(BUCKETS);
  private newest = -1;
  private oldest = -1;

  add(bytes: number, nowMs: number): void {
    this.advance(nowMs);
    this.bytes[this.newest % BUCKETS]! += bytes;
  }

  kbitPerSecond(nowMs: number): number {
    if (this.newest < 0) return 0;
    this.advance(nowMs);
    let sum = 0;
    // The bucket being filled is left out.
    const from = Math.max(this.oldest, this.newest - BUCKETS + 1);
    for (let b = from; b < this.newest; b += 1) sum += this.bytes[b % BUCKETS]!;
    const ms = (this.newest - from) * BUCKET_MS;
    return ms === 0 ? 0 : Math.round((sum * 8) / ms);
  }

  private advance(nowMs: number): void {
    const bucket = Math.floor(nowMs / BUCKET_MS);
    if (this.newest < 0) {
      this.oldest = bucket;
      this.newest = bucket;
      return;
    }
    const steps = Math.min(bucket - this.newest, BUCKETS);
    for (let i = 0; i < steps; i += 1) this.bytes[(bucket - i) % BUCKETS] = 0;
    this.newest = Math.max(this.newest, bucket);
  }
}
