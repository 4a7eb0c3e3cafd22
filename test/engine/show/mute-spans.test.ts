import t from 'tap';
import type { Utterance } from '../../../src/core/speech.js';
import type { TextHit } from '../../../src/core/verdict.js';
import { muteSpans } from '../../../src/engine/show/mute-spans.js';

const words = ['call', 'one', 'two', 'now'].map((text, i) => ({
  text,
  startChar: i * 5,
  endChar: i * 5 + text.length,
  startSample: 1000 + i * 1000,
  endSample: 1000 + i * 1000 + 800,
}));
const utterance: Utterance = {
  id: 'x',
  text: 'call one  two  now',
  language: 'en',
  voice: 'v',
  pcm: new Float32Array(new SharedArrayBuffer(4 * 6000)),
  words,
  phonemes: [],
  loudnessLufs: -20,
};
const hit = (start: number, end: number, rule = '3.2'): TextHit => ({
  rule,
  start,
  end,
  match: '',
  kind: 'phone',
  action: 'mute',
});

t.test('a word is silent from the end of the word before to the start of the word after', async (t) => {
  t.same(muteSpans(utterance, [hit(5, 8)]), [{ startSample: 1800, endSample: 3000, rule: '3.2' }]);
});

t.test('a hit inside a word takes the whole word, the first and last reach the edges', async (t) => {
  t.same(muteSpans(utterance, [hit(1, 2)]), [{ startSample: 0, endSample: 2000, rule: '3.2' }]);
  t.same(muteSpans(utterance, [hit(15, 18)]), [{ startSample: 3800, endSample: 6000, rule: '3.2' }]);
});

t.test('neighbouring hits become one stretch', async (t) => {
  t.same(muteSpans(utterance, [hit(10, 13, '3.1'), hit(5, 8)]), [{ startSample: 1800, endSample: 4000, rule: '3.2' }]);
});

t.test('a hit that no word carries silences everything', async (t) => {
  t.same(muteSpans(utterance, [hit(8, 9)]), [{ startSample: 0, endSample: 6000, rule: '3.2' }]);
  t.same(muteSpans({ ...utterance, words: [] }, [hit(0, 3)]), [{ startSample: 0, endSample: 6000, rule: '3.2' }]);
});
