import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge();
const rules = (text: string, language: string): string[] =>
  judge.judge(text, { surface: 'speech', language }).hits.map((h) => h.rule);

t.test('detects a word that is an insult by itself as the whole text, or as an exclamation', async (t) => {
  for (const [text, language] of [
    ['滚!', 'zh'],
    ['Varken!', 'nl'],
    ['Domuz!', 'tr'],
    ['Schwein', 'de'],
    ['¡Cerdo!', 'es'],
    ['свинья 🙄', 'ru'],
    ['โง่', 'th'],
    ['Leuk hoor. Varken! Volgende vraag.', 'nl'],
  ] as const)
    t.ok(rules(text, language).includes('5.2'), text);
});

t.test('ignores the word beside others, where it is an animal or a thing', async (t) => {
  for (const [text, language] of [
    ['滚筒洗衣机', 'zh'],
    ['Varkensleer is sterk', 'nl'],
    ['domuz kumbarası', 'tr'],
    ['Das Schwein ist aus Keramik!', 'de'],
    ['Un cerdo de cerámica, una vaca y una oveja', 'es'],
    ['Копилка: свинья', 'ru'],
    ['Pig, cow, hen: three magnets', 'en'],
  ] as const)
    t.strictSame(rules(text, language), [], text);
});
