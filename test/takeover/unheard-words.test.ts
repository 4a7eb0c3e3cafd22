import { execFileSync } from 'node:child_process';
import t, { type Test } from 'tap';
import { readWav } from '../../src/audio/load-music.js';
import { Resampler } from '../../src/core/audio/resample.js';
import { SAMPLE_RATE_HZ } from '../../src/core/time.js';
import { hearRecording } from '../../src/takeover/play-recording.js';
import { maxSpokenMs } from '../../src/takeover/hear-voice.js';
import { HttpRecogniser } from '../../src/speech/recogniser/http-recogniser.js';
import { type Heard, transcriptionServer } from '../kit/transcription-server.js';

const HELLO = 'Hello everyone.';
const NUMBERS: readonly (readonly [voice: string, text: string])[] = [
  ['en', 'Please call one three eight zero zero one three eight zero zero zero, or write to kettle king on whatsapp.'],
  ['cmn', '请打电话一三八零零一三八零零零，或者加微信水壶之王。'],
  ['de', 'Bitte anrufen unter eins drei acht null null eins drei acht null null null.'],
];

const hasEspeak = ((): boolean => {
  try {
    execFileSync('espeak-ng', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const skip = hasEspeak ? false : 'espeak-ng is not installed';

/** A text as spoken by eSpeak NG, at 48 kHz, without the silence at both ends. */
function speak(voice: string, text: string): Float32Array {
  const wav = readWav(execFileSync('espeak-ng', ['-v', voice, '--stdout', text], { maxBuffer: 1 << 24 }), 'espeak')!;
  const pcm = new Resampler(wav.sampleRateHz, SAMPLE_RATE_HZ).convert(wav.pcm);
  const isSound = (x: number): boolean => Math.abs(x) > 0.01;
  return pcm.slice(pcm.findIndex(isSound), pcm.findLastIndex(isSound) + 1);
}

function joined(...parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const pause = (seconds: number): Float32Array => new Float32Array(Math.round(seconds * SAMPLE_RATE_HZ));
const seconds = (pcm: Float32Array): number => pcm.length / SAMPLE_RATE_HZ;

/** What is heard of a recording. */
async function heardOf(t: Test, recording: Float32Array, answer: (index: number) => Heard): Promise<Float32Array> {
  const { baseUrl } = await transcriptionServer(t, (_, number) => answer(number - 1));
  const recogniser = new HttpRecogniser({ baseUrl, model: 'm', timeoutMs: 4000 });
  const pieces = await hearRecording(recording, { recogniser, language: 'en', signal: new AbortController().signal });
  return joined(...pieces.map(({ utterance }) => utterance.pcm));
}

const energy = (pcm: Float32Array): number => pcm.reduce((sum, x) => sum + x * x, 0);

for (const [voice, text] of NUMBERS) {
  t.test(`a number that the recogniser leaves out is not heard (${voice})`, { skip }, async (t) => {
    const hello = speak('en', HELLO);
    const number = speak(voice, text);
    const recording = joined(pause(0.3), hello, pause(0.15), number, pause(0.3));
    const [from, to] = [0.3, 0.3 + seconds(hello)];
    const end = seconds(recording);
    const half = from + (to - from) * 0.42;
    const words = [
      { word: 'Hello', start: from, end: half },
      { word: 'everyone', start: half, end: to },
    ];
    const rows: readonly (readonly [row: string, answer: Heard])[] = [
      ['the times of one word reach over all of it', { text: 'Hello', words: [{ word: 'Hello', start: 0, end }] }],
      [
        'one word and a last one',
        {
          text: 'Hello bye',
          words: [
            { word: 'Hello', start: 0, end: end - 0.2 },
            { word: 'bye', start: end - 0.2, end },
          ],
        },
      ],
      ['true times', { text: 'Hello everyone', words }],
      ['the last word reaches to the end', { text: 'Hello everyone', words: [words[0]!, { ...words[1]!, end }] }],
    ];
    for (const [row, answer] of rows) {
      const heard = await heardOf(t, recording, (index) => (index === 0 ? answer : { text: '' }));
      // The first piece is heard from its beginning, which lies up to 160 ms before the greeting.
      const after = heard.subarray(Math.round((seconds(hello) + 0.16 + 0.15 + 0.35) * SAMPLE_RATE_HZ));
      t.ok(energy(after) <= 0.01 * energy(number), `${row}: ${(energy(after) / energy(number)).toFixed(4)}`);
    }
    for (const answer of [{ text: 'Hello everyone' }, { text: 'Hello', segments: [{ text: 'Hello', start: 0, end }] }])
      await t.rejects(
        heardOf(t, recording, () => answer),
        { code: 'E_RECOGNISER_FAILED' },
      );
  });

  t.test(`nor is one that is spoken 25 dB lower (${voice})`, { skip }, async (t) => {
    const hello = speak('en', HELLO);
    const number = speak(voice, text).map((x) => x * 10 ** (-25 / 20));
    const recording = joined(pause(0.3), hello, pause(0.15), number, pause(0.3));
    const words = [
      { word: 'Hello', start: 0.3, end: 0.6 },
      { word: 'everyone', start: 0.6, end: 0.3 + seconds(hello) },
    ];
    const heard = await heardOf(t, recording, (i) => (i === 0 ? { text: 'Hello everyone', words } : { text: '' }));
    const after = heard.subarray(Math.round((seconds(hello) + 0.16 + 0.15 + 0.35) * SAMPLE_RATE_HZ));
    t.ok(energy(after) <= 0.01 * energy(number), `${(energy(after) / energy(number)).toFixed(4)}`);
  });
}

t.test('words with true times keep their sound', { skip }, async (t) => {
  for (const [voice, words] of [
    ['en', ['Good', 'evening', 'and', 'welcome', 'the', 'kettle', 'boils', 'one', 'litre', 'in', 'two', 'minutes']],
    ['en -s 110', ['The', 'lid', 'is', 'made', 'of', 'light', 'oak', 'and', 'costs', '199', 'dollars', '50%', 'OEM']],
    ['cmn', ['大家', '晚上', '好', '今天', '介绍', '不锈钢', '水壶', '价格', '35', '元']],
    ['de', ['Herzlich', 'willkommen', 'Bedienungsanleitung', 'und', 'Garantie']],
    ['ja', ['こんにちは', 'ようこそ', 'ケトル']],
  ] as const) {
    const [name, ...flags] = voice.split(' ');
    const sounds = words.map((word) => {
      const wav = execFileSync('espeak-ng', ['-v', name!, ...flags, '--stdout', word], { maxBuffer: 1 << 24 });
      const { pcm, sampleRateHz } = readWav(wav, 'espeak')!;
      return new Resampler(sampleRateHz, SAMPLE_RATE_HZ).convert(pcm.slice(0, pcm.findLastIndex((x) => x !== 0) + 1));
    });
    const recording = joined(pause(0.3), ...sounds, pause(0.3));
    // All in one piece: a recogniser is asked piece by piece.
    let at = 0.3;
    const timed = words.map((word, i) => ({ word, start: at, end: (at += seconds(sounds[i]!)) }));
    let begin = 0;
    const { baseUrl } = await transcriptionServer(t, ({ pcm, rateHz }) => {
      const end = begin + pcm.length / rateHz;
      const here = timed.filter(({ start }) => start + 0.15 >= begin && start + 0.15 < end);
      const shifted = here.map((one) => ({
        word: one.word,
        start: Math.max(0, one.start - begin),
        end: Math.min(one.end, end) - begin,
      }));
      begin = end;
      return { text: here.map(({ word }) => word).join(' '), words: shifted };
    });
    const recogniser = new HttpRecogniser({ baseUrl, model: 'm', timeoutMs: 4000 });
    const pieces = await hearRecording(recording, { recogniser, language: 'en', signal: new AbortController().signal });
    const heard = pieces.reduce((sum, { utterance }) => sum + energy(utterance.pcm), 0);
    t.ok(heard > 0.99 * energy(recording), `${voice}: ${(heard / energy(recording)).toFixed(4)}`);
  }
});

t.test('a word takes at most what its letters can take', (t) => {
  t.equal(maxSpokenMs('Hello', true), 850);
  t.equal(maxSpokenMs('水壶', true), 950);
  t.equal(maxSpokenMs('OEM', true), 1150, 'spelled');
  t.equal(maxSpokenMs('OEM', false), 610, 'all is written in capitals');
  t.ok(maxSpokenMs('199', true) > 2000);
  t.end();
});
