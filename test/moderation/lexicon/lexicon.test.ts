import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const rules = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);

t.test('an expressly denied claim breaks no rule, on either side of the denial', async (t) => {
  for (const [text, language] of [
    ["I wouldn't call it the best in the world, it's a decent kettle", 'en'],
    ['No diría que es la mejor del mercado', 'es'],
    ['Ich würde nicht sagen, dass es das beste am Markt ist', 'de'],
    ['Я бы не сказала, что он лучший на рынке', 'ru'],
    ['我不能保证一定赚钱', 'zh'],
    ['必ず儲かるとは言えません', 'ja'],
  ] as const)
    t.strictSame(rules(text, language), [], text);
  t.ok(rules('It is the best in the world', 'en').includes('2.1'));
  t.ok(rules('必ず儲かる商品です', 'ja').includes('2.1'));
});

t.test('a bet with money on an outcome is gambling, dice in a game are not', async (t) => {
  t.ok(rules('Apuesten cinco pesos, par o impar', 'es').includes('1.3'));
  t.ok(rules('Ставочки делаем, орёл или решка', 'ru').includes('1.3'));
  t.ok(rules('홀짝 만 원씩 거시고', 'ko').includes('1.3'));
  t.strictSame(rules('The dice in this game are wooden', 'en'), []);
});

t.test('an effect of a bracelet is a claim, its denial is not', async (t) => {
  t.ok(rules('Con esta pulsera te toca la lotería', 'es').includes('2.1'));
  t.ok(rules('戴这串手链能招财转运', 'zh').includes('2.1'));
  t.strictSame(rules('Nessun bracciale porta fortuna', 'it'), []);
});
