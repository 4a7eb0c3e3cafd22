import t from 'tap';
import { partsOf, sentencesOf } from '../../../src/moderation/language/sentences.js';

const never = (): boolean => false;
const cut = (text: string, saysNo: (start: number, end: number) => boolean = never): string[] =>
  sentencesOf(text, { start: 0, end: text.length }, saysNo).map((s) => text.slice(s.start, s.end));

t.test('a text of one sentence is not split', async (t) => {
  t.same(cut('The lid closes with a soft click.'), []);
  t.same(cut('杯盖是木头做的'), []);
});

t.test('splits at the stops of each language, and not within numbers', async (t) => {
  t.same(cut('The lid is oak. It weighs 3.5 kg! Ask away.'), ['The lid is oak.', 'It weighs 3.5 kg!', 'Ask away.']);
  t.same(cut('杯盖是木头做的。容量五百毫升!'), ['杯盖是木头做的。', '容量五百毫升!']);
  t.same(cut('ढक्कन लकड़ी का है। वज़न कम है।'), ['ढक्कन लकड़ी का है।', 'वज़न कम है।']);
  t.same(cut('ฝานี้ทำจากไม้ค่ะ น้ำหนักเบามาก'), ['ฝานี้ทำจากไม้ค่ะ', 'น้ำหนักเบามาก']);
});

t.test('merges a question of a word or two with its answer', async (t) => {
  t.same(cut('Cash? We keep it in the drawer. The drawer has a lock.'), [
    'Cash? We keep it in the drawer.',
    'The drawer has a lock.',
  ]);
});

t.test('merges a question answered by a no with that sentence only', async (t) => {
  const text = 'Do you take payment outside the platform? No, we do not. The drawer has a lock.';
  const no = text.indexOf('No,');
  t.same(
    cut(text, (from, to) => from <= no && no < to),
    ['Do you take payment outside the platform? No, we do not.', 'The drawer has a lock.'],
  );
  t.equal(cut(text).length, 3);
});

t.test('splits a long text into groups of sentences', async (t) => {
  const text = 'The handle of this kettle can be taken off. '.repeat(12).trim();
  const parts = partsOf(text);
  t.ok(parts.length >= 3);
  t.ok(parts.every((p) => text[p.start] === 'T'));
  t.same(partsOf('The lid is oak. It is light.'), [{ start: 0, end: 28 }]);
});
