import t from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { alignSpeech, type TimedSpeech } from '../../../src/speech/align/align-speech.js';
import { EspeakProvider } from '../../../src/speech/espeak/espeak-provider.js';
import { HeartProvider } from '../../../src/speech/heart/heart-provider.js';
import type { SpeechProvider, VoiceInfo } from '../../../src/speech/speech-provider.js';

const options = { log: silentLog, processes: 1, timeoutMs: 60_000 };
const espeak = new EspeakProvider(options);
const heart = new HeartProvider({ cacheDir: t.testdir() });
t.teardown(() => Promise.all([espeak.close(), heart.close()]));
const never = new AbortController().signal;

const LINES = [
  'Welcome to our live show, today we look at a kitchen knife with a wooden handle.',
  'This lamp has three levels of brightness and it runs for twelve hours.',
  'The bottle keeps your coffee hot, and you can wash it in the machine.',
  'We ship within two days to every country, and the price includes the box.',
  'Ask me anything about the fabric, I have all five colours here on the table.',
];

async function spoken(from: SpeechProvider, name: string, text: string, rate = 1, pitch = 1): Promise<TimedSpeech> {
  const voice: VoiceInfo = { name, title: name, languages: ['en'], provider: from.id };
  for await (const chunk of from.speak({ text, language: 'en', voice, rate, pitch }, never))
    return { pcm: chunk.pcm, rateHz: chunk.sampleRateHz, words: chunk.words, phonemes: chunk.phonemes };
  throw new Error('nothing was spoken');
}

/** Errors of word starts in ms, by the words both know. */
async function errorsMs(reference: TimedSpeech, truth: TimedSpeech): Promise<number[]> {
  const aligned = await alignSpeech(reference, { pcm: truth.pcm, rateHz: truth.rateHz });
  const known = new Map(truth.words.map(({ char, sample }) => [char, sample]));
  return aligned!.words.flatMap(({ char, sample }) => {
    const real = known.get(char);
    return real === undefined ? [] : [(1000 * Math.abs(sample - real)) / truth.rateHz];
  });
}

const at = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)]!;

t.test('finds the words of the same voice at another speed and pitch', async (t) => {
  const errors: number[] = [];
  for (const text of LINES) {
    const reference = await spoken(espeak, 'en-US', text);
    for (const [rate, pitch] of [
      [0.8, 0.9],
      [1.25, 1.2],
      [1.1, 0.8],
    ] as const)
      errors.push(...(await errorsMs(reference, await spoken(espeak, 'en-US', text, rate, pitch))));
  }
  t.comment(
    `${errors.length} words: median ${at(errors, 0.5)} ms, p95 ${at(errors, 0.95)} ms, max ${at(errors, 1)} ms`,
  );
  t.ok(errors.length > 150);
  t.ok(at(errors, 0.5) <= 30);
  t.ok(at(errors, 0.95) <= 150);
});

t.test('finds the words of people within the width of the mute', async (t) => {
  const errors: number[] = [];
  for (const text of LINES) {
    const reference = await spoken(espeak, 'en-US', text);
    for (const name of ['heart', 'heart-max'])
      errors.push(...(await errorsMs(reference, await spoken(heart, name, text))));
  }
  t.comment(
    `${errors.length} words: median ${at(errors, 0.5)} ms, p95 ${at(errors, 0.95)} ms, max ${at(errors, 1)} ms`,
  );
  t.ok(errors.length > 100);
  t.ok(at(errors, 0.5) <= 40);
  t.ok(at(errors, 0.95) <= 300);
});

t.test('keeps the order of words and sounds, and their number', async (t) => {
  const reference = await spoken(espeak, 'en-US', LINES[0]!);
  const truth = await spoken(heart, 'heart', LINES[0]!);
  const aligned = (await alignSpeech(reference, truth))!;
  t.equal(aligned.words.length, reference.words.length);
  t.equal(aligned.phonemes.length, reference.phonemes.length);
  for (const [i, { sample }] of aligned.words.entries()) if (i > 0) t.ok(sample >= aligned.words[i - 1]!.sample);
  for (const { startSample, endSample } of aligned.phonemes) t.ok(endSample >= startSample);
});

t.test('has no answer for silence', async (t) => {
  const reference = await spoken(espeak, 'en-US', 'Hello there.');
  t.equal(await alignSpeech(reference, { pcm: new Float32Array(16_000), rateHz: 16_000 }), undefined);
});

t.test('stops when it is aborted', async (t) => {
  const reference = await spoken(espeak, 'en-US', LINES[0]!);
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await t.rejects(alignSpeech(reference, reference, stop.signal), /enough/);
});
