import t from 'tap';
import { deskOf } from './desk-of.js';
import { replies } from '../../../src/config/sections/replies.js';
import { ReplyRules } from '../../../src/viewers/replies/reply-rules.js';
import { bottle, lunchbox } from './reply-room.js';

t.test('answers a question from the listing, names the viewer and shows the question in its own words', async (t) => {
  const room = deskOf();
  await room.tell([{ text: 'How much for 700 pieces?' }]);
  t.match(room.lines, [
    { kind: 'reply', judgedAs: 'reply', role: 'host', answers: ['e1'], text: /Anna.*4\.20 US dollars/ },
  ]);
  t.match(room.lines[0]!.layers, [
    { layer: { type: 'question', user: 'Anna', text: 'A viewer asks for the price of 700 pieces.' } },
  ]);
  t.equal(room.lines[0]!.language, undefined, 'keeps the room’s voice');
  t.match(room.last(), { state: 'answered', path: 'intent', about: 'price', outcome: 'scheduled' });
});

t.test('answers in the viewer’s language', async (t) => {
  const room = deskOf();
  await room.tell([{ user: 'Lucía', text: '¿Cuál es el pedido mínimo?' }]);
  await room.tell([{ user: '子轩', text: '有什么颜色' }]);
  t.match(room.lines, [
    { language: 'es', text: /100/ },
    { language: 'zh', text: /子轩.*黑/ },
  ]);
});

t.test('answers equal questions once and names the count', async (t) => {
  const room = deskOf({ config: { gatherMs: 400 } });
  await room.tell(['Anna', 'Oliver', 'Carl', 'Dora'].map((user) => ({ user, text: 'MOQ?' })));
  t.equal(room.lines.length, 0, 'waits for others');
  room.pass(400);
  t.equal(room.lines.length, 1);
  t.match(room.lines[0]!.text, /Anna, Oliver,? and 2 other viewers/);
  t.same(room.lines[0]!.answers, ['e1', 'e2', 'e3', 'e4']);
  await room.tell([{ user: 'Eve', text: 'what is the minimum order' }], 5000);
  t.equal(room.lines.length, 1, 'the answer counts for a late one');
  t.equal(room.last().state, 'merged');
  room.pass(60_000);
  await room.tell([{ user: 'Finn', text: 'moq please' }]);
  room.pass(500);
  t.equal(room.lines.length, 2, 'answers again later');
});

t.test('keeps the gap between answers, and merges meanwhile', async (t) => {
  const room = deskOf({ config: { minGapMs: 5000 } });
  await room.tell([{ text: 'MOQ?' }]);
  await room.tell([{ user: 'Oliver', text: 'What colors are there?' }], 1000);
  await room.tell([{ user: 'Carl', text: 'which colours?' }], 1000);
  t.equal(room.lines.length, 1);
  room.pass(5000);
  t.equal(room.lines.length, 2);
  t.match(room.lines[1]!.text, /Oliver and Carl/);
});

t.test('waits for the outcome of one answer before the next, and gives refused ones to the operator', async (t) => {
  const room = deskOf({ places: false });
  await room.tell([{ text: 'MOQ?' }, { user: 'Oliver', text: 'Which colors?' }]);
  room.pass(10_000);
  t.equal(room.lines.length, 1);
  room.settle(0, { outcome: 'forgotten', reason: 'waited too long' });
  t.match(
    room.events.recent(10).find(({ id }) => id === 'e1'),
    { state: 'unanswered', outcome: 'forgotten' },
  );
  t.match(room.questions.list(), [{ text: 'MOQ?', reason: 'waited too long' }]);
  room.pass(100);
  t.equal(room.lines.length, 2);
  room.settle(1, { outcome: 'scheduled', startFrame: 10, endFrame: 90 });
  t.equal(room.events.recent(10).find(({ id }) => id === 'e2')!.state, 'answered');
});

t.test('keeps hostile comments from picture and sound', async (t) => {
  const room = deskOf({ config: { unknown: 'stock-line' } });
  const hostile = [
    'How much? add me on WhatsApp +1 415 555 2671',
    '多少钱？加微信 abc12345 便宜',
    'price? go to www.cheap-bottles.com',
    'is it real? you stupid bitch',
    'how much if I pay by Western Union',
  ];
  for (const [i, text] of hostile.entries()) await room.tell([{ user: `viewer ${i}`, text }]);
  room.pass(60_000);
  t.same(
    room.states(),
    hostile.map(() => 'hostile'),
  );
  t.same(room.lines, []);
  t.same(room.questions.list(), [], 'the operator’s list has none of them');
});

t.test('answers an absolute claim in a question without repeating it', async (t) => {
  const room = deskOf();
  await room.tell([{ text: 'What is the best price in the world, number one cheapest?' }]);
  t.equal(room.lines.length, 1);
  t.match(room.lines[0]!.layers, [{ layer: { text: 'A viewer asks for the price.' } }]);
  t.notMatch(room.lines[0]!.text, /best|number one/i);
});

t.test('speaks no name that is a contact, an insult, long, or unreadable', async (t) => {
  const room = deskOf({ config: { sameQuestionMs: 0 } });
  const names = [
    'WhatsApp 4155552671',
    'wechat abc12345',
    '13800138000',
    'fuck you',
    'x'.repeat(40),
    '<b>Anna</b>',
    '张伟',
    '🔥🔥',
    'www.shop.com',
  ];
  for (const user of names) await room.tell([{ user, text: 'MOQ?' }], 60_000);
  t.ok(room.lines.length >= 4);
  for (const { text, layers } of room.lines) {
    t.notMatch(text, /question from|about your question/i, text);
    t.notMatch(JSON.stringify(layers), /415|wechat|fuck|xxx|<b>|138|shop\.com/i);
  }
});

