import t from 'tap';
import { FaqIndex } from '../../../src/viewers/replies/faq-index.js';
import { replyPacks } from '../../../src/viewers/replies/comments/reply-packs.js';
import { deskOf } from './desk-of.js';
import { bottle } from './reply-room.js';

const stop = (language: string): string[] => {
  const { stop: words, ask } = replyPacks().get(language)!;
  return [...words, ...ask];
};

t.test('finds the answer to another wording of a question', async (t) => {
  const index = new FaqIndex(bottle.faq, stop('en'));
  for (const [comment, about] of [
    ['dishwasher?', undefined],
    ['is it ok to go into a dishwasher', 0],
    ['Can I put it in the dishwasher?', undefined],
    ['does the lid leak in my bag', 1],
    ['will the lid leak if it lies in the bag?', 1],
    ['how long does it keep a drink hot?', 2],
    ['does it keep drinks hot', 2],
  ] as const) {
    const found = index.find(comment)?.index;
    if (about === undefined) t.ok(found === undefined || found === 0, comment);
    else t.equal(found, about, comment);
  }
});

t.test('answers no unrelated comment', async (t) => {
  const index = new FaqIndex(bottle.faq, stop('en'));
  for (const comment of [
    'good evening',
    'do you like hot weather?',
    'where are you from',
    'can you dance?',
    'what is the bag behind you?',
    'does it rain in the city',
    'how long is the show',
    'is the presenter hot',
    'keep going',
    '',
    '???',
  ])
    t.equal(index.find(comment), undefined, comment);
});

t.test('finds answers in Chinese and Thai, which have no spaces', async (t) => {
  const zh = new FaqIndex(
    [
      { question: '可以放进洗碗机吗？', answer: '瓶身手洗，盖子可以放进洗碗机。' },
      { question: '保温多长时间？', answer: '保温十二小时。' },
      { question: '杯盖会漏水吗？', answer: '盖子有密封圈。' },
    ],
    stop('zh'),
  );
  t.equal(zh.find('能放洗碗机吗')?.index, 0);
  t.equal(zh.find('请问保温时间多长')?.index, 1);
  t.equal(zh.find('盖子漏水吗，会不会漏水')?.index ?? 2, 2);
  for (const comment of ['主播真好看', '今天天气怎么样', '你吃饭了吗']) t.equal(zh.find(comment), undefined, comment);
  const th = new FaqIndex(
    [
      { question: 'ล้างในเครื่องล้างจานได้ไหม', answer: 'ล้างมือค่ะ' },
      { question: 'เก็บความร้อนได้นานแค่ไหน', answer: 'สิบสองชั่วโมงค่ะ' },
    ],
    stop('th'),
  );
  t.equal(th.find('เครื่องล้างจานได้ไหมคะ')?.index, 0);
  t.equal(th.find('สวัสดีตอนเช้า'), undefined);
});

t.test('speaks a found answer, judged like any other', async (t) => {
  const room = deskOf();
  await room.tell([{ text: 'will the lid leak if it lies in the bag?' }]);
  t.match(room.lines, [{ text: /silicone seal/ }]);
  t.match(room.last(), { path: 'faq', about: '2', state: 'answered' });
  const bad = {
    ...bottle,
    faq: [{ question: 'Is there a club for buyers?', answer: 'Yes, add our WhatsApp +1 415 555 2671.' }],
  };
  const other = deskOf({ products: [bad] });
  await other.tell([{ text: 'is there a club for the buyers?' }]);
  t.match(other.lines, [{ text: /product card/ }], 'viewers are sent to the page');
  t.notMatch(other.lines[0]!.text, /WhatsApp|415/);
});
