import { EdgeTable } from './edge-table.js';

/**
 * Finds every occurrence of many words in one pass over a text (A. Aho and M. Corasick, "Efficient string
 * matching: an aid to bibliographic search", CACM 18(6), 1975). Time is linear in text plus occurrences.
 */
export class AhoCorasick {
  readonly #edges: EdgeTable;
  #fail: Int32Array = new Int32Array(1);
  /** Index of the longest word that ends in a state, or −1. */
  #word: Int32Array = new Int32Array(1);
  /** Nearest state on the failure path in which a word ends, or 0. */
  #next: Int32Array = new Int32Array(1);
  readonly #lengths: number[];

  constructor(words: readonly string[]) {
    this.#lengths = words.map((w) => w.length);
    this.#edges = new EdgeTable();
    const wordAt: number[] = [-1];
    const parents: number[] = [0];
    const units: number[] = [0];
    const depths: number[] = [0];
    for (let w = 0; w < words.length; w += 1) {
      const word = words[w];
      if (word === '') continue;
      let state = 0;
      for (let i = 0; i < word.length; i += 1) {
        const unit = word.charCodeAt(i);
        let to = this.#edges.get(state, unit);
        if (to < 0) {
          to = wordAt.length;
          wordAt.push(-1);
          parents.push(state);
          units.push(unit);
          depths.push(i + 1);
          this.#edges.add(state, unit, to);
        }
        state = to;
      }
      wordAt[state] = w;
    }
    this.#word = Int32Array.from(wordAt);
    this.#fail = new Int32Array(wordAt.length);
    this.#next = new Int32Array(wordAt.length);
    const order = Array.from(wordAt.keys()).sort((a, b) => depths[a] - depths[b]);
    for (const state of order) {
      if (state === 0) continue;
      const parent = parents[state];
      let back = this.#fail[parent];
      let to = parent === 0 ? 0 : this.#edges.get(back, units[state]);
      while (to < 0 && back !== 0) {
        back = this.#fail[back];
        to = this.#edges.get(back, units[state]);
      }
      const fail = Math.max(0, to);
      this.#fail[state] = fail;
      this.#next[state] = this.#word[fail] >= 0 ? fail : this.#next[fail];
    }
  }

  /** Calls `found` with word index and half-open range for every occurrence, by rising end. Words must be distinct. */
  search(text: string, found: (word: number, start: number, end: number) => void): void {
    let state = 0;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      let to = this.#edges.get(state, unit);
      while (to < 0 && state !== 0) {
        state = this.#fail[state];
        to = this.#edges.get(state, unit);
      }
      state = Math.max(0, to);
      for (let s = this.#word[state] >= 0 ? state : this.#next[state]; s !== 0; s = this.#next[s]) {
        const word = this.#word[s];
        found(word, i + 1 - this.#lengths[word], i + 1);
      }
    }
  }
}
