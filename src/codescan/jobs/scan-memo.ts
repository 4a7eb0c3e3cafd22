import { randomInt } from 'node:crypto';

/** Keys of one generation; two are kept, about 2 MB in all. */
const GENERATION = 20_000;

/**
 * Remembers by hash which pixels were read and found clean. A reader is a function of its pixels, so the same pixels
 * stay clean. The hash has 53 bits and a random start, so nobody can make a picture that passes for another; by chance
 * one in 10¹¹ would.
 */
export class CleanMemo {
  private fresh = new Map<number, number>();
  private old = new Map<number, number>();
  private readonly seedA = randomInt(1, 0x7fffffff);
  private readonly seedB = randomInt(1, 0x7fffffff);

  /**
   * Key of the first width × height samples, which begin at a multiple of 4 bytes, and of the way (0–255) they are
   * read.
   */
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

  /** The recorded ways in which it was read; 0: never. */
  waysOf(key: number): number {
    return this.fresh.get(key) ?? this.old.get(key) ?? 0;
  }

  /** Records that it was read in these ways, which are bits of the caller's. */
  add(key: number, ways = 1): void {
    this.fresh.set(key, ways);
    if (this.fresh.size < GENERATION) return;
    this.old = this.fresh;
    this.fresh = new Map();
  }
}
