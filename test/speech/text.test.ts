import t from 'tap';
import { isEngineError } from '../../src/core/errors.js';
import type { Utterance } from '../../src/core/speech.js';
import { findVoice } from '../../src/speech/find-voice.js';
import { muteSpans } from '../../src/speech/mute-spans.js';
import { splitText, spokenText } from '../../src/speech/spoken-text.js';
import { wordTimeline, wordsOf } from '../../src/speech/assemble-utterance.js';

const words = (text: string, language: string): string[] =>
  wordsOf(text, language).map((w) => text.slice(w.start, w.end));

t.test('keeps spoken signs in words and strips the surrounding punctuation', async (t) => {
  t.same(words('“Hello,” she said — it’s $29.99 (50% off)!', 'en'), [
    'Hello',
    'she',
    'said',
    'it’s',
    '$29.99',
    '50%',
    'off',
  ]);
  t.same(words('欢迎来到直播间,只要25美元。', 'zh'), ['欢迎', '来到', '直播', '间', '只要', '25', '美元']);
  t.same(words('A & B', 'en'), ['A', '&', 'B']);
  t.same(words('  …  ', 'en'), []);
});

t.test('speaks amounts in order, skips markup and emoji, and keeps offsets into the original', async (t) => {
  const text = 'Only $29.99 😀 <b>now</b> [[x]] te\u200Bst\u0000end';
  const spoken = spokenText(text, 'en-GB');
  t.equal(spoken.text.replace(/ +/g, ' '), 'Only 29.99 dollars b now /b x test end');
  t.equal(spoken.offsets.length, spoken.text.length);
  for (const word of ['Only', '29.99', 'now', 'end']) {
    const at = spoken.offsets[spoken.text.indexOf(word)]!;
    t.equal(text.slice(at, at + word.length), word);
  }
  const dollars = spoken.offsets[spoken.text.indexOf('dollars')]!;
  t.ok(dollars >= text.indexOf('$') && dollars < text.indexOf(' 😀'), 'the name of the currency belongs to the amount');
  t.ok(
    spoken.offsets.every((at, i) => i === 0 || at >= spoken.offsets[i - 1]!),
    'offsets never run backwards',
  );
});

t.test('names dollars by the country before the sign', async (t) => {
  const said = (text: string, language: string): string => spokenText(text, language).text;
  t.equal(said('只要HK$300', 'zh'), '只要300港元');
  t.equal(said('US$ 4.80 a piece', 'en'), '4.80 dollars a piece');
  t.equal(said('NT$120, A$9 and $5', 'en'), '120 Taiwan dollars, 9 Australian dollars and 5 dollars');
  t.equal(said('R$ 49,90', 'pt'), '49,90 reais');
  t.equal(said('desde HK$300', 'es'), 'desde HK$300', 'what has no name here stays as it is written');
  t.equal(said('US$20 o €30', 'es'), '20 dólares o 30 euros');
});

t.test('cuts long text at ends of sentences without losing or splitting anything', async (t) => {
  const sentence = 'This is a sentence of some length, with a comma. ';
  const text = sentence.repeat(20) + '欢迎来到直播间。'.repeat(60) + 'x'.repeat(700) + '😀'.repeat(200);
  const pieces = splitText(text, 300);
  t.equal(pieces.map((p) => text.slice(p.start, p.end)).join(''), text);
  t.ok(pieces.every((p) => p.end - p.start <= 300 && p.end > p.start));
  t.match(text.slice(pieces[0]!.start, pieces[0]!.end), /comma\. ?$/);
  t.notOk(
    pieces.some((p) => /[\uD800-\uDBFF]$/.test(text.slice(p.start, p.end))),
    'no surrogate pair is cut',
  );
  t.same(splitText('Costs 3.50 a piece.', 300), [{ start: 0, end: 19 }]);
  t.same(splitText('   ', 300), []);
});

t.test("divides an event's time among words without their own, at phoneme boundaries", async (t) => {
  const text = 'of the best';
  const phonemes = [0, 100, 200, 300, 400].map((s) => ({ ipa: 'a', startSample: s, endSample: s + 100 }));
  const marks = [
    { char: 0, sample: 0 },
    { char: 7, sample: 400 },
  ];
  const timing = wordTimeline(text, wordsOf(text, 'en'), marks, phonemes, 600);
  t.same(
    timing.map(({ text: word, startSample, endSample, exact }) => [word, startSample, endSample, exact ?? true]),
    [
      ['of', 0, 200, true],
      ['the', 200, 400, false],
      ['best', 400, 500, true],
    ],
  );
});

