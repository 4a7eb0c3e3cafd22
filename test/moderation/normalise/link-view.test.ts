import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const links = (text: string, language: string): number =>
  judge.judge(text, { surface: 'reply', language }).hits.filter((h) => h.kind === 'link' || h.kind === 'mail').length;

t.test('reads an address with a country ending at the end of a text, with blanks or in words', async (t) => {
  for (const [text, language] of [
    ['joiasdorio . pt', 'pt'],
    ['saree dot olam dot in 🛍️', 'hi'],
    ['lamps-by-mia dot co dot uk', 'en'],
    ['unsere Seite: holzwerk-meier punkt de', 'de'],
    ['bordadosdarosa ponto com ponto br', 'pt'],
    ['batikibu titik id', 'id'],
  ] as const)
    t.equal(links(text, language), 1, text);
});

t.test('a full stop between blanks within a sentence is not a dot', async (t) => {
  t.equal(links('obrigada . de nada', 'pt'), 0);
  t.equal(links('no he llegado a ese punto es que no', 'es'), 0);
  t.equal(links('put it in', 'en'), 0);
});
