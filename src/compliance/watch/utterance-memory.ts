/**
 * Remembers what was said, to tell when it is said again or nearly so (rule 5.7).
 *
 * Conflicting demands: hours of speech are to be compared in less than a millisecond a line and in memory
 * that does not grow; a line with another price or a word moved is the same line to a viewer; and a script
 * that loops repeats by design.
 *
 * The rule: of each utterance 64 numbers are kept (MinHash over runs of characters of the normalised text,
 * so that case, width and punctuation do not count), in a ring that has room for one utterance every three seconds of
 * `memoryHours` (1.8 MB for six hours) and forgets what is older. Repeating is reported always and is too much only beyond
 * `repeatsPerHour` or, over all those hours, `repeatsInMemory`.
 * Utterances of fewer than 8 different runs ("Hello everyone", 欢迎光临) are greetings, not content.
 */
import type { DuplicateThresholds } from '../../config/compliance/watch.js';
import { normalise } from '../../moderation/normalise/index.js';
import { minHash, shinglesOf, SIGNATURE_LENGTH, similarity } from './min-hash.js';

export interface Repetition {
  /** Of the most similar utterance remembered, 0–1; of equal ones, the latest counts. */
  readonly similarity: number;
  /** How long ago that one was. */
  readonly agoMs: number;
  /** How often this was said within the last hour, this time included. */
  readonly timesInHour: number;
  /** The same within the hours that are remembered. */
  readonly timesInMemory: number;
  /** More often than the room allows: rule 5.7. */
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
   * Compares an utterance with those before it, then remembers it. Undefined when nothing like it is
   * remembered. `atMs` is any clock in milliseconds that does not go back.
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
