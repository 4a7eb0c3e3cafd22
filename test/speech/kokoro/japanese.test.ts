import t from 'tap';
import { openModels } from '../../../src/models/index.js';
import { japaneseNumbers, japaneseSymbols, kanaSymbols } from '../../../src/speech/kokoro/japanese.js';
import { idOf, type KokoroSymbol } from '../../../src/speech/kokoro/symbols.js';
import { spokenText } from '../../../src/speech/spoken-text.js';

t.test('writes out numbers as they are read', async (t) => {
  for (const [text, said] of [
    ['100個', 'ヒャク個'],
    ['12.80米ドル', 'ジュウニテンハチゼロ米ドル'],
    ['3,600円', 'サンゼンロッピャク円'],
    ['48000台', 'ヨンマンハッセン台'],
    ['10000人', 'イチマン人'],
    ['色は3つ', '色はみっつ'],
    ['750ml', 'ナナヒャクゴジュウミリリットル'],
    ['007', 'ゼロゼロナナ'],
  ] as const)
    t.equal(japaneseNumbers(text).text, said, text);
  t.same([...japaneseNumbers('色は3つ。').offsets], [0, 1, 2, 2, 2, 4]);
});

t.test('says kana with the symbols that the Japanese voices learned', async (t) => {
  for (const [kana, symbols] of [
    ['コンニチワ', 'koɲɲiʨiβa'],
    ['ショールーム', 'ɕoːɾɯːmɯ'],
    ['ヒャッコ', 'çaʔko'],
    ['サンプル', 'sampɯɾɯ'],
    ['リョウテ', 'ɾʲoɯte'],
    ['ファイル', 'ɸaiɾɯ'],
    ['デンキ', 'deŋkʲi'],
    ['ホン', 'hoɴ'],
  ] as const) {
    t.equal(kanaSymbols(kana), symbols, kana);
    for (const symbol of symbols) t.not(idOf(symbol), undefined, symbol);
  }
});

t.test('reads characters by the dictionary, with the places of the words', async (t) => {
  const models = openModels();
  t.teardown(() => models.close());
  const latin = async (text: string): Promise<KokoroSymbol[]> =>
    [...text].map((letter, char) => ({ text: letter, ipa: letter, char, first: char === 0 }));
  const wordsOf = async (text: string) => (await models.run('japanese', { text })).words;
  const text = '素材は陶器です。ABはページのとおり、100個から。';
  const all = await japaneseSymbols(spokenText(text, 'ja'), wordsOf, latin);
  t.equal(all.map((one) => one.text).join(''), 'soʣaiβa toːkʲidesɨ. ABβa peːʥino toːɾʲi, çakɯ kokaɾa.');
  const words = all.filter(({ first }) => first).map(({ char }) => text[char]);
  t.same(words, ['素', 'は', '陶', 'で', 'A', 'は', 'ペ', 'の', 'と', '1', '個', 'か']);
});
