import t from 'tap';
import type { TextContext } from '../../../src/moderation/text-judge.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge();
const rules = (text: string, language: string, surface: TextContext['surface'] = 'caption'): string[] =>
  judge.judge(text, { surface, language }).hits.map((h) => h.rule);

t.test('a written text that is only a rank claims the first place', async (t) => {
  for (const text of ['NO.1', 'No.1 🔥', 'NO1', 'TOP1', 'TOP 1!', 'Top.1', '№1', 'Nº1', 'ＮＯ．１'])
    for (const language of ['zh', 'en', 'es']) t.strictSame(rules(text, language), ['2.1'], `${text} ${language}`);
});

t.test('ignores an item number, and a spoken rank', async (t) => {
  for (const text of ['No. 1', 'No.10', 'TOP10', '1.', '#1', 'Item no. 1', 'Top 10 picks', 'NO.1 箱', 'Step 1'])
    t.strictSame(rules(text, 'en'), [], text);
  t.strictSame(rules('No.1', 'en', 'speech'), []);
});

t.test('a rank beside its subject is a claim in every language', async (t) => {
  for (const [text, language] of [
    ['#1 bestseller', 'en'],
    ['No.1 choice', 'en'],
    ['TOP1单品', 'zh'],
    ['类目TOP1', 'zh'],
    ['品牌NO.1', 'zh'],
    ['N°1 des ventes', 'fr'],
    ['Nr. 1 Marke', 'de'],
    ['№1 по продажам', 'ru'],
    ['No.1 terlaris', 'id'],
    ['売れ筋No.1', 'ja'],
    ['판매 No.1', 'ko'],
    ['Top 1 bán chạy', 'vi'],
  ] as const)
    t.ok(rules(text, language).includes('2.1'), `${text}: ${rules(text, language).join()}`);
});
