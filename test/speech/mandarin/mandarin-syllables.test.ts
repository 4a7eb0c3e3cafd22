import t from 'tap';
import { chineseNumber } from '../../../src/speech/mandarin/chinese-number.js';
import { mandarinSyllables } from '../../../src/speech/mandarin/mandarin-syllables.js';
import { zhuyinIpa, zhuyinOf } from '../../../src/speech/mandarin/zhuyin.js';

const spelled = (text: string): string =>
  (mandarinSyllables(text) ?? []).map(({ initial, final, tone }) => `${initial}${final}${tone}`).join(' ');

t.test('spells every kind of syllable', async (t) => {
  const pairs = {
    ...{ zhi: 'ㄓ', ri: 'ㄖ', si: 'ㄙ', yi: 'ㄧ', wu: 'ㄨ', yu: 'ㄩ', ju: 'ㄐㄩ', quan: 'ㄑㄩㄢ', xun: 'ㄒㄩㄣ', nü: 'ㄋㄩ' },
    ...{ liu: 'ㄌㄧㄡ', gui: 'ㄍㄨㄟ', dun: 'ㄉㄨㄣ', zhuang: 'ㄓㄨㄤ', xiong: 'ㄒㄩㄥ', weng: 'ㄨㄥ', er: 'ㄦ', lüe: 'ㄌㄩㄝ' },
  };
  for (const [pinyin, zhuyin] of Object.entries(pairs)) {
    const { initial, final } = zhuyinOf(pinyin)!;
    t.equal(initial + final, zhuyin, pinyin);
    t.ok(zhuyinIpa({ initial, final }).final.length > 0);
  }
  t.equal(zhuyinOf('hello'), undefined);
});

t.test('reads numbers in words', async (t) => {
  const pairs = {
    ...{ 0: '零', 7: '七', 10: '十', 15: '十五', 20: '二十', 105: '一百零五', 110: '一百一十', 1_280: '一千二百八十' },
    ...{ 10_001: '一万零一', 120_000: '十二万', '1,280.5': '一千二百八十点五', '007': '零零七', '1.2.3': '一点二点三' },
  };
  for (const [written, said] of Object.entries(pairs)) t.equal(chineseNumber(written), said, written);
});

t.test('gives tones after sandhi, places in the text and pauses', async (t) => {
  t.equal(spelled('你好'), 'ㄋㄧ2 ㄏㄠ3', 'two third tones');
  t.equal(spelled('好，你'), 'ㄏㄠ3 ㄋㄧ3', 'not across a pause');
  t.match(spelled('不是'), /ㄅㄨ2/, '不 before a fourth tone');
  const found = mandarinSyllables('价格25元。好')!;
  t.same(
    found.map(({ at }) => at),
    [0, 1, 2, 2, 2, 4, 6],
    'a number counts for its digits',
  );
  t.same(
    found.map(({ pauseMs }) => pauseMs),
    [0, 0, 0, 0, 0, 420, 0],
  );
  t.equal(mandarinSyllables('iPhone 手机'), undefined, 'letters of another language');
  t.equal(mandarinSyllables('25%'), undefined);
});
