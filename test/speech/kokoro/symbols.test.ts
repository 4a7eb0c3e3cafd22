import t from 'tap';
import { humanLanguages, humanVoice, kokoroVoices } from '../../../src/speech/kokoro/human-voices.js';
import { idOf, ipaOf, kokoroLetters } from '../../../src/speech/kokoro/symbols.js';

t.test('joins the letters of one sound, and takes the nearest of those the model lacks', async (t) => {
  for (const [sound, language, letters] of [
    ['dʒ', 'id', 'ʤ'],
    ['ˈaɪ', 'de', 'ˈI'],
    ['ˈaʊ', 'de', 'ˈW'],
    ['tʃʲ', 'ru', 'ʧʲ'],
    ['ˈʏ', 'de', 'ˈy'],
    ['ɵ', 'nl', 'ø'],
    ['ɭʲ', 'ru', 'lʲ'],
    ['tɕ', 'pl', 'ʨ'],
    ['ç', 'de', 'ç'],
    ['ɐ\u0303', 'pt', 'ɐ\u0303'],
    ['øː', 'de', 'øː'],
  ] as const)
    t.equal(kokoroLetters(sound, language), letters, sound);
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
