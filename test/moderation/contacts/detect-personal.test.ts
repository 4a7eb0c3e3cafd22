import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const rules = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);

t.test('a family name with a title and a home expose a person', async (t) => {
  for (const [language, text] of [
    ['ko', '반품하신 김민수 님 주소가 마포구 성산로 12번지 301호예요'],
    ['ja', '低評価の佐藤さん、自宅は大阪市北区天神橋3丁目8番地です'],
    ['zh', '投诉的陈先生住在深圳南山科技路9号，大家上门问问'],
  ] as const)
    t.ok(rules(text, language).includes('5.3'), text);
});

t.test('a name with a title, a house and a number expose a person without a word for home', async (t) => {
  t.ok(rules('佐藤花子さん、渋谷区神南1-2-3、電話090-8765-4321、代金を払いませんでした', 'ja').includes('5.3'));
  t.ok(rules('김영희 씨, 강남구 역삼동 12-3, 010-8765-4321, 돈을 안 냈어요', 'ko').includes('5.3'));
  t.notOk(rules('田中さん、大きさは30かける40センチ、電話090-8765-4321', 'ja').includes('5.3'));
});

t.test('accepts the owner before the number, except one named by an office', async (t) => {
  t.ok(rules('陳小美的電話是0922333444,她上次棄標', 'zh').includes('5.3'));
  t.ok(rules('王芳的手机号13800138000', 'zh').includes('5.3'));
  t.notOk(rules('王经理的电话是13800138000', 'zh').includes('5.3'));
});

t.test('ignores a greeting by name, and a part number that looks like an identity number', async (t) => {
  t.strictSame(rules('김민수 님 안녕하세요, 가로 12 세로 30이에요', 'ko'), []);
  t.strictSame(rules('佐藤さん、いらっしゃいませ', 'ja'), []);
  t.strictSame(rules('품번 010-55-3072 / 알루미늄', 'ko'), []);
});