t.test('keeps every word in order and inside despite marks that point back or past the text', async (t) => {
  const text = 'one 13800138000 two three';
  const marks = [
    { char: 0, sample: 10 },
    { char: 5, sample: 100 },
    { char: 5, sample: 200 },
    { char: 4, sample: 300 },
    { char: 16, sample: 250 },
    { char: 99, sample: 5000 },
  ];
  const timing = wordTimeline(text, wordsOf(text, 'en'), marks, [], 1000);
  t.equal(timing.length, 4);
  let last = 0;
  for (const w of timing) {
    t.ok(w.startSample >= last && w.endSample >= w.startSample && w.endSample <= 1000, w.text);
    last = w.endSample;
  }
  t.equal(wordTimeline(text, wordsOf(text, 'en'), [], [], 1000).length, 4, 'even without any mark');
});

const utterance = (spec: [string, number, number, boolean?][]): Utterance => {
  let at = 0;
  const list = spec.map(([text, startSample, endSample, exact]) => {
    const startChar = at;
    at += text.length + 1;
    return {
      text,
      startChar,
      endChar: startChar + text.length,
      startSample,
      endSample,
      ...(exact === false ? { exact } : {}),
    };
  });
  return {
    id: 'u',
    text: spec.map(([w]) => w).join(' '),
    language: 'en',
    voice: 'en-US',
    pcm: new Float32Array(new SharedArrayBuffer(4000)),
    words: list,
    phonemes: [],
    loudnessLufs: -20,
  };
};

t.test('mutes from the word before to the word after, wider where a start is a guess', async (t) => {
  const u = utterance([
    ['call', 0, 100],
    ['me', 120, 200],
    ['at', 200, 300, false],
    ['five', 320, 500],
    ['now', 600, 900],
  ]);
  t.same(muteSpans(u, [{ start: 11, end: 15, rule: '3.2' }]), [{ startSample: 320, endSample: 600, rule: '3.2' }]);
  t.same(muteSpans(u, [{ start: 8, end: 10, rule: '3.2' }]), [{ startSample: 100, endSample: 320, rule: '3.2' }]);
  t.same(muteSpans(u, [{ start: 5, end: 7, rule: '3.2' }]), [{ startSample: 100, endSample: 320, rule: '3.2' }]);
  t.same(muteSpans(u, [{ start: 16, end: 19, rule: '3.1' }]), [{ startSample: 500, endSample: 1000, rule: '3.1' }]);
  t.same(muteSpans(u, [{ start: 0, end: 4, rule: '3.1' }]), [{ startSample: 0, endSample: 120, rule: '3.1' }]);
  t.same(
    muteSpans(u, [
      { start: 0, end: 4, rule: '3.1' },
      { start: 5, end: 15, rule: '3.1' },
    ]),
    [{ startSample: 0, endSample: 600, rule: '3.1' }],
    'neighbours join',
  );
});

t.test('mutes from a safe point when the word before is inexact', async (t) => {
  const u = utterance([
    ['one', 0, 100],
    ['two', 100, 200, false],
    ['three', 300, 500],
  ]);
  t.same(muteSpans(u, [{ start: 8, end: 13, rule: '1.1' }]), [{ startSample: 300, endSample: 1000, rule: '1.1' }]);
});

const VOICES = ['en-US', 'en', 'en-US+f2', 'cmn', 'cmn+f2', 'yue', 'pt', 'pt-BR', 'he', 'id'].map((name) => ({
  name,
  title: `The voice ${name}`,
  languages: [name.split('+')[0]!.toLowerCase()],
  provider: 'espeak',
}));

t.test('finds a voice by language, name or speaker, and suggests near names otherwise', async (t) => {
  const of = (language: string, name?: string): string => findVoice(VOICES, language, name).name;
  t.equal(of('en'), 'en-US');
  t.equal(of('en-AU'), 'en-US');
  t.equal(of('zh-Hans-CN'), 'cmn');
  t.equal(of('zh-HK'), 'yue');
  t.equal(of('pt-br'), 'pt-BR');
  t.equal(of('pt-AO'), 'pt');
  t.equal(of('iw'), 'he');
  t.equal(of('zh', 'f2'), 'cmn+f2');
  t.equal(of('zh', 'EN-us+F2'), 'en-US+f2');
  for (const [language, name, near] of [
    ['en', 'en-UX', 'en-US'],
    ['tl', undefined, 'he'],
    ['xx-yy', undefined, 'en'],
  ] as const) {
    try {
      of(language, name);
      t.fail('found a voice');
    } catch (error) {
      t.ok(isEngineError(error) && error.code === 'E_VOICE_UNKNOWN');
      if (name !== undefined) t.ok((error as { details: { near: string[] } }).details.near.includes(near));
      if (language === 'tl') t.match((error as Error).message, /Filipino has no embedded voice; provider azure/);
    }
  }
});
