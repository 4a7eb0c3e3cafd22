import t from 'tap';
import { muteSpans } from '../../../src/speech/mute-spans.js';
import { heardWords } from '../../../src/speech/recogniser/heard-words.js';

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
  const heard = heardWords({ text: 'Call  me, now!', words, segments: [] }, 'en', LENGTH);
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
  const heard = heardWords({ text: '加微信聊。', words, segments: [] }, 'zh', LENGTH);
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

t.test('mutes a whole phrase and 300 ms around it where words have no times', (t) => {
  const segments = [word('Good evening.', 200, 1200), word('Call me now.', 1500, 2500), word('Bye.', 3000, 3400)];
  const heard = heardWords({ text: 'Good evening. Call me now. Bye.', words: [], segments }, 'en', LENGTH);
  t.equal(heard.text, 'Good evening. Call me now. Bye.');
  const [[from, to] = []] = muted(heard, 'me');
  t.ok(from! <= 1500 - 300 && to! >= 3000, `${from}–${to}`);
  t.end();
});

t.test('mutes everything where nothing has times', (t) => {
  const heard = heardWords({ text: 'Call me now', words: [], segments: [] }, 'en', LENGTH);
  t.same(muted(heard, 'me'), [[0, 4000]]);
  t.end();
});

t.test('does not trust words that are not the whole text, or out of the sound', (t) => {
  const text = 'Call me now';
  const lists = [
    [word('Call', 100, 300), word('now', 600, 900)],
    [word('Call', 100, 300), word('me', 320, 500)],
    [word('Call', 100, 300), word('you', 320, 500), word('now', 600, 900)],
    [word('Call', 100, 300), word('me', 320, 500), word('now', 9000, 9900)],
  ];
  for (const words of lists) {
    const heard = heardWords({ text, words, segments: [] }, 'en', LENGTH);
    t.equal(heard.text, text);
    t.same(muted(heard, 'me'), [[0, 4000]], JSON.stringify(words.map((one) => one.text)));
  }
  const segments = [word('Call me', 0, 1000)];
  t.equal(heardWords({ text, words: [], segments }, 'en', LENGTH).text, text, 'nor phrases that lack words');
  t.end();
});

t.test('gives no word for silence', (t) => {
  t.same(heardWords({ text: ' . ', words: [], segments: [] }, 'en', LENGTH).words, []);
  t.end();
});
