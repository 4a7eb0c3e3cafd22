/**
 * Prevents machine spam in answers to viewers (rule 2.3).
 *
 * Problem: platforms treat a room as a spam bot when it answers without pause, or with the same words again and again.
 * But many viewers do ask the same thing, and a short "welcome" to each is polite.
 *
 * Rule, first match wins: an answer beyond `perMinute` within the last minute is too many; an answer that equals or
 * nearly equals (MinHash, as in rule 5.7) more than `repeats` answers of the last `repeatMinutes` is repetition; a
 * greeting too short to compare counts only when it is equal, and is allowed three times as often. A refused answer is
 * not remembered, so a flood does not keep a room silent after it has ended.
 *
 * Numbers: the memory holds the maximum number of answers of `repeatMinutes`, 120 by default (30 kB), 21,600 at most
 * (5.5 MB).
 */
import type { ReplyThresholds } from '../../config/sections/compliance.js';
import { normalise } from '../../moderation/normalise/index.js';
import { minHash, shinglesOf, SIGNATURE_LENGTH, similarity } from './min-hash.js';

/** Why an answer is spam: `seen` answers within the time, against the `limit`. */
export interface ReplySpam {
  readonly rule: '2.3';
  readonly kind: 'reply-rate' | 'reply-repeated';
  readonly seen: number;
  readonly limit: number;
}

const MINUTE_MS = 60_000;
/** Answers with fewer distinct shingles are greetings. */
const SHINGLES_MIN = 8;
const GREETING_FACTOR = 3;

export class ReplyWatch {
  private readonly capacity: number;
  private readonly signatures: Uint32Array;
  private readonly at: Float64Array;
  private readonly greeting: Uint8Array;
  private readonly fresh = new Uint32Array(SIGNATURE_LENGTH);
  private written = 0;

  constructor(private readonly thresholds: ReplyThresholds) {
    this.capacity = Math.ceil(thresholds.perMinute * Math.max(1, thresholds.repeatMinutes));
    this.signatures = new Uint32Array(this.capacity * SIGNATURE_LENGTH);
    this.at = new Float64Array(this.capacity);
    this.greeting = new Uint8Array(this.capacity);
  }

  /**
   * Judges an answer and remembers it when it is allowed. Undefined when it is not spam. `atMs` is any monotonic clock
   * in milliseconds.
   */
  judge(text: string, atMs: number): ReplySpam | undefined {
    const words = normalise(text).words.text.trim();
    const shingles = shinglesOf(words);
    const greeting = shingles.size < SHINGLES_MIN;
    minHash(greeting ? [words] : shingles, this.fresh, 0);
    const { perMinute, repeats, repeatMinutes, similarity: least } = this.thresholds;
    let inMinute = 0;
    let alike = 0;
    for (let i = this.written - 1; i >= Math.max(0, this.written - this.capacity); i -= 1) {
      const slot = i % this.capacity;
      const agoMs = atMs - this.at[slot]!;
      if (agoMs > Math.max(1, repeatMinutes) * MINUTE_MS) break;
      if (agoMs < MINUTE_MS) inMinute += 1;
      if (agoMs > repeatMinutes * MINUTE_MS || (this.greeting[slot] === 1) !== greeting) continue;
      const same = similarity(this.fresh, 0, this.signatures, slot * SIGNATURE_LENGTH);
      if (same >= (greeting ? 1 : least)) alike += 1;
    }
    if (inMinute >= perMinute) return { rule: '2.3', kind: 'reply-rate', seen: inMinute, limit: perMinute };
    const limit = greeting ? repeats * GREETING_FACTOR : repeats;
    if (alike >= limit) return { rule: '2.3', kind: 'reply-repeated', seen: alike, limit };
    this.remember(atMs, greeting);
    return undefined;
  }

  private remember(atMs: number, greeting: boolean): void {
    const slot = this.written % this.capacity;
    this.signatures.set(this.fresh, slot * SIGNATURE_LENGTH);
    this.at[slot] = atMs;
    this.greeting[slot] = greeting ? 1 : 0;
    this.written += 1;
  }
}
