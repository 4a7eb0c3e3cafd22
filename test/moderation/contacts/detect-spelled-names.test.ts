import t from 'tap';
import { detectSpelledNames } from '../../../src/moderation/stages/name-stage.js';
import { normalise } from '../../../src/moderation/normalise/normalise.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const NAMES = ['telegram', 'zalo', '텔레그램', 'вконтакте'];
const found = (text: string): string[] =>
  detectSpelledNames(normalise(text).folded, NAMES).map((f) => text.slice(f.start, f.end));

t.test('finds a spelled name in any alphabet, beside other letters', async (t) => {
  t.strictSame(found('텔 레 그 램 dunggi_77 로 오세요'), ['텔 레 그 램']);
  t.strictSame(found('ищите нас в В К о н т а к т е'), ['В К о н т а к т е']);
  t.strictSame(found('z a l o k h ô n g 8 chín'), ['z a l o']);
  t.strictSame(found('t.e.l.e.g.r.a.m'), ['t.e.l.e.g.r.a.m']);
});

t.test('ignores single letters without a name, and a short name among them', async (t) => {
  t.strictSame(found('our brand is spelled L U N A R I S'), []);
  t.strictSame(found('S Z A L O N is on the sign'), []);
  t.strictSame(found('그 집 문 앞에 두세요'), []);
});

t.test('detects app initials and a spelled id as contacts', async (t) => {
  const judge = new TextJudge({ model: null });
  for (const [language, text] of [
    ['id', 'Order di w.a 0-8-1-3-0-0-0-0-4-4-1-7'],
    ['zh', 'l i n e 的 i d 是 d o u d o u p e t'],
    ['en', 'go to www , cedarcrib , com for the spare screws'],
  ] as const)
    t.ok(
      judge.judge(text, { surface: 'reply', language }).hits.some((h) => h.rule === '3.2'),
      text,
    );
});
