import t from 'tap';
import { deskOf } from './desk-of.js';
import { bottle } from './reply-room.js';

const rule = (parts: object): object => ({
  id: 'one',
  match: 'catalog|目录|discount*',
  answers: ['Here is the answer.'],
  ...parts,
});

t.test('matches keywords of any script in the room’s rules before the listing', async (t) => {
  const room = deskOf({
    config: { rules: [rule({ match: 'price|多少钱|ราคา|السعر|sconto+oggi', quietMs: 0 })], sameQuestionMs: 0 },
  });
  const comments = ['PRICE!!!', '请问多少钱呀', 'ราคาเท่าไหร่', 'كم السعر', 'c’è uno sconto oggi', 'Prïce?'];
  for (const text of comments) await room.tell([{ text }]);
  t.ok(room.events.recent(10).every(({ path, about }) => path === 'rule' && about === 'one'));
  await room.tell([{ text: 'priceless sunset' }]);
  t.equal(room.last().state, 'ignored', 'a keyword is a whole word');
});

t.test('keeps the quiet time of a rule; 0 is none and -1 once a show', async (t) => {
  const quiet = deskOf({ config: { rules: [rule({ quietMs: 10_000 })] } });
  await quiet.tell([{ text: 'discount?' }], 1000);
  await quiet.tell([{ text: 'discount?' }], 1000);
  t.equal(quiet.lines.length, 1);
  t.match(quiet.last(), { state: 'merged', reason: /quiet/ });
  quiet.pass(10_000);
  await quiet.tell([{ text: 'discounts?' }]);
  t.equal(quiet.lines.length, 2);
  const none = deskOf({ config: { rules: [rule({ quietMs: 0, answers: ['One.', 'Two.', 'Three.'] })] } });
  for (let i = 0; i < 3; i += 1) await none.tell([{ text: 'catalog' }]);
  t.same(
    none.lines.map(({ text }) => text),
    ['One.', 'Two.', 'Three.'],
    'answers take turns',
  );
  const once = deskOf({ config: { rules: [rule({ quietMs: -1 })] } });
  await once.tell([{ text: 'catalog' }]);
  once.pass(86_400_000);
  await once.tell([{ text: 'catalog' }]);
  t.equal(once.lines.length, 1);
});

t.test('takes answers at random when asked to', async (t) => {
  const answers = ['One.', 'Two.', 'Three.', 'Four.', 'Five.'];
  const room = deskOf({ config: { rules: [rule({ quietMs: 0, order: 'random', answers })], perViewerPerMinute: 600 } });
  for (let i = 0; i < 12; i += 1) await room.tell([{ text: 'catalog' }], 30_000);
  const said = room.lines.map(({ text }) => text);
  t.ok(said.every((text) => answers.includes(text)));
  t.ok(new Set(said).size > 2);
  t.notSame(said.slice(0, 5), answers);
});

t.test('fills variables from the listing, and skips an answer that it cannot fill', async (t) => {
  const text = (answer: string, product = bottle): Promise<string | undefined> => {
    const room = deskOf({ products: [product], config: { rules: [rule({ answers: [answer] })] } });
    return room.tell([{ text: 'catalog' }]).then(() => room.lines[0]?.text);
  };
  t.equal(
    await text('Hello {user}, the {product.title} is {price}.'),
    'Hello Anna, the Insulated Steel Bottle 750 ml is 4.80 US dollars.',
  );
  t.equal(
    await text('From 500 pieces it is {price:500}, the minimum is {moq}.'),
    'From 500 pieces it is 4.20 US dollars, the minimum is 100 pieces.',
  );
  t.equal(await text('Ready in {leadTime:2000}.'), 'Ready in 25 days.');
  t.equal(
    await text('Colours: {colours}. Material: {material}. Sample: {sample}.'),
    'Colours: black, white, and green. Material: stainless steel. Sample: 9 US dollars.',
  );
  t.equal(await text('Warranty: {attribute:warranty}.'), 'Warranty: 2 years.');
  t.equal(await text('At ten it is {price:10}.'), undefined, 'no such step');
  t.equal(await text('It has {attribute:voltage}.'), undefined);
  t.equal(await text('It is {stars}.'), undefined, 'an unknown variable');
});

t.test('speaks an answer in the viewer’s language where the rule has one', async (t) => {
  const answers = ['Ask about our catalog here.', { text: 'Pregunten aquí por el catálogo.', language: 'es' }];
  const room = deskOf({ config: { rules: [rule({ match: 'catalog|catálogo', quietMs: 0, answers })] } });
  await room.tell([{ text: '¿tienen un catálogo para ver?' }]);
  await room.tell([{ text: 'do you have a catalog?' }]);
  t.match(room.lines, [{ language: 'es', text: /Pregunten/ }, { text: /Ask about/ }]);
});

t.test('never speaks an answer that breaks a rule of the platforms, whoever wrote it', async (t) => {
  const room = deskOf({
    config: { rules: [rule({ answers: ['Add our WhatsApp +1 415 555 2671.', 'It is 2.10 US dollars each.'] })] },
  });
  await room.tell([{ text: 'catalog' }]);
  t.same(room.lines, []);
  t.match(room.last(), { state: 'unanswered', reason: /rule/ });
  t.ok(room.noted.length > 0, 'the ledger has it');
});

t.test('interrupts, speaks with the assistant’s voice, shows a layer, calls a webhook', async (t) => {
  const layer = { id: 'chart', type: 'text', text: 'Sizes' };
  const room = deskOf({
    config: {
      rules: [
        rule({
          id: 'now',
          match: 'fire',
          interrupt: true,
          role: 'assistant',
          layer,
          layerMs: 3000,
          webhook: 'https://shop.example/hook',
        }),
        rule({ id: 'picture', match: 'chart', answers: [], layer, layerMs: 5000 }),
      ],
      minGapMs: 60_000,
    },
  });
  await room.tell([{ text: 'MOQ?' }]);
  room.intake.take([room.event({ text: 'fire' })]);
  room.desk.work(1000);
  t.match(room.lines[1], { kind: 'urgent', interrupt: true, role: 'assistant' }, 'at once, without the gap');
  t.match(room.lines[1]!.layers!.at(-1), { layer: { id: 'chart' }, tailMs: 3000 });
  t.match(room.posted, [{ text: 'fire', user: 'Anna' }]);
  await room.tell([{ text: 'show the chart' }]);
  t.match(room.shown, [{ layer: { id: 'chart' }, forMs: 5000 }]);
  t.equal(room.lines.length, 2);
});

t.test('answers other kinds of events by a rule', async (t) => {
  const room = deskOf({
    config: {
      rules: [
        {
          id: 'thanks',
          kinds: ['order'],
          quietMs: 0,
          answers: ['Thank you for the order, {user}.', 'Thank you for the order.'],
        },
      ],
    },
  });
  await room.tell([{ kind: 'order', user: 'Oliver' }]);
  await room.tell([{ kind: 'order', user: '13800138000' }]);
  t.same(
    room.lines.map(({ text }) => text),
    ['Thank you for the order, Oliver.', 'Thank you for the order.'],
  );
});
