// frame path
/**
 * Durations in microseconds, in buckets of growing width: 16 linear steps an octave, so that a quantile is right to 6
 * %. It lives on shared memory: the loop records, others read.
 */

const STEPS = 16;
const OCTAVES = 20;
const BUCKETS = STEPS * (OCTAVES + 1);

export const HISTOGRAM_BYTES = (BUCKETS + 2) * 4;

export class TimingHistogram {
  private readonly counts: Uint32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(HISTOGRAM_BYTES), byteOffset = 0) {
    this.counts = new Uint32Array(buffer, byteOffset, BUCKETS + 2);
  }

  record(us: number): void {
    const v = us > 0 ? Math.floor(us) : 0;
    let bucket: number;
    if (v < STEPS) bucket = v;
    else {
      const octave = 31 - Math.clz32(v) - 4;
      bucket = octave >= OCTAVES ? BUCKETS - 1 : STEPS * (octave + 1) + ((v >>> octave) - STEPS);
    }
    this.counts[bucket]! += 1;
    this.counts[BUCKETS]! += 1;
    if (v > this.counts[BUCKETS + 1]!) this.counts[BUCKETS + 1] = Math.min(v, 0xffff_ffff);
  }

  get count(): number {
    return this.counts[BUCKETS]!;
  }

  get maxMs(): number {
    return this.counts[BUCKETS + 1]! / 1000;
  }

  /** The `q` quantile (0–1) of all durations, in milliseconds; 0 when empty. */
  quantileMs(q: number): number {
    const target = Math.max(1, Math.ceil(this.count * q));
    let seen = 0;
    for (let i = 0; i < BUCKETS; i += 1) {
      seen += this.counts[i]!;
      if (seen >= target) return Math.min(upperEdge(i) / 1000, this.maxMs);
    }
    return 0;
  }

  clear(): void {
    this.counts.fill(0);
  }
}

function upperEdge(bucket: number): number {
  if (bucket < STEPS) return bucket + 1;
  const octave = Math.floor(bucket / STEPS) - 1;
  return (STEPS + (bucket % STEPS) + 1) * 2 ** octave;
}