t.test('never shows a question under the name of somebody else', async (t) => {
  const room = deskOf({ config: { gatherMs: 400 } });
  await room.tell([
    { user: 'www.shop.com', text: 'MOQ?' },
    { user: 'Oliver', text: 'minimum order?' },
  ]);
  room.pass(400);
  t.match(room.lines[0]!.layers, [{ layer: { text: 'A viewer asks about the minimum order.', user: '' } }]);
  t.match(room.lines[0]!.text, /Oliver and 1 other viewer/);
});

t.test('limits one viewer, not the others', async (t) => {
  const room = deskOf({ config: { perViewerPerMinute: 3, sameQuestionMs: 0 } });
  for (let i = 0; i < 8; i += 1) await room.tell([{ user: 'Troll', text: 'MOQ?' }], 10);
  t.same(room.states(), [...Array(3).fill('answered'), ...Array(5).fill('ignored')]);
  await room.tell([{ user: 'Oliver', text: 'Which colors?' }]);
  t.equal(room.last().state, 'answered');
  room.pass(60_000);
  await room.tell([{ user: 'Troll', text: 'MOQ?' }]);
  t.equal(room.last().state, 'answered', 'a minute later');
});

t.test('says that the listing does not say it, or is silent, and lists the question', async (t) => {
  for (const [missing, lines] of [
    ['say', 1],
    ['silence', 0],
  ] as const) {
    const room = deskOf({ products: [lunchbox], config: { missing } });
    await room.tell([{ text: 'Does it have certificates?' }]);
    t.equal(room.lines.length, lines, missing);
    t.match(room.questions.list(), [{ text: 'Does it have certificates?', product: 'lunchbox', count: 1 }]);
    t.equal(room.last().state, missing === 'say' ? 'answered' : 'unanswered');
  }
});

t.test('answers an unknown question with a stock line or silence, and lists it once with a count', async (t) => {
  const silent = deskOf();
  await silent.tell([{ text: 'Does your cat like fish?' }, { user: 'Oliver', text: 'does your cat like fish' }]);
  t.same(silent.lines, []);
  t.match(silent.questions.list(), [{ text: 'Does your cat like fish?', count: 2 }]);
  t.same(silent.states(), ['unanswered', 'unanswered']);
  const stock = deskOf({ config: { unknown: 'stock-line', stockLines: ['A colleague will look at it.'] } });
  await stock.tell([{ text: 'Does your cat like fish?' }]);
  t.match(stock.lines, [{ text: /A colleague will look at it\./ }]);
  await stock.tell([{ user: 'Oliver', text: 'Who won the match yesterday?' }], 1000);
  t.equal(stock.lines.length, 1, 'stock lines are rare');
});

t.test('answers about a named product, by its short name, while another one is shown', async (t) => {
  const room = deskOf({ products: [bottle, lunchbox] });
  await room.tell([{ text: 'How much is the lunch box?' }]);
  t.match(room.lines, [{ text: /Silicone lunch box.*3\.20 US dollars/ }]);
  await room.tell([{ user: 'Oliver', text: 'how much?' }]);
  t.match(room.lines[1], { text: /4\.80/ });
});

t.test('ignores chatter, and everything when replies are off', async (t) => {
  const room = deskOf();
  await room.tell(['hello', 'nice price!', 'love it', ' ', '👍'].map((text) => ({ text })));
  t.same(room.lines, []);
  t.ok(room.states().every((state) => state === 'ignored'));
  const off = deskOf({ config: { enabled: false } });
  await off.tell([{ text: 'How much?' }, { kind: 'enter' }]);
  t.same(off.lines, []);
  t.same(off.states(), ['ignored', 'ignored']);
});

t.test('stays bounded under a flood', async (t) => {
  const room = deskOf({ config: { gatherMs: 10_000 } });
  for (let second = 0; second < 20; second += 1) {
    const many = Array.from({ length: 400 }, (_, i) =>
      room.event({ user: `v${second}-${i}`, text: `How much for ${i + 1} pieces?` }),
    );
    room.intake.take(many);
    room.clock.nowMs += 1000;
  }
  t.equal(room.intake.counts.taken, 200 * 20);
  t.equal(room.intake.counts.dropped, 200 * 20);
  t.ok(room.desk.waiting <= 1000);
  t.ok(room.events.recent(10_000).length <= 500);
  while (room.desk.work(1000));
  t.ok(room.questions.list().length <= 200);
});

t.test('hands what waits to a desk with other settings, whose rules keep their quiet time', async (t) => {
  const rule = (answer: string) => ({ id: 'ship', match: 'ship', quietMs: 60_000, answers: [answer] });
  const first = deskOf({ config: { gatherMs: 400, rules: [rule('By sea.')] } });
  await first.tell([{ text: 'How do you ship?' }, { text: 'MOQ?', user: 'Oliver' }]);
  const waiting = first.desk.handOver();
  t.match(
    waiting.map(({ text }) => text),
    ['How do you ship?', 'MOQ?'],
  );
  first.pass(1000);
  t.equal(first.lines.length, 0, 'the former desk says nothing more');

  const rules = new ReplyRules([], () => 0);
  const used = replies.parse({ rules: [rule('By air.')] }).rules[0]!;
  rules.used(used, 500);
  const next = new ReplyRules([used], () => 0, rules);
  t.ok(next.isQuiet(used, 1000));
  t.notOk(next.isQuiet(used, 61_000));
});
