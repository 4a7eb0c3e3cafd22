import t, { type Test } from 'tap';
import { LiveRoomConfig, type RoomConfig } from '../../src/config/room-config.js';
import type { Product } from '../../src/config/sections/product.js';
import { replies as repliesSchema } from '../../src/config/sections/replies.js';
import { script as scriptSchema } from '../../src/config/sections/script.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import type { LineOutcome } from '../../src/show/agenda/agenda.js';
import { Listings } from '../../src/show/listings.js';
import { ShownProduct } from '../../src/show/placing/line-placer.js';
import { brokenLines } from '../../src/show/products/broken-lines.js';
import { Rundown, SegmentChoice } from '../../src/show/rundown.js';
import { LiveScript } from '../../src/show/script/live-script.js';
import { productOf } from '../kit/product-of.js';
import { audible, FRAMES_PER_WORD, showRig } from './show-rig.js';

t.test('changed listings', async (t) => {
  const price = (amount: number) => ({ amount, currency: 'USD', unit: '' });
  const mug = productOf({ id: 'mug', title: 'Steel mug', price: price(5) });
  const FALSE = 'The mug costs 5 dollars.';

  /** A show about the mug whose product changes. */
  function mugShow(
    t: Test,
    lines: readonly (string | Record<string, unknown>)[],
    script: Record<string, unknown> = {},
  ) {
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
});

t.test('listings', async (t) => {
  const product = (id: string, title: string, amount: number, more: Partial<Product> = {}): Product =>
    productOf({ id, title, price: { amount, currency: 'USD', unit: 'piece' }, ...more });
  const bottle = product('bottle', 'Insulated Steel Bottle 750 ml', 4.8, { facts: ['Bamboo lid'] });
  const boards = product('boards', 'Bamboo Cutting Boards, Set of 3', 6.5);
  const lamp = product('lamp', 'LED折叠台灯', 12.8);
  const all = [bottle, boards, lamp];
  const entries = new Listings(all);
  const ids = (id: string | undefined, text: string): string[] => entries.of(id, text).map((p) => p.id);

  t.test("judges a line against the shown product's listing and those it names", async (t) => {
    t.strictSame(ids('bottle', 'It costs 6.50 dollars.'), ['bottle']);
    t.strictSame(ids('bottle', 'The bamboo lid is included.'), ['bottle'], 'bamboo is a word of both');
    t.strictSame(ids('bottle', 'Next comes the cutting board at 6.50.'), ['bottle', 'boards']);
    t.strictSame(ids('bottle', '接下来看台灯，12.8美元'), ['bottle', 'lamp']);
    t.equal(entries.of(undefined, 'It costs 6.50 dollars.'), all, 'without a product all listings apply');
    t.equal(entries.of('unheard-of', 'x'), all);
    t.equal(entries.of('bottle', 'a'), entries.of('bottle', 'b'), 'the same array for the same choice');
  });

  t.test("rejects another product's price", async (t) => {
    const judge = new TextJudge();
    const hits = (id: string, text: string): string[] =>
      judge
        .judge(text, { surface: 'speech', language: 'en', entry: entries.of(id, text) })
        .hits.map((h) => `${h.rule} ${h.kind}`);
    t.strictSame(hits('bottle', 'This bottle is 6.50 dollars today.'), ['5.5 price']);
    t.strictSame(hits('boards', 'This set is 6.50 dollars today.'), []);
    t.strictSame(hits('bottle', 'The boards are 6.50 dollars, the bottle is 4.80.'), []);
  });
});

t.test('products', async (t) => {
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

  t.test('a live room reads its sections again, and keeps the rest', (t) => {
    const room = {
      name: 'r',
      products: [],
      audio: { duckDb: -10 },
      presenter: { pack: 'mei' },
    } as unknown as RoomConfig;
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
});
