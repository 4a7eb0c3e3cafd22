import t from 'tap';
import { muteSpans } from '../../../src/speech/mute-spans.js';
import { heardWords } from '../../../src/speech/recogniser/heard-words.js';
import { readTranscript } from '../../../src/speech/recogniser/http-recogniser.js';

const MS = 48;
const LENGTH = 4000 * MS;
const word = (text: string, startMs: number, endMs: number) => ({ text, startMs, endMs });

/** The muted milliseconds for a part of the text. */
function muted(heard: ReturnType<typeof heardWords>, part: string): number[][] {
  const start = heard.text.indexOf(part);
  const utterance = {
    ...{ id: 'a', language: 'en', voice: 'v', phonemes: [], loudnessLufs: -16 },
    ...heard,
    pcm: new Float32Array(new SharedArrayBuffer(LENGTH * 4)),
  };
  const spans = muteSpans(utterance, [{ start, end: start + part.length, rule: '3.2' }]);
  return spans.map(({ startSample, endSample }) => [startSample / MS, endSample / MS]);
}

t.test('finds words with times at their places in the text', (t) => {
  const words = [word('Call', 100, 300), word(' me', 320, 500), word('now!', 600, 900)];
  const heard = heardWords({ text: 'Call  me, now!', words, segments: [] }, LENGTH);
  t.equal(heard.text, 'Call me, now!');
  t.same(
    heard.words.map(({ text, startChar, startSample, exact }) => [text, startChar, startSample / MS, exact]),
    [
      ['Call', 0, 100, undefined],
      ['me', 5, 320, undefined],
      ['now', 9, 600, undefined],
    ],
  );
  t.same(muted(heard, 'me'), [[300 - 150, 600 + 150]], 'from the word before to the next, and 150 ms more');
  t.end();
});

t.test('finds words of a script without spaces', (t) => {
  const words = [word('加', 100, 200), word('微信', 200, 600), word('聊', 700, 800)];
  const heard = heardWords({ text: '加微信聊。', words, segments: [] }, LENGTH);
  t.same(
    heard.words.map(({ text, startChar }) => [text, startChar]),
    [
      ['加', 0],
      ['微信', 1],
      ['聊', 3],
    ],
  );
  t.end();
});

t.test('finds words with letters whose lower case is longer', (t) => {
  const words = [word('İstanbul', 100, 700), word('GÜZEL', 800, 1200)];
  const heard = heardWords({ text: 'İstanbul güzel', words, segments: [] }, LENGTH);
  t.equal(heard.words.length, 2);
  t.end();
});

t.test('refuses words without times of their own, with the reason', (t) => {
  const text = 'Call me now';
  const segments = [word('Call me now', 0, 1000)];
  const cases = [
    [[], [], 'a text without times'],
    [[], segments, 'times of phrases alone'],
    [[word('Call', 100, 300), word('now', 600, 900)], [], 'times of other words than those of the text'],
    [[word('Call', 100, 300), word('me', 320, 500)], segments, 'times of other words than those of the text'],
    [[word('Call', 100, 300), word('you', 320, 500), word('now', 600, 900)], [], /other words/],
    [[word('Call', 100, 300), word('me', 320, 500), word('now', 9000, 9900)], [], /other words/],
  ] as const;
  for (const [words, phrases, found] of cases) {
    t.throws(() => heardWords({ text, words, segments: phrases }, LENGTH), { code: 'E_RECOGNISER_FAILED', found });
  }
  t.end();
});

t.test('reads the words of servers that list them within segments', (t) => {
  const words = [
    { word: ' Call', start: 0.1, end: 0.3 },
    { word: ' now', start: 0.4, end: 0.8 },
  ];
  const answer = { text: 'Call now', segments: [{ text: 'Call now', start: 0, end: 1, words }] };
  const heard = heardWords(readTranscript(JSON.stringify(answer))!, LENGTH);
  t.same(
    heard.words.map(({ startSample }) => startSample / MS),
    [100, 400],
  );
  t.end();
});

t.test('gives no word for silence', (t) => {
  t.same(heardWords({ text: ' . ', words: [], segments: [] }, LENGTH).words, []);
  t.end();
});
