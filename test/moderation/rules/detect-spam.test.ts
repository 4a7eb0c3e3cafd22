import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const spam = (text: string, language: string): boolean =>
  judge.judge(text, { surface: 'reply', language }).hits.some((h) => h.rule === '2.3');

t.test('bursts of the same words are spam', async (t) => {
  t.ok(spam('HOT DEAL HOT DEAL HOT DEAL click here, follow follow follow', 'en'));
  t.ok(spam('買って買って買って フォローフォローフォロー', 'ja'));
  t.ok(spam('ЗАХОДИ ЗАХОДИ ЗАХОДИ! скидки скидки скидки', 'ru'));
});

t.test('one burst is enough where a robot is named as the sender', async (t) => {
  t.ok(spam('KOPEN KOPEN KOPEN, automatisch bericht voor iedereen', 'nl'));
  t.notOk(spam('Kopen kopen kopen, zei mijn oma altijd', 'nl'));
});

t.test('ignores laughter, cheers and repeated signs', async (t) => {
  t.notOk(spam('hahahaha, no no no, that was the lid', 'en'));
  t.notOk(spam('哈哈哈哈哈哈，对对对对，就是这个颜色', 'zh'));
  t.notOk(spam('ha ha ha ha and la la la la, the speaker sings', 'en'));
});
