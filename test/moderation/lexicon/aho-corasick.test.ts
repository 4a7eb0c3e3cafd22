import t from 'tap';
import { AhoCorasick } from '../../../src/moderation/lexicon/aho-corasick.js';

/** The matches of a plain search, in the automaton's order. */
function plain(words: readonly string[], text: string): string[] {
  const found: [number, number, number][] = [];
  for (const [w, word] of words.entries()) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) found.push([w, at, at + word.length]);
  }
  return found.sort((a, b) => a[2] - b[2] || a[1] - b[1]).map((f) => f.join(' '));
}

function automatic(words: readonly string[], text: string): string[] {
  const found: string[] = [];
  AhoCorasick.of(words).search(text, (...hit) => void found.push(hit.join(' ')));
  return found;
}

t.test('finds every occurrence of every word, also within one another', (t) => {
  t.same(automatic(['he', 'she', 'his', 'hers'], 'ushers'), ['1 1 4', '0 2 4', '3 2 6']);
  t.same(automatic(['微信', '加微信', '信'], '加微信'), ['1 0 3', '0 1 3', '2 2 3']);
  t.end();
});

t.test('agrees with a plain search on thousands of random words', (t) => {
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  // Code units from both ends of the range, which the hash must distinguish.
  const letters = ['a', 'b', 'c', '中', '文', '\uffee', '\u0001'];
  const word = (): string => Array.from({ length: 1 + random(5) }, () => letters[random(letters.length)]).join('');
  const words = [...new Set(Array.from({ length: 4000 }, word))];
  const text = Array.from({ length: 600 }, () => letters[random(letters.length)]).join('');
  t.ok(words.length > 1000);
  t.same(automatic(words, text), plain(words, text));
  t.end();
});
