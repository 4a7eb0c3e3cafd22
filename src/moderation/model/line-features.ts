import type { LexiconMatch } from '../lexicon/lexicon.js';

/**
 * The line model's features of a text: its runs of two to five letters, its words with their neighbours, and the
 * lexicon sets that occur in it, alone and in pairs. Runs are specific to one language; sets ("my", "number",
 * "outside") mean the same in all of them, so training in one language helps the others.
 */
export interface LineFeatures {
  /** Hashes of letters and words; valid until the next call. */
  readonly letters: Uint32Array;
  /** Hashes of sets and pairs of sets. */
  readonly sets: ReadonlySet<number>;
}

const MIN_RUN = 2;
const MAX_RUN = 5;
/** Pairs grow quadratically; only the first sets of a text are paired. */
const MAX_SETS = 40;
const SEED = 2166136261;
const WORD_SEED = 0x57a1;
const PAIR_SEED = 0xb1f3;
const SKIP_SEED = 0x3c99;
const ZERO = 48;
const SPACE = 32;

const step = (hash: number, unit: number): number => Math.imul(hash ^ unit, 16777619);

/** Spreads a hash over 32 bits. */
function finish(hash: number): number {
  let x = hash ^ (hash >>> 15);
  x = Math.imul(x, 0x2c1b3c6d);
  return (x ^ (x >>> 12)) >>> 0;
}

/** A reusable set of hashes that allocates no memory per text. */
class Distinct {
  readonly #slots = new Uint32Array(1 << 13);
  readonly #stamps = new Uint32Array(1 << 13);
  readonly #values = new Uint32Array(1 << 12);
  #stamp = 0;
  #count = 0;

  clear(): void {
    this.#stamp += 1;
    this.#count = 0;
  }

  add(hash: number): void {
    if (this.#count === this.#values.length) return;
    let at = hash & (this.#slots.length - 1);
    while (this.#stamps[at] === this.#stamp) {
      if (this.#slots[at] === hash) return;
      at = (at + 1) & (this.#slots.length - 1);
    }
    this.#stamps[at] = this.#stamp;
    this.#slots[at] = hash;
    this.#values[this.#count] = hash;
    this.#count += 1;
  }

  /** Valid until the next text. */
  get values(): Uint32Array {
    return this.#values.subarray(0, this.#count);
  }
}

const distinct = new Distinct();
const names = new Map<string, number>();

function hashOfName(name: string): number {
  let hash = names.get(name);
  if (hash === undefined) {
    hash = SEED;
    for (let i = 0; i < name.length; i += 1) hash = step(hash, name.charCodeAt(i));
    names.set(name, hash);
  }
  return hash;
}

/** Features of the units [start, end) of a words view's text; `sets`: the lexicon's matches in that view. */
export function lineFeatures(
  text: string,
  start: number,
  end: number,
  sets: ReadonlyMap<string, readonly LexiconMatch[]>,
  finds: readonly string[],
): LineFeatures {
  const letters = distinct;
  letters.clear();
  const units = [SPACE];
  for (let i = start; i < end; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === SPACE && units[units.length - 1] === SPACE) continue;
    units.push(unit >= ZERO && unit <= ZERO + 9 ? ZERO : unit);
  }
  if (units[units.length - 1] !== SPACE) units.push(SPACE);
  for (let i = 0; i < units.length; i += 1) {
    let hash = SEED;
    for (let n = 1; n <= MAX_RUN && i + n <= units.length; n += 1) {
      hash = step(hash, units[i + n - 1]!);
      if (n >= MIN_RUN) letters.add(finish(hash + n));
    }
  }
  let word = WORD_SEED;
  let last = 0;
  let lastButOne = 0;
  for (let i = 1; i < units.length; i += 1) {
    if (units[i] !== SPACE) {
      word = step(word, units[i]!);
      continue;
    }
    letters.add(finish(word));
    if (last !== 0) letters.add(finish(step(word, last) ^ PAIR_SEED));
    if (lastButOne !== 0) letters.add(finish(step(word, lastButOne) ^ SKIP_SEED));
    lastButOne = last;
    last = word;
    word = WORD_SEED;
  }
  const present: number[] = finds.map(hashOfName);
  for (const [name, matches] of sets) {
    if (present.length >= MAX_SETS) break;
    if (matches.some((m) => m.start >= start && m.end <= end)) present.push(hashOfName(name));
  }
  present.sort((a, b) => a - b);
  const found = new Set<number>();
  for (let i = 0; i < present.length; i += 1) {
    found.add(finish(present[i]!));
    for (let j = i + 1; j < present.length; j += 1) found.add(finish(step(present[i]!, present[j]!) ^ PAIR_SEED));
  }
  return { letters: letters.values, sets: found };
}
