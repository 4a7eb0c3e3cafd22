import t from 'tap';
import { symbolTimes } from '../../../src/speech/kokoro/kokoro-provider.js';
import { idOf, ipaOf, isMark, type KokoroSymbol } from '../../../src/speech/kokoro/symbols.js';

const ms = (time: number): number => time * 24;

/** Symbols of words as the model gets them, each of 100 ms but those of `durationsMs`. */
function clip(text: string, durationsMs: Readonly<Record<number, number>> = {}) {
  let first = true;
  const symbols = Array.from(text, (one, char): KokoroSymbol => {
    const isSound = /\p{L}/u.test(one) && !isMark(one);
    const symbol = { text: one, ipa: isSound ? ipaOf(one) : '', char, first: first && isSound };
    first = !isSound && (first || one === ' ');
    return symbol;
  });
  t.ok(symbols.every((one) => idOf(one.text) !== undefined));
  return { symbols, samples: [300, ...symbols.map((_, i) => durationsMs[i] ?? 100), 100].map(ms) };
}

/** Sound between these times, in ms. */
function sound(lengthMs: number, ...loud: readonly (readonly [fromMs: number, toMs: number])[]): Int16Array {
  const pcm = new Int16Array(ms(lengthMs));
  for (const [from, to] of loud) for (let i = ms(from); i < ms(to); i += 1) pcm[i] = Math.round(9000 * Math.sin(i / 9));
  return pcm;
}

t.test('a word behind a pause begins where the sound does', (t) => {
  for (const onset of [220, 250, 290]) {
    const { symbols, samples } = clip('sala, mano', { 4: 300 });
    const { words } = symbolTimes(symbols, samples, sound(1500, [onset, 640], [onset + 740, 1400]));
    t.equal(words.length, 2);
    t.ok(Math.abs(words[0]!.sample - ms(onset)) <= ms(2), `first: ${words[0]!.sample / 24} of ${onset} ms`);
    t.ok(
      Math.abs(words[1]!.sample - ms(onset + 740)) <= ms(2),
      `second: ${words[1]!.sample / 24} of ${onset + 740} ms`,
    );
  }
  t.end();
});

t.test('within speech a sound begins before its duration says, by its kind', (t) => {
  const startOf = (text: string): number => {
    const { symbols, samples } = clip(text);
    return symbolTimes(symbols, samples, sound(1500, [230, 1400])).words[1]!.sample / 24;
  };
  const told = 300 + 500;
  const [hiss, nasal, vowel] = [startOf('sala sa'), startOf('sala ma'), startOf('sala as')].map((at) => told - at);
  t.ok(hiss! > nasal! && nasal! > vowel! && vowel! >= 40 && hiss! <= 100, `${hiss} ${nasal} ${vowel}`);
  t.end();
});

t.test('times are ordered, whole and within the sound', (t) => {
  const { symbols, samples } = clip('ˈas, mˈas→!', { 3: 10, 5: 10 });
  const pcm = sound(1100, [260, 420], [560, 900]);
  const { words, phonemes } = symbolTimes(symbols, samples, pcm);
  const times = [...phonemes.flatMap(({ startSample, endSample }) => [startSample, endSample]), pcm.length];
  t.same(
    times,
    times.toSorted((a, b) => a - b),
  );
  t.ok([...times, ...words.map(({ sample }) => sample)].every((at) => Number.isInteger(at) && at >= 0));
  t.equal(words[0]!.sample, phonemes[0]!.startSample, 'a stress belongs to its sound');
  t.end();
});
