import t from 'tap';
import { replies as repliesSchema } from '../../src/config/sections/replies.js';
import { script as scriptSchema } from '../../src/config/sections/script.js';
import { LiveRoomConfig, type RoomConfig } from '../../src/config/room-config.js';
import { brokenLines } from '../../src/show/products/broken-lines.js';
import { SegmentChoice, Rundown } from '../../src/show/rundown.js';
import { ShownProduct } from '../../src/show/placing/line-placer.js';
import { LiveScript } from '../../src/show/script/live-script.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { productOf } from '../kit/product-of.js';

const script = (loop = true) =>
  scriptSchema.parse({
    loop,
    segments: [
      { product: 'a', lines: [{ text: 'a1' }, { text: 'a2' }] },
      { product: 'b', lines: [{ text: 'b1' }, { text: 'b2' }] },
      { product: 'a', lines: [{ text: 'a3' }] },
      { lines: [{ text: 'free' }] },
    ],
  });
const next = (rundown: Rundown, count: number): string[] =>
  Array.from({ length: count }, () => rundown.next()?.text ?? '-');

t.test('a pinned product keeps the script at its segments, from the next line on', async (t) => {
  const rundown = new Rundown(script());
  t.same(next(rundown, 1), ['a1']);
  rundown.choice.pinned = 'b';
  t.same(next(rundown, 5), ['b1', 'b2', 'b1', 'b2', 'b1']);
  rundown.choice.pinned = 'a';
  t.same(next(rundown, 4), ['a3', 'a1', 'a2', 'a3']);
  rundown.choice.pinned = null;
  t.same(next(rundown, 2), ['free', 'a1']);
});

t.test('a pin of a product without a segment leaves the script alone', async (t) => {
  const rundown = new Rundown(script(false));
  rundown.choice.pinned = 'nothing';
  t.same(next(rundown, 7), ['a1', 'a2', 'b1', 'b2', 'a3', 'free', '-']);
});

t.test('segments of a sold-out product are skipped, unless there is nothing else', async (t) => {
  const sold = { stock: 'sold-out' as const };
  const room = { products: [productOf({ id: 'a', ...sold }), productOf({ id: 'b' })] };
  const rundown = new Rundown(script(), [], new SegmentChoice(room));
  t.same(next(rundown, 4), ['b1', 'b2', 'free', 'b1']);
  room.products = room.products.map((one) => ({ ...one, ...sold }));
  t.same(next(rundown, 2), ['free', 'free'], 'the part without a product remains');
  const alone = new Rundown(
    scriptSchema.parse({ segments: [{ product: 'a', lines: [{ text: 'a1' }] }] }),
    [],
    new SegmentChoice(room),
  );
  t.same(next(alone, 2), ['a1', 'a1'], 'its only segment is spoken');
});

t.test('a script that does not loop ends behind skipped segments', async (t) => {
  const room = { products: [productOf({ id: 'a', stock: 'sold-out' })] };
  const two = scriptSchema.parse({
    loop: false,
    segments: [{ lines: [{ text: 'free' }] }, { product: 'a', lines: [{ text: 'a1' }] }],
  });
  const rundown = new Rundown(two, [], new SegmentChoice(room));
  t.same(next(rundown, 3), ['free', '-', '-']);
});

t.test('knows the product on screen by lines and pins', async (t) => {
  const choice = new SegmentChoice({ products: [] });
  const shown = new ShownProduct(choice);
  shown.add('a', 10);
  shown.add('b', 50);
  t.equal(shown.at(9), null);
  t.equal(shown.at(49), 'a');
  shown.pin('c', 55);
  t.equal(shown.at(54), 'b');
  t.equal(shown.at(60), 'c');
  t.equal(shown.of('a'), 'c', 'lines of other products leave the pinned one on screen');
  t.equal(shown.of(undefined), undefined);
  shown.pin(null, 80);
  t.equal(shown.of('a'), 'a');
});

t.test('names the wordings that a new price breaks', async (t) => {
  const before = [productOf({ id: 'mug', title: 'Mug', price: { amount: 5, currency: 'USD', unit: '' } })];
  const after = [{ ...before[0]!, price: { amount: 4, currency: 'USD', unit: '' } }];
  const script = new LiveScript(
    scriptSchema.parse({
      fillers: ['A mug for 5 dollars.', 'Ask us anything.'],
      segments: [
        {
          product: 'mug',
          lines: [{ text: 'The mug costs 5 dollars.', variants: ['It is a good mug.', 'Only 5 dollars today.'] }],
        },
        { lines: [{ text: 'Write to us on WhatsApp +1 415 555 2671.' }] },
      ],
    }),
  ).content;
  const replies = repliesSchema.parse({
    rules: [{ id: 'price', match: 'price', answers: ['It is 5 dollars.', 'It is {price}.', 'See the card.'] }],
    timedTalk: [{ text: 'The mug is 5 dollars.', variants: ['Hello again.'], everyMs: 60_000 }],
  });
  const judge = new TextJudge({ model: null });
  const broken = await brokenLines({ judge, language: 'en', script, replies, before, after, id: 'mug' });
  t.match(
    broken.map(({ where, rule }) => [where, rule]),
    [
      ['script.segments[0].lines[0].text', '5.5'],
      ['script.segments[0].lines[0].variants[1]', '5.5'],
      ['script.fillers[0]', '5.5'],
      ['replies.rules[0].answers[0]', '5.5'],
      ['replies.timedTalk[0].text', '5.5'],
    ],
    'a line that broke a rule before is not listed',
  );
  t.equal(broken.length, 5);
});

t.test('a live room reads its sections anew, and keeps the rest', (t) => {
  const room = { name: 'r', products: [], audio: { duckDb: -10 }, presenter: { pack: 'mei' } } as unknown as RoomConfig;
  const live = new LiveRoomConfig(room);
  const products = [productOf()];
  live.set({ products });
  t.equal(live.room.products, products);
  t.equal(live.room.name, 'r');
  t.equal({ ...live.room }.products, products);
  t.equal(live.with({ products: [] }).products.length, 0);
  t.equal(room.products.length, 0, 'the room as it was loaded stays');
  t.throws(() => ((live.room as { name: string }).name = 'x'));
  t.end();
});
