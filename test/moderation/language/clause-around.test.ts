import t from 'tap';
import { clauseAround } from '../../../src/moderation/language/sentences.js';

/** The match in brackets, and its clause in braces. */
const CLAUSES = [
  'The handle is made of oak. {Add me on [WeChat] any time}. The lid closes.',
  '这款杯子有四种颜色，{公众号[：]钢瓶之家}，谢谢大家',
  '{[t . me] / myshop}',
  'We ship 1,000 a week, {telegram[:] my shop 1,000}, thank you',
  'Great. {find us at [bottle dot com] slash promo}\nNext line',
  '{[WhatsApp]}',
  'One, {two [three}, {four] five}, six',
] as const;

t.test('a clause ends at commas and stops, not within numbers and addresses', async (t) => {
  for (const marked of CLAUSES) {
    const text = marked.replace(/[[\]{}]/g, '');
    const at = (sign: string, last = false): number => {
      const place = last ? marked.lastIndexOf(sign) : marked.indexOf(sign);
      return marked.slice(0, place).replace(/[[\]{}]/g, '').length;
    };
    const { start, end } = clauseAround(text, { start: at('['), end: at(']') });
    t.equal(text.slice(start, end), text.slice(at('{'), at('}', true)), marked);
  }
});

t.test('a text without a stop is limited to the reach of a name', async (t) => {
  const text = `${'a '.repeat(60)}WeChat${' b'.repeat(60)}`;
  const { start, end } = clauseAround(text, { start: 120, end: 126 });
  t.equal(start, 80);
  t.equal(end, 186);
});
