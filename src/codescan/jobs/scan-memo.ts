import { randomInt } from 'node:crypto';

/** Keys of one generation; two are kept, about 2 MB in all. */
const GENERATION = 20_000;

/**
 * Which pixels were read and found clean, by hash. Readers are functions of the pixels they are given, so what was
 * clean is clean. The hash has 53 bits and a random start, so that nobody can make up a picture that passes
 * for another; by chance one in 10¹¹ would.
 */
export class CleanMemo {
  private fresh = new Map<number, number>();
  private old = new Map<number, number>();
  private readonly seedA = randomInt(1, 0x7fffffff);
  private readonly seedB = randomInt(1, 0x7fffffff);

  /** Of the first width × height samples, which begin at a multiple of 4 bytes, and of how (0–255) they are read. */
  key(samples: Uint8Array, width: number, height: number, how = 0): number {
    const bytes = width * height;
    const words = new Int32Array(samples.buffer, samples.byteOffset, bytes >> 2);
    let a = this.seedA ^ Math.imul(width, 0x9e3779b1);
    let b = this.seedB ^ Math.imul(height * 256 + how, 0x85ebca6b);
    for (let i = 0; i < words.length; i += 1) {
      const v = words[i]!;
      a = Math.imul(a ^ v, 0x01000193);
      a ^= a >>> 15;
      b = Math.imul(b + v, 0x2c1b3c6d) ^ (b >>> 13);
    }
    for (let i = words.length * 4; i < bytes; i += 1) {
      a = Math.imul(a ^ samples[i]!, 0x01000193);
      b = Math.imul(b + samples[i]!, 0x2c1b3c6d) ^ (b >>> 13);
    }
    a = Math.imul(a ^ (a >>> 16), 0x7feb352d);
    b = Math.imul(b ^ (b >>> 15), 0x846ca68b);
    return (a >>> 0) * 0x200000 + ((b ^ (b >>> 16)) & 0x1fffff);
  }

  has(key: number): boolean {
    return this.waysOf(key) !== 0;
  }

  /** The ways in which it was read, as they were added; 0: in none. */
  waysOf(key: number): number {
    return this.fresh.get(key) ?? this.old.get(key) ?? 0;
  }

  /** It was read in these ways, bits of the caller's. */
  add(key: number, ways = 1): void {
    this.fresh.set(key, ways);
    if (this.fresh.size < GENERATION) return;
    this.old = this.fresh;
    this.fresh = new Map();
  }
}
