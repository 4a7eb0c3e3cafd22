import t from 'tap';
import { deskOf } from './desk-of.js';
import { bottle } from './reply-room.js';

const cheaper = { ...bottle, priceLadder: bottle.priceLadder.map((one) => ({ ...one, price: one.price - 1 })) };

t.test('an answer that waits is found anew when the price changes', async (t) => {
  const room = deskOf({ config: { gatherMs: 400 } });
  await room.tell([{ text: 'How much for 700 pieces?' }]);
  room.live.products = [cheaper];
  room.pass(500);
  t.equal(room.lines.length, 1);
  t.match(room.lines[0]!.text, /3\.20 US dollars/);
  t.match(room.lines[0], { about: bottle.id });
});

t.test('an answer refused on the agenda because the price has changed is given by the new one', async (t) => {
  const room = deskOf({ places: false });
  await room.tell([{ text: 'How much for 700 pieces?' }]);
  t.match(room.lines[0]!.text, /4\.20 US dollars/);
  room.live.products = [cheaper];
  room.settle(0, { outcome: 'refused', reason: 'no longer in the listing' });
  room.pass(100);
  t.equal(room.lines.length, 2);
  t.match(room.lines[1]!.text, /3\.20 US dollars/);
  room.settle(1, { outcome: 'scheduled', startFrame: 1, endFrame: 2 });
  t.match(room.last(), { state: 'answered', path: 'intent' });
});

t.test('a question that was answered by the former price is answered again', async (t) => {
  const room = deskOf();
  await room.tell([{ text: 'How much for 700 pieces?' }]);
  await room.tell([{ user: 'Ben', text: 'how much for 700 pieces' }], 1000);
  t.equal(room.lines.length, 1, 'within the time of equal questions');
  room.live.products = [cheaper];
  await room.tell([{ user: 'Carl', text: 'how much for 700 pieces' }], 1000);
  t.equal(room.lines.length, 2);
});

t.test('a room’s own answer that states the former price is not given', async (t) => {
  const rules = [
    { id: 'price', match: 'price', answers: ['From 500 pieces the price is 4.20 US dollars each.'], quietMs: 0 },
  ];
  const room = deskOf({ config: { rules } });
  await room.tell([{ text: 'price' }]);
  t.equal(room.lines.length, 1);
  room.live.products = [cheaper];
  await room.tell([{ user: 'Ben', text: 'price' }], 1000);
  t.equal(room.lines.length, 1);
  t.match(room.last(), { state: 'unanswered', reason: /5\.5/ });
  t.ok(room.noted.some(({ rule, surface }) => rule === '5.5' && surface === 'reply'));
});

t.test('a question announces its answer at once, so that the voice is ready', async (t) => {
  const soon: string[] = [];
  const room = deskOf({ config: { gatherMs: 5000 }, onAnswer: (language) => void soon.push(language) });
  await room.tell([{ text: 'How much for 700 pieces?' }, { user: '李伟', text: '有什么颜色' }, { text: 'nice' }]);
  t.equal(room.lines.length, 0);
  t.same(soon, ['en', 'zh']);
});
