import t from 'tap';
import { humanLanguages, humanVoice, kokoroVoices } from '../../../src/speech/kokoro/human-voices.js';
import { idOf, ipaOf, isMark, kokoroLetters, withGlides } from '../../../src/speech/kokoro/symbols.js';

t.test('joins the letters of one sound, and takes the nearest of those the model lacks', async (t) => {
  for (const [sound, language, letters] of [
    ['dʒ', 'id', 'ʤ'],
    ['ˈaɪ', 'de', 'ˈI'],
    ['ˈaʊ', 'de', 'ˈW'],
    ['tʃʲ', 'ru', 'ʧʲ'],
    ['ˈʏ', 'de', 'ˈy'],
    ['ɵ', 'nl', 'œ'],
    ['ɭʲ', 'ru', 'lʲ'],
    ['ˈɵ', 'ru', 'ˈo'],
    ['ˈu"', 'ru', 'ˈu'],
    ['ʑ', 'ru', 'zʲ'],
    ['ɟ', 'tr', 'ɡ'],
    ['t\u032A', 'vi', 't'],
    ['t', 'vi', 'tʰ'],
    ['kh', 'ko', 'kʰ'],
    ['ˈeː', 'nl', 'ˈA'],
    ['tɕ', 'pl', 'ʨ'],
    ['ç', 'de', 'ç'],
    ['ɐ\u0303', 'pt', 'ɐ\u0303'],
    ['øː', 'de', 'øː'],
  ] as const)
    t.equal(kokoroLetters(sound, language), letters, sound);
});

/** One word each, with their places in the text. */
const symbolsOf = (words: readonly string[]): { text: string; ipa: string; char: number; first: boolean }[] => {
  let char = 0;
  return words.flatMap((word) => {
    const at = char;
    char += word.length + 1;
    return [...word].map((text, i) => ({ text, ipa: isMark(text) ? '' : ipaOf(text), char: at, first: i === 0 }));
  });
};
const joined = (symbols: readonly { text: string }[]): string => symbols.map(({ text }) => text).join('');

t.test('says soft consonants with letters and glides that the voices know', async (t) => {
  for (const [soft, said] of [
    ['dnʲˈom', 'dɲˈom'],
    ['ʃilʲ', 'ʃil'],
    ['dlʲa', 'dlja'],
    ['tʲˈes', 'tˈes'],
    ['vzʲˈatʲ', 'vzjˈat'],
    ['ʧʲˈas', 'ʧˈas'],
  ] as const)
    t.equal(joined(withGlides(symbolsOf([soft]))), said, soft);
});

t.test('gives only symbols that the model knows, each with a sound for the mouth or none', async (t) => {
  for (const letter of 'ʤIWʧyølʨç') {
    t.not(idOf(letter), undefined, letter);
    t.not(ipaOf(letter), '');
  }
  for (const mark of 'ˈː↘ ,') t.equal(ipaOf(mark), '');
});

t.test('has a voice of each gender for every language, and gives presenters different ones', async (t) => {
  t.equal(kokoroVoices().length, 54);
  for (const language of Object.keys(humanLanguages()))
    for (const gender of ['female', 'male'] as const) t.ok(humanVoice(language, gender, ''), `${language} ${gender}`);
  const cast = ['mei', 'ana', 'lin', 'wei', 'ines', 'tomas'].map((name) => humanVoice('zh-CN', 'female', name)!.name);
  t.ok(new Set(cast).size > 2, cast.join(' '));
  t.equal(humanVoice('zh', 'female', 'mei')!.name, humanVoice('zh', 'female', 'mei')!.name);
  t.equal(humanVoice('en', 'female', ''), undefined, 'English has an embedded human voice');
});
