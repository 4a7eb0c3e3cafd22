import t from 'tap';
import { chineseNumbers, chineseSymbols } from '../../../src/speech/kokoro/chinese.js';
import type { KokoroSymbol } from '../../../src/speech/kokoro/symbols.js';
import { spokenText } from '../../../src/speech/spoken-text.js';

const latin = async (text: string): Promise<KokoroSymbol[]> =>
  [...text.toLowerCase()].map((letter, char) => ({ text: letter, ipa: letter, char, first: char === 0 }));
const symbols = (text: string): Promise<KokoroSymbol[]> => chineseSymbols(spokenText(text, 'zh'), latin);
const said = async (text: string): Promise<string> => (await symbols(text)).map((one) => one.text).join('');
const sounds = async (text: string): Promise<string> => (await said(text)).replaceAll(' ', '');

t.test('writes out numbers as they are read', async (t) => {
  for (const [text, wanted] of [
    ['容量1.7L，重0.78kg', '容量一点七升，重零点七八公斤'],
    ['200件只要48美元', '两百件只要四十八美元'],
    ['2件，12件，22个', '两件，十二件，二十二个'],
    ['15-20天交货', '十五到二十天交货'],
    ['最低30%', '最低百分之三十'],
    ['晚上9:30到10:00', '晚上九点三十分到十点'],
    ['1998年', '一九九八年'],
    ['304不锈钢', '三零四不锈钢'],
    ['2,506件', '两千五百零六件'],
    ['12300个', '一万二千三百个'],
    ['10086', '一万零八十六'],
    ['20000件', '两万件'],
    ['电话13812345678', '电话一三八一二三四五六七八'],
    ['编号007', '编号零零七'],
  ] as const)
    t.equal(chineseNumbers(text).text, wanted, text);
});

t.test('points from each written-out number to where it stands', async (t) => {
  const { text, offsets } = chineseNumbers('买48件');
  t.equal(text, '买四十八件');
  t.same([...offsets], [0, 1, 1, 1, 3]);
});

t.test('reads characters by their context', async (t) => {
  for (const [text, part] of [
    ['银行重新核对了行程', 'i↗nxa↗ŋꭧʰʊ↗ŋɕi→n'],
    ['长大以后头发很长', 'ꭧa↓ŋta↘i↓xou↘'],
    ['这一款卖得最好', 'mai↘tɤʦwei↘xau↓'],
    ['起订量是五十件', 'ti↘ŋlja↘ŋʂɨ↘'],
    ['商量商量', 'ʂa→ŋlja↗ŋ'],
    ['所以倒水不用垫布', 'tau↘ʂwei↓'],
    ['他还了书，还没走', 'xai↗mei↗ʦou↓'],
    ['不是不锈钢的', 'pu↗ʂɨ↘pu↗ɕjou↘ka→ŋtɤ'],
    ['一样一样讲', 'i↗ja↘ŋi↗ja↘ŋ'],
    ['看一看', 'kʰa↘nikʰa↘n'],
    ['一件一天', 'i↗ʨjɛ↘ni↘tʰjɛ→n'],
    ['老板您好', 'lau↗pa↓nni↗nxau↓'],
    ['小一点儿的', 'i↘tjɛ↓ɚtɤ'],
    ['女儿', 'ny↓ɚ↗'],
  ] as const)
    t.match(await sounds(text), part, text);
});

t.test('says English words between Chinese ones as English, with their place', async (t) => {
  const all = await symbols('支持USB快充。');
  t.equal(all.map(({ text }) => text).join(''), 'ꭧɨ→ꭧʰɨ↗ usb kʰwai↘ꭧʰʊ→ŋ.');
  t.same(
    all.filter(({ text }) => 'usb'.includes(text)).map(({ char }) => char),
    [2, 3, 4],
  );
  t.match(await said('这款是OEM'), /usb|oem$/);
});

t.test('keeps the offsets of the written text through amounts', async (t) => {
  const text = '只要$48！';
  const all = await symbols(text);
  t.ok(all.every(({ char }) => char >= 0 && char < text.length));
  const chars = all.map(({ char }) => char);
  t.same(
    chars,
    chars.toSorted((a, b) => a - b),
    'in order',
  );
});
