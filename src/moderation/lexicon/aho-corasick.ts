/** Arrays by state; `lengths` by word. */
export interface AutomatonTables {
  /** Code unit that leads to a state. */
  readonly units: Uint16Array;
  /** The children of state s are those from `children[s]` up to `children[s + 1]`. */
  readonly children: Int32Array;
  readonly fail: Int32Array;
  /** Index of the longest word that ends in a state, or −1. */
  readonly word: Int32Array;
  /** Nearest state on the failure path in which a word ends, or 0. */
  readonly next: Int32Array;
  readonly lengths: Uint16Array;
}

/**
 * Finds every occurrence of many words in one pass over a text (A. Aho and M. Corasick, "Efficient string matching: an
 * aid to bibliographic search", CACM 18(6), 1975). Time is linear in text plus occurrences.
 *
 * States are numbered by depth, and within a depth in the words' order. So the children of a state are adjacent by
 * rising code unit, and an edge is found by bisection in two plain arrays: 18 bytes a state. The words of all rule
 * packs have a fifth of a million states.
 */
export class AhoCorasick {
  constructor(private readonly tables: AutomatonTables) {}

  /** The automaton of distinct words. */
  static of(words: readonly string[]): AhoCorasick {
    return new AhoCorasick(automatonOf(words));
  }

  /** Calls `found` with word index and half-open range for every occurrence, by rising end. */
  search(text: string, found: (word: number, start: number, end: number) => void): void {
    const { fail, word: wordOf, next, lengths } = this.tables;
    let state = 0;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      let to = edge(this.tables, state, unit);
      while (to < 0 && state !== 0) {
        state = fail[state]!;
        to = edge(this.tables, state, unit);
      }
      state = Math.max(0, to);
      for (let s = wordOf[state]! >= 0 ? state : next[state]; s !== 0; s = next[s!]) {
        const word = wordOf[s!]!;
        found(word, i + 1 - lengths[word]!, i + 1);
      }
    }
  }
}

/** The state that a code unit leads to, or −1. */
function edge({ units, children }: Pick<AutomatonTables, 'units' | 'children'>, state: number, unit: number): number {
  let low = children[state]!;
  let high = children[state + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = units[middle]!;
    if (found === unit) return middle;
    if (found < unit) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/** Builds the tables of an automaton, for storage. */
export function automatonOf(words: readonly string[]): AutomatonTables {
  const trie = trieOf(words);
  const count = trie.parents.length;
  const place = placesByDepth(trie.depths);
  const parents = new Int32Array(count);
  const units = new Uint16Array(count);
  const word = new Int32Array(count);
  for (let made = 0; made < count; made += 1) {
    const state = place[made]!;
    parents[state] = place[trie.parents[made]!]!;
    units[state] = trie.units[made]!;
    word[state] = trie.words[made]!;
  }
  const children = childrenOf(parents);
  const fail = new Int32Array(count);
  const next = new Int32Array(count);
  for (let state = 1; state < count; state += 1) {
    const parent = parents[state]!;
    let back = fail[parent]!;
    let to = parent === 0 ? 0 : edge({ units, children }, back, units[state]!);
    while (to < 0 && back !== 0) {
      back = fail[back]!;
      to = edge({ units, children }, back, units[state]!);
    }
    fail[state] = Math.max(0, to);
    next[state] = word[fail[state]!]! >= 0 ? fail[state]! : next[fail[state]!]!;
  }
  return { units, children, fail, word, next, lengths: Uint16Array.from(words, (w) => w.length) };
}

/** The words' prefixes in dictionary order; 0 is the empty one. */
interface Trie {
  readonly parents: readonly number[];
  readonly units: readonly number[];
  readonly depths: readonly number[];
  readonly words: readonly number[];
}

function trieOf(words: readonly string[]): Trie {
  const parents = [0];
  const units = [0];
  const depths = [0];
  const ends = [-1];
  // By code unit, as `<` compares. A word shares its prefixes with the word before it, up to their first difference.
  const order = Array.from(words.keys()).sort((a, b) =>
    words[a]! < words[b]! ? -1 : words[a]! > words[b]! ? 1 : a - b,
  );
  const path = [0];
  let before = '';
  for (const w of order) {
    const word = words[w]!;
    if (word === '') continue;
    let same = 0;
    while (same < before.length && same < word.length && before.charCodeAt(same) === word.charCodeAt(same)) same += 1;
    for (let i = same; i < word.length; i += 1) {
      path[i + 1] = parents.length;
      parents.push(path[i]!);
      units.push(word.charCodeAt(i));
      depths.push(i + 1);
      ends.push(-1);
    }
    ends[path[word.length]!] = w;
    before = word;
  }
  return { parents, units, depths, words: ends };
}

/** The index of each item after sorting by depth; equal depths keep their order. */
function placesByDepth(depths: readonly number[]): Int32Array {
  const from: number[] = [];
  for (const depth of depths) from[depth] = (from[depth] ?? 0) + 1;
  let at = 0;
  for (let depth = 0; depth < from.length; depth += 1) {
    const here = from[depth]!;
    from[depth] = at;
    at += here;
  }
  const places = new Int32Array(depths.length);
  for (let i = 0; i < depths.length; i += 1) places[i] = from[depths[i]!]!++;
  return places;
}

/** For parents in rising order: the start of each parent's children, and the end after the last one. */
function childrenOf(parents: Int32Array): Int32Array {
  const count = parents.length;
  const children = new Int32Array(count + 1);
  let parent = 0;
  children[0] = 1;
  for (let state = 1; state < count; state += 1) {
    while (parent < parents[state]!) children[++parent] = state;
  }
  while (parent < count) children[++parent] = count;
  return children;
}
