import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const figures = (text: string, language: string): string | undefined =>
  [...judge.analyse(text, language).sets.keys()].find((name) => name.startsWith('figures-'));

t.test('two figures beside a listing agree or differ, in words as well', async (t) => {
  t.equal(figures('Two kilos on the page, one point three on the scale', 'en'), 'figures-differ');
  t.equal(figures('The listing says twenty six and my ruler says twenty six', 'en'), 'figures-agree');
  t.equal(figures('页面两公斤，秤上也是两公斤', 'zh'), 'figures-agree');
  t.equal(figures('Da steht fünf, ich berechne euch aber neun', 'de'), 'figures-differ');
});

t.test('adds no set without a listing, or for one or three figures', async (t) => {
  t.equal(figures('Two kilos in the box, three in the bag', 'en'), undefined);
  t.equal(figures('The listing says twenty six', 'en'), undefined);
  t.equal(figures('The listing says 26, 28 and 30', 'en'), undefined);
});
