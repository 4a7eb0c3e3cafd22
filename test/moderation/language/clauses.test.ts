import t from 'tap';
import { clausesOf } from '../../../src/moderation/model/weigh-lines.js';

const cut = (text: string): string[] =>
  clausesOf(text, { start: 0, end: text.length }).map((c) => text.slice(c.start, c.end));

t.test('keeps a sentence of two clauses whole', async (t) => {
  t.same(cut('The lid is oak, and the base is made of steel'), []);
  t.same(cut('杯盖是木头做的,底座是不锈钢的'), []);
});

t.test('splits at the commas of each language, and not within numbers', async (t) => {
  t.same(cut('The strap is leather, it holds 1,500 grams, we ship on Friday'), [
    'The strap is leather',
    'it holds 1,500 grams',
    'we ship on Friday',
  ]);
  t.same(cut('杯盖是木头做的，容量五百毫升，下周可以发货'), ['杯盖是木头做的', '容量五百毫升', '下周可以发货']);
  t.same(cut('الغطاء من الخشب، السعة نصف لتر، الشحن يوم الجمعة'), [
    'الغطاء من الخشب',
    'السعة نصف لتر',
    'الشحن يوم الجمعة',
  ]);
  t.same(cut('ふたは木製で、容量は五百ミリで、金曜に発送します'), [
    'ふたは木製で',
    '容量は五百ミリで',
    '金曜に発送します',
  ]);
});

t.test('splits Thai clauses at blanks', async (t) => {
  t.same(cut('ฝาทำจากไม้จริง จุได้ครึ่งลิตร ส่งของวันศุกร์'), ['ฝาทำจากไม้จริง', 'จุได้ครึ่งลิตร', 'ส่งของวันศุกร์']);
});

t.test('merges a word or two with the next clause, and the last with the one before', async (t) => {
  t.same(cut('Sure, the strap is leather, we ship it on Friday, ok'), [
    'Sure, the strap is leather',
    'we ship it on Friday, ok',
  ]);
});

t.test('keeps a list of Chinese names in one clause', async (t) => {
  t.same(cut('有红色、蓝色、绿色、黄色四种颜色可以选'), []);
});
