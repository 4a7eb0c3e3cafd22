import t, { type Test } from 'tap';
import type { Product } from '../../src/config/sections/product.js';
import type { LineOutcome } from '../../src/show/agenda/agenda-line.js';
import { productOf } from '../kit/product-of.js';
import { audible, FRAMES_PER_WORD, showRig } from './show-rig.js';

const price = (amount: number) => ({ amount, currency: 'USD', unit: '' });
const mug = productOf({ id: 'mug', title: 'Steel mug', price: price(5) });
const FALSE = 'The mug costs 5 dollars.';

/** A show about the mug whose product changes. */
function mugShow(t: Test, lines: readonly (string | Record<string, unknown>)[], script: Record<string, unknown> = {}) {
  const rig = showRig(t, [], {
    script: {
      segments: [{ product: 'mug', lines: lines.map((one) => (typeof one === 'string' ? { text: one } : one)) }],
      ...script,
    },
    room: { products: [{ ...mug, image: 'data:image/png;base64,AA==' }] },
  });
  const change = async (parts: Partial<Product>): Promise<void> => {
    rig.live.set({ products: rig.room.products.map((one) => ({ ...one, ...parts })) });
    rig.runner.refresh();
    await rig.settle();
  };
  const texts = (): string[] => rig.heard().map((one) => one.split(' ')[0]!);
  return { ...rig, change, texts };
}

t.test('a scheduled line that a new price makes false is taken back and not spoken', async (t) => {
  const { settle, change, heard, notes, runner, to } = mugShow(t, [
    'Hello and welcome everybody.',
    FALSE,
    'The lid is steel.',
  ]);
  await settle();
  t.same(heard(), ['s0.0.0 30', 's0.0.1 42', 's0.0.2 57'].slice(0, heard().length));
  await change({ price: price(4) });
  await to(120);
  t.same(heard(), ['s0.0.0 30', 's0.0.2 42'], 'the next line takes its place');
  t.match(
    notes.find(({ detail }) => detail?.['why'] === 'the listing has changed'),
    { rule: '5.5', action: 'refuse', evidence: /5 dollars/, detail: { line: 's0.0.1' } },
  );
  t.match(runner.unspoken.snapshot(), { total: 1, last: { line: 's0.0.1', code: 'E_TEXT_REFUSED' } });
});

t.test('another wording of the line is spoken instead, and the first one again when it is true again', async (t) => {
  const { change, spokenLines, to } = mugShow(t, [{ text: FALSE, variants: ['It is a good mug.'] }], { loop: true });
  await change({ price: price(4) });
  await to(200);
  const after = spokenLines.slice(spokenLines.indexOf('It is a good mug.'));
  t.ok(after.length > 3);
  t.ok(
    after.every((text) => text === 'It is a good mug.'),
    after.join(' | '),
  );
  await change({ price: price(5) });
  await to(400);
  t.ok(spokenLines.slice(-6).includes(FALSE));
});

t.test('stock, lead time and certificates are facts as the price is', async (t) => {
  const facts: [string, Partial<Product>][] = [
    ['The mug is certified by LFGB.', { certificates: [] }],
    ['We deliver in 15 days.', { leadTime: [{ from: 1, days: 40 }] }],
    ['The mug is in stock now.', { stock: 'sold-out' }],
  ];
  for (const [text, parts] of facts) {
    const { settle, change, heard, live, room, runner } = mugShow(t, ['Hello there.', text]);
    live.set({
      products: room.products.map((one) => ({
        ...one,
        certificates: [{ name: 'LFGB' }],
        leadTime: [{ from: 1, days: 15 }],
      })),
    });
    runner.refresh();
    await settle();
    t.equal(heard().length, 2, text);
    await change(parts);
    t.equal(heard().length, 1, text);
  }
});

t.test('a line that was never clean is muted as before: the change has no part in it', async (t) => {
  const { change, speaks, to } = mugShow(t, ['Call us now at +1 415 555 2671 please.']);
  await change({ price: price(4) });
  await to(60);
  t.equal(speaks().length > 0, true);
  t.notSame(audible(speaks().at(-1)!), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

t.test('the line on air ends before words that have become false', async (t) => {
  const { change, cuts, to } = mugShow(t, ['Look at the handle. It is steel. The mug costs 5 dollars.', 'Next.']);
  await to(33);
  await change({ price: price(4) });
  await to(80);
  t.match(
    cuts().find(({ id }) => id === 's0.0.0'),
    { atFrame: 30 + 4 * FRAMES_PER_WORD },
    'at the end of its sentence',
  );
});

t.test('the line on air is cut at once where the sentence itself is false', async (t) => {
  const { change, cuts, to } = mugShow(t, ['So the very good mug that you see here costs 5 dollars.']);
  await to(36);
  await change({ price: price(4) });
  t.match(
    cuts().find(({ id }) => id === 's0.0.0'),
    { atFrame: 38 },
  );
});

t.test('words that were said already do not cut the line', async (t) => {
  const { change, cuts, to } = mugShow(t, ['It is 5 dollars, and the lid is made of steel in our own house.']);
  await to(45);
  await change({ price: price(4) });
  t.same(
    cuts().filter(({ id }) => id === 's0.0.0'),
    [],
  );
});

t.test('a timed line that waits or is scheduled is judged again', async (t) => {
  const { add, change, heard, to, agenda } = mugShow(t, [
    'A long first line of the show about a mug for everybody here.',
  ]);
  await to(33);
  const outcomes: LineOutcome[] = [];
  await add({ kind: 'timed', text: FALSE, about: 'mug', onOutcome: (one) => void outcomes.push(one) });
  t.match(outcomes, [{ outcome: 'scheduled' }]);
  await add({
    kind: 'timed',
    text: 'It is 5 dollars today.',
    about: 'mug',
    onOutcome: (one) => void outcomes.push(one),
  });
  await change({ price: price(4) });
  await to(150);
  t.same(
    heard().map((one) => one.split(' ')[0]),
    ['s0.0.0'],
  );
  t.equal(agenda.length, 0);
});

t.test('the rest of a cut line that has become false does not come again', async (t) => {
  const { add, change, heard, to } = mugShow(t, ['Look at the handle of it. The mug costs 5 dollars. It is steel.']);
  await to(36);
  await add({ kind: 'urgent', text: 'A short word to all of you here now.', interrupt: true });
  await change({ price: price(4) });
  await to(200);
  t.notOk(heard().some((one) => one.startsWith('s0.0.0~1')));
});

t.test('a looping script without a true line counts as overdue', async (t) => {
  const { change, runner, to, frame } = mugShow(t, [FALSE], { loop: true });
  await change({ price: price(4) });
  await to(150);
  t.ok(runner.owedFrames(frame() as never) > 0);
});

t.test('a change that makes nothing false leaves answers where they were scheduled', async (t) => {
  const { add, change, cuts, to } = mugShow(t, ['A long first line of the show about a mug for everybody here.']);
  await to(33);
  await add({ kind: 'reply', text: 'The lid is steel.', about: 'mug' });
  await change({ price: price(4) });
  t.same(
    cuts().filter(({ id }) => id.startsWith('reply')),
    [],
  );
});
