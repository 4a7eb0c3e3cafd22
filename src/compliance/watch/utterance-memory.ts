/**
 * Remembers utterances and detects exact or near repetitions (rule 5.7).
 *
 * Problem: hours of speech must be compared in less than a millisecond per line and in constant memory. A line with
 * another price or a moved word is the same line to a viewer. A looping script repeats by design.
 *
 * Rule: 64 numbers are kept per utterance (MinHash over shingles of the normalised text, so case, width and punctuation
 * do not count), in a ring with room for one utterance every three seconds of `memoryHours` (1.8 MB for six hours).
 * Older ones are forgotten. Every repetition is reported; it is too much beyond `repeatsPerHour` or, over the whole
 * memory, `repeatsInMemory`. Utterances of fewer than 8 distinct shingles ("Hello everyone", 欢迎光临) are greetings, not
 * content.
 */
import type { DuplicateThresholds } from '../../config/sections/compliance.js';
import { normalise } from '../../moderation/normalise/index.js';
import { minHash, shinglesOf, SIGNATURE_LENGTH, similarity } from './min-hash.js';

export interface Repetition {
  /** Similarity to the most similar remembered utterance, 0–1; of equal ones, the latest counts. */
  readonly similarity: number;
  /** Age of that utterance. */
  readonly agoMs: number;
  /** Occurrences within the last hour, including this one. */
  readonly timesInHour: number;
  /** Occurrences within the whole memory. */
  readonly timesInMemory: number;
  /** Above the room's limit: rule 5.7. */
  readonly tooOften: boolean;
}

const PER_HOUR = 1200;
const SHINGLES_MIN = 8;
const HOUR_MS = 3_600_000;

export class UtteranceMemory {
  private readonly capacity: number;
  private readonly signatures: Uint32Array;
  private readonly at: Float64Array;
  private readonly fresh = new Uint32Array(SIGNATURE_LENGTH);
  private written = 0;

  constructor(
    private readonly thresholds: Pick<
      DuplicateThresholds,
      'similarity' | 'memoryHours' | 'repeatsPerHour' | 'repeatsInMemory'
    >,
  ) {
    this.capacity = Math.ceil(thresholds.memoryHours * PER_HOUR);
    this.signatures = new Uint32Array(this.capacity * SIGNATURE_LENGTH);
    this.at = new Float64Array(this.capacity);
  }

  /**
   * Compares an utterance with earlier ones, then remembers it. Undefined when nothing similar is remembered. `atMs` is
   * any monotonic clock in milliseconds.
   */
  seen(text: string, atMs: number): Repetition | undefined {
    const shingles = shinglesOf(normalise(text).words.text.trim());
    if (shingles.size < SHINGLES_MIN) return undefined;
    minHash(shingles, this.fresh, 0);
    const { memoryHours, repeatsPerHour, repeatsInMemory, similarity: least } = this.thresholds;
    let best = 0;
    let bestAt = 0;
    let timesInHour = 1;
    let timesInMemory = 1;
    for (let i = this.written - 1; i >= Math.max(0, this.written - this.capacity); i -= 1) {
      const slot = i % this.capacity;
      const agoMs = atMs - this.at[slot]!;
      if (agoMs > memoryHours * HOUR_MS) break;
      const alike = similarity(this.fresh, 0, this.signatures, slot * SIGNATURE_LENGTH);
      if (alike < least || alike === 0) continue;
      timesInMemory += 1;
      if (agoMs <= HOUR_MS) timesInHour += 1;
      if (alike <= best) continue;
      best = alike;
      bestAt = this.at[slot]!;
    }
    this.remember(atMs);
    if (best === 0) return undefined;
    const tooOften = timesInHour > repeatsPerHour || timesInMemory > repeatsInMemory;
    return { similarity: best, agoMs: atMs - bestAt, timesInHour, timesInMemory, tooOften };
  }

  private remember(atMs: number): void {
    const slot = this.written % this.capacity;
    this.signatures.set(this.fresh, slot * SIGNATURE_LENGTH);
    this.at[slot] = atMs;
    this.written += 1;
  }
}
