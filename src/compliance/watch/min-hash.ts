/**
 * MinHash signatures (A. Z. Broder, "On the resemblance and containment of documents", 1997): the share of equal values
 * in two signatures estimates the Jaccard similarity of their shingle sets, with a standard error of √(J·(1−J)/64), at
 * most 0.0625.
 */
import { hashString } from '../../core/random.js';
import { isHanOrKana } from '../../moderation/normalise/index.js';

/** Values in a signature. */
export const SIGNATURE_LENGTH = 64;
/** Characters per shingle: two Chinese characters carry about as much as five letters. */
const HAN_SHINGLE = 2;
const LETTER_SHINGLE = 5;

/** The distinct runs of characters in a normalised text, one starting at each position with enough text left. */
export function shinglesOf(text: string): Set<string> {
  const shingles = new Set<string>();
  for (let i = 0; i < text.length; i += 1) {
    const size = isHanOrKana(text.charCodeAt(i)) ? HAN_SHINGLE : LETTER_SHINGLE;
    if (i + size <= text.length) shingles.add(text.slice(i, i + size));
  }
  return shingles;
}

/** Writes the signature of the shingles into `out` from `at`. */
export function minHash(shingles: Iterable<string>, out: Uint32Array, at: number): void {
  out.fill(0xffff_ffff, at, at + SIGNATURE_LENGTH);
  for (const shingle of shingles) {
    const x = hashString(shingle);
    for (let k = 0; k < SIGNATURE_LENGTH; k += 1) {
      let h = Math.imul(x ^ Math.imul(k + 1, 0x9e3779b1), 0x85ebca6b);
      h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
      h = (h ^ (h >>> 13)) >>> 0;
      if (h < out[at + k]!) out[at + k] = h;
    }
  }
}

/** Estimated similarity, 0–1, of two signatures. */
export function similarity(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number): number {
  let equal = 0;
  for (let k = 0; k < SIGNATURE_LENGTH; k += 1) if (a[aAt + k] === b[bAt + k]) equal += 1;
  return equal / SIGNATURE_LENGTH;
}
