import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Product } from '../../src/config/sections/product.js';
import { type Script, script as scriptSchema } from '../../src/config/sections/script.js';
import { llmAhead } from '../../src/config/sections/services/llm.js';
import { silentLog } from '../../src/core/log.js';
import { TextJudge } from '../../src/moderation/index.js';
import { brokenLines } from '../../src/show/products/broken-lines.js';
import { Rundown } from '../../src/show/rundown.js';
import { LiveScript } from '../../src/show/script/live-script.js';
import { expandWordings, withLeadIns } from '../../src/writer/expand-wordings.js';
import { rewriteByModel } from '../../src/writer/fresh/fresh-prompt.js';
import { FreshWriter } from '../../src/writer/fresh/fresh-writer.js';
import { FreshWordings, keptKey, KeptWordings } from '../../src/writer/fresh/kept-wordings.js';
import { PlanWriter } from '../../src/writer/fresh/plan-writer.js';
import { ChatClient } from '../../src/writer/llm/chat-client.js';
import { sentencePlans } from '../../src/writer/plan-schema.js';
import { plannedRewrites } from '../../src/writer/products/planned-rewrites.js';
import { playRepetition } from '../../src/writer/repetition.js';
import { WordingJudge } from '../../src/writer/draft.js';
import { writeScript } from '../../src/writer/write-script.js';
import { type Answer, chatServer, failing, type SeenRequest, streamed } from '../kit/chat-server.js';
import { inventive } from '../kit/inventive-server.js';
import { whole } from '../kit/whole.js';
import { fullProduct } from './sample-products.js';

t.test('fresh writer', async (t) => {
  const judge = new TextJudge();
  const SCRIPT = scriptSchema.parse({
    segments: [
      { id: 'hello', lines: [{ text: 'Hello and welcome to our show!' }] },
      {
        id: 'mug',
        product: 'mug',
        lines: [
          { text: 'The material is stainless steel.' },
          { text: 'From 100 pieces the price is 4.80 US dollars each.' },
          { text: 'Ask your questions in the comments.' },
        ],
      },
    ],
  });

  async function rig(t: Test, { ahead = {} as object, script = SCRIPT } = {}, ...answers: readonly Answer[]) {
    const server = await chatServer(...answers);
    t.teardown(() => server.close());
    const clock = { ms: 0, unixMs: 1_800_000_000_000 };
    const rundown = new Rundown(script);
    const pool = new FreshWordings();
    rundown.wordings.added = pool;
    const warned: string[] = [];
    const live = { products: [fullProduct()] as readonly Product[] };
    const stop = new AbortController();
    const writer = new FreshWriter({
      client: new ChatClient({ baseUrl: server.baseUrl, model: 'test', timeoutMs: 5000, firstDelayMs: 1 }),
      judge,
      config: llmAhead.parse(ahead),
      pool,
      products: () => live.products,
      language: 'en',
      content: () => rundown.script.content,
      nextSegment: () => rundown.position().segment,
      speaks: () => true,
      nowMs: () => clock.ms,
      unixMs: () => clock.unixMs,
      log: { ...silentLog, warn: (_: object, text: string) => void warned.push(text) },
      signal: stop.signal,
    });
    const steps = async (number: number, eachMs = 10_000): Promise<void> => {
      for (let i = 0; i < number; i += 1) {
        await writer.step();
        clock.ms += eachMs;
        clock.unixMs += eachMs;
      }
    };
    const line = (segment: number, index: number) => rundown.script.content.segments[segment]!.lines[index]!;
    return { server, writer, pool, rundown, clock, steps, line, live, stop, warned };
  }

  const asked = ({ body }: SeenRequest) =>
    JSON.parse(body.messages.at(-1)!.content) as {
      listing: unknown;
      lines: { id: number; text: string; avoid: string[] }[];
    };
  const answerWith = (wordings: (text: string) => string[]): Answer =>
    streamed((request) =>
      JSON.stringify({ lines: asked(request).lines.map(({ id, text }) => ({ id, wordings: wordings(text) })) }),
    );

  t.test('writes wordings of the next segment first, with the listing and what was said as data', async (t) => {
    const { server, steps, pool, line, writer } = await rig(t, {}, inventive());
    await steps(1);
    t.same(asked(server.seen[0]!).lines, [
      { id: 0, text: 'Hello and welcome to our show!', avoid: ['Hello and welcome to our show!'] },
    ]);
    t.equal(asked(server.seen[0]!).listing, null);
    t.equal(pool.of(line(0, 0)).length, 6);
    t.match(writer.snapshot(), { state: 'writing', written: 6, refused: 0, failed: 0, requestsToday: 1 });
  });

  t.test('says no sentence twice within two hours of a day, and then needs the model no more', async (t) => {
    const lines = SCRIPT.segments.flatMap((one) => one.lines.map((line) => ({ ...line, pauseMs: 30_000 })));
    const script = scriptSchema.parse({ segments: [{ product: 'mug', lines }] });
    const { rundown, clock, writer, server } = await rig(t, { script }, inventive());
    const result = await playRepetition(rundown, 24 * 3600, 'en', async (atS) => {
      clock.ms = atS * 1000;
      await writer.step();
    });
    t.equal(result.repeatedShare, 0);
    t.ok(result.shortestGapS >= 7200);
    const enough = server.seen.length;
    for (let i = 0; i < 50; i += 1) {
      clock.ms += 60_000;
      await writer.step();
    }
    t.equal(server.seen.length, enough);
    t.equal(writer.snapshot().state, 'enough');
  });

  t.test('keeps what is clean: no forbidden words, no invented figure, none left out, no repeats', async (t) => {
    const wordings = (text: string): string[] =>
      text.includes('4.80')
        ? [
            'It is 3.90 US dollars each from 100 pieces.',
            'It is a good price.',
            'Each one is 4.80 US dollars from 100 pieces on.',
          ]
        : text.includes('material')
          ? [
              'Pay me on WhatsApp +86 138 0013 8000 for steel.',
              'The best mug in the world, number one.',
              'It is made of stainless steel.',
              'It is made of stainless steel.',
            ]
          : [];
    const { steps, pool, line, writer } = await rig(t, {}, answerWith(wordings));
    await steps(12);
    t.same(pool.of(line(1, 1)), ['Each one is 4.80 US dollars from 100 pieces on.']);
    t.same(pool.of(line(1, 0)), ['It is made of stainless steel.']);
    t.ok(writer.snapshot().refused >= 4);
  });

  t.test('a line without a clean answer rests, and the others go on', async (t) => {
    const { steps, server, clock } = await rig(
      t,
      {},
      answerWith((text) => (text.includes('Hello') ? ['Call 138 0013 8000!'] : [])),
    );
    await steps(30);
    const hello = () =>
      server.seen.filter((one) => asked(one).lines.some(({ text }) => text.startsWith('Hello'))).length;
    t.equal(hello(), 3);
    clock.ms += 3_600_000;
    await steps(3);
    t.ok(hello() > 3, 'an hour later it is tried again');
  });

  t.test('stops at the budget of the day and goes on the next day', async (t) => {
    const { steps, server, writer, clock } = await rig(t, { ahead: { maxRequestsPerDay: 3 } }, inventive());
    await steps(20);
    t.equal(server.seen.length, 3);
    t.match(writer.snapshot(), { state: 'capped', requestsToday: 3 });
    clock.unixMs += 86_400_000;
    await steps(1);
    t.equal(server.seen.length, 4);
  });

  t.test('counts characters as well', async (t) => {
    const { steps, server, writer } = await rig(t, { ahead: { maxCharactersPerDay: 4000 } }, inventive());
    await steps(20);
    t.ok(server.seen.length <= 3);
    t.equal(writer.snapshot().state, 'capped');
  });

  t.test('rests longer after each failure, counts it, says it once, and is back with the model', async (t) => {
    const down = failing(503);
    const { steps, writer, server, warned } = await rig(t, {}, down, down, down, down, down, down, inventive());
    await steps(1);
    t.match(writer.snapshot(), { state: 'resting', failed: 1, lastError: /503/ });
    await steps(2);
    t.equal(server.seen.length, 3, 'three tries of one request, and none for half a minute');
    await steps(20);
    t.equal(warned.length, 1);
    t.match(writer.snapshot(), { failed: 2, lastError: '' });
    t.ok(writer.snapshot().written > 0);
  });

  t.test('an answer that is no JSON, or of another shape, is a failure and nothing more', async (t) => {
    const { steps, writer } = await rig(t, {}, streamed('I think that…'), streamed('{"lines": 7}'), inventive());
    await steps(20);
    t.match(writer.snapshot(), { failed: 2 });
    t.ok(writer.snapshot().written > 0);
  });

  t.test('drops the wordings about a product that changes', async (t) => {
    const { steps, pool, line, live, rundown } = await rig(t, {}, inventive());
    rundown.next();
    await steps(2);
    t.ok(pool.of(line(1, 0)).length > 0);
    const hello = pool.of(line(0, 0)).length;
    live.products = [fullProduct({ minimumOrder: '200 pieces' })];
    await steps(1);
    t.ok(pool.of(line(1, 0)).length <= 6, 'written again');
    t.equal(pool.of(line(0, 0)).length, hello);
  });

  t.test('asks nothing after the end of the show', async (t) => {
    const { steps, server, stop } = await rig(t, {}, inventive());
    stop.abort();
    await steps(3);
    t.equal(server.seen.length, 0);
  });
});

t.test('kept wordings', async (t) => {
  const judge = new TextJudge();
  const scriptOf = (...texts: string[]) =>
    new LiveScript(scriptSchema.parse({ segments: [{ product: 'mug', lines: texts.map((text) => ({ text })) }] }))
      .content;
  const PRICE = 'From 100 pieces the price is 4.80 US dollars each.';

  /** One run of a room: a model that gives these wordings to every line, and the file of the runs before. */
  async function run(file: string, { script = scriptOf(PRICE, 'It is steel.'), product = fullProduct() } = {}) {
    const warned: object[] = [];
    const log = { ...silentLog, warn: (about: object) => void warned.push(about) };
    const kept = await KeptWordings.open(file, log);
    const pool = new FreshWordings();
    const asked: number[] = [];
    const live = { products: [product] };
    const writer = new FreshWriter({
      client: {
        complete: async ({ messages }) => {
          const { lines } = JSON.parse(messages.at(-1)!.content as string) as { lines: { id: number; text: string }[] };
          asked.push(lines.length);
          return JSON.stringify({
            lines: lines.map(({ id, text }) => ({ id, wordings: [`Well, ${text}`, `Look: ${text}`] })),
          });
        },
      },
      judge,
      config: llmAhead.parse({ hours: 1 }),
      pool,
      kept,
      products: () => live.products,
      language: 'en',
      content: () => script,
      nextSegment: () => 0,
      speaks: () => true,
      nowMs: () => 0,
      unixMs: () => 0,
      log,
      signal: new AbortController().signal,
    });
    const line = (at: number) => script.segments[0]!.lines[at]!;
    return { writer, pool, asked, line, kept, warned, live };
  }

  t.test('wordings survive a restart, and the model is not asked before they are judged', async (t) => {
    const file = join(t.testdir(), 'room.wordings.json');
    const first = await run(file);
    await first.writer.step();
    t.equal(first.pool.of(first.line(0)).length, 2);
    t.equal((await stat(file)).mode & 0o77, 0, 'for the owner only');
    const second = await run(file);
    await second.writer.step();
    t.same(second.pool.of(second.line(0)), first.pool.of(first.line(0)));
    t.match(second.writer.snapshot(), { restored: 4, written: 0 });
  });

  t.test('kept wordings that the listing or the rules forbid now are dropped from the file', async (t) => {
    const file = join(t.testdir(), 'room.wordings.json');
    const { kept, line } = await run(file);
    kept.set(keptKey(line(0), 'mug', 'en'), [
      `Well, ${PRICE}`,
      'Pay 4.80 US dollars from 100 pieces on WhatsApp +1 415 555 2671.',
    ]);
    await kept.save();
    const cheaper = fullProduct({
      price: { amount: 4.5, currency: 'USD', unit: 'piece' },
      priceLadder: [{ from: 100, price: 4.5 }],
    });
    const second = await run(file);
    await second.writer.step();
    t.equal(second.pool.of(second.line(0))[0], `Well, ${PRICE}`);
    t.notMatch(await readFile(file, 'utf8'), /415 555/);
    const third = await run(file, { product: cheaper });
    await third.writer.step();
    t.notOk(third.pool.of(third.line(0)).includes(`Well, ${PRICE}`), 'its price is another now');
  });

  t.test('an edited line begins without the wordings of the former one', async (t) => {
    const file = join(t.testdir(), 'room.wordings.json');
    await (await run(file)).writer.step();
    const { writer, pool, line } = await run(file, { script: scriptOf(PRICE, 'It is stainless steel.') });
    await writer.step();
    t.equal(writer.snapshot().restored, 2);
    t.equal(pool.of(line(0)).length, 2);
    t.notOk(pool.of(line(1)).includes('Well, It is steel.'));
  });

  t.test('a product that changes has its kept wordings judged again', async (t) => {
    const file = join(t.testdir(), 'room.wordings.json');
    const { writer, pool, line, live } = await run(file);
    await writer.step();
    live.products = [
      fullProduct({ price: { amount: 4.5, currency: 'USD', unit: 'piece' }, priceLadder: [{ from: 100, price: 4.5 }] }),
    ];
    await writer.step();
    t.same(pool.of(line(0)), [], 'those with the former price go');
    t.equal(pool.of(line(1)).length, 2, 'those that are still true stay');
  });

  t.test('a damaged file and a folder that takes none cost the wordings only', async (t) => {
    const dir = t.testdir();
    const file = join(dir, 'room.wordings.json');
    await writeFile(file, '{"version":1,"lines":[["k",[7]]]}');
    const { writer, warned, pool, line } = await run(file);
    await writer.step();
    t.equal(warned.length, 1);
    t.equal(pool.of(line(0)).length, 2);
    await writeFile(join(dir, 'folder'), '');
    const other = await run(join(dir, 'folder', 'room.wordings.json'));
    await other.writer.step();
    await other.writer.step();
    t.equal(other.pool.of(other.line(0)).length, 2);
    t.ok(other.warned.length > 0);
  });

  t.test('the file is bounded', async (t) => {
    const file = join(t.testdir(), 'room.wordings.json');
    const kept = await KeptWordings.open(file, silentLog);
    for (let i = 0; i < 450; i += 1)
      kept.set(
        `key-${i}`,
        Array.from({ length: 200 }, (_, j) => `wording ${j}`),
      );
    await kept.save();
    const { lines } = JSON.parse(await readFile(file, 'utf8')) as { lines: [string, string[]][] };
    t.equal(lines.length, 400);
    t.equal(lines[0]![0], 'key-50');
    t.equal(lines[0]![1].length, 128);
    t.equal((await KeptWordings.open(file, silentLog)).of('key-449').length, 128);
  });
});

t.test('plan writer', async (t) => {
  const judge = new TextJudge();

  async function rig(
    products: readonly Product[],
    { language = 'en', script }: { language?: string; script?: Script } = {},
  ) {
    const written = await writeScript({
      ...{ products, languages: [language], roomLanguage: language, minutes: 20, style: 'warm', judge, maxWordings: 2 },
    });
    const rundown = new Rundown(script ?? scriptSchema.parse({ segments: written.segments }));
    const pool = new FreshWordings();
    rundown.wordings.added = pool;
    const live = { products };
    const writer = new PlanWriter({
      ...{ judge, pool, language, hours: 2, signal: new AbortController().signal },
      products: () => live.products,
      content: () => rundown.script.content,
      speaks: () => true,
    });
    const lines = () => rundown.script.content.segments.flatMap((one) => one.lines);
    return { rundown, pool, writer, lines, live };
  }

  t.test('gives each line of a plan its other wordings, one after the other, all clean', async (t) => {
    const { pool, writer, lines } = await rig([fullProduct()]);
    await writer.step();
    await writer.step();
    const counts = lines().map((line) => pool.of(line).length);
    t.equal(writer.written, 8);
    t.ok(Math.max(...counts) <= 1, 'each one before any gets two');
    for (let i = 0; i < 2000 && !writer.isDone; i += 1) await writer.step();
    t.equal(writer.isDone, true);
    const steel = lines().find(({ text }) => /stainless steel/.test(text))!;
    const added = pool.of(steel);
    t.ok(added.length > 20, `${added.length}`);
    t.ok(added.every((text) => /[Ss]tainless steel/.test(text) && !text.includes('{')));
    for (const text of added)
      t.same(judge.judge(text, { surface: 'speech', language: 'en', entry: [fullProduct()] }).hits, []);
  });

  t.test('a show of sentence plans repeats itself less with it', async (t) => {
    const products = [fullProduct()];
    const alone = await rig(products);
    const beside = await rig(products);
    const hours = (whole ? 6 : 2) * 3600;
    const before = await playRepetition(alone.rundown, hours, 'en');
    const after = await playRepetition(beside.rundown, hours, 'en', () => beside.writer.step());
    t.ok(after.mean < before.mean / 2, `${before.mean} to ${after.mean}`);
  });

  t.test('leaves lines of another hand alone', async (t) => {
    const script = scriptSchema.parse({
      segments: [{ product: 'mug', lines: [{ text: 'My own words about this mug.' }] }],
    });
    const { pool, writer, lines } = await rig([fullProduct()], { script });
    await writer.step();
    t.same(pool.of(lines()[0]!), []);
    t.equal(writer.isDone, true);
  });

  t.test('drops the wordings about a product that changes', async (t) => {
    const { pool, writer, lines, live } = await rig([fullProduct()]);
    for (let i = 0; i < 30; i += 1) await writer.step();
    const minimum = lines().find(({ text }) => /100 pieces/.test(text) && !/dollars|^Yes/.test(text))!;
    t.ok(pool.of(minimum).length > 0);
    live.products = [fullProduct({ minimumOrder: '200 pieces' })];
    for (let i = 0; i < 30; i += 1) await writer.step();
    t.same(pool.of(minimum), [], 'nothing is said of the old minimum');
  });

  t.test('writes in Chinese as well', async (t) => {
    const { pool, writer, lines } = await rig([fullProduct()], { language: 'zh' });
    for (let i = 0; i < 40; i += 1) await writer.step();
    const steel = lines().find(({ text }) => text.includes('不锈钢'))!;
    t.ok(pool.of(steel).length > 1);
  });

  t.test('puts lead-ins before sentences that can have one', async (t) => {
    const leads = ['So, ', 'Now, '];
    t.same(
      withLeadIns(
        ['The price is {price}.', 'I show you.', '{fact}.', 'Now to the {topic}: {value}.', 'And look: {fact}.'],
        leads,
      ),
      ['So, the price is {price}.', 'So, I show you.', 'Now, the price is {price}.', 'Now, I show you.'],
    );
    for (const language of ['en', 'zh']) {
      const { sentences, leadIns } = sentencePlans().get(language)!;
      for (const [name, templates] of Object.entries(sentences)) {
        const plain = expandWordings(templates as string[]);
        t.ok(plain.length >= 9, `${language} ${name}`);
        if (name !== 'welcome' && name !== 'goodbye')
          t.ok(plain.length + withLeadIns(plain, leadIns).length >= 30, `${language} ${name}`);
      }
    }
  });
});

t.test('planned rewrites', async (t) => {
  const judge = new TextJudge();
  const before = [fullProduct()];
  const after = [
    fullProduct({
      priceLadder: [
        { from: 100, to: 499, price: 4.9 },
        { from: 500, price: 4.3 },
      ],
      price: { amount: 4.9, currency: 'USD', unit: 'piece' },
      leadTime: [
        { from: 1, to: 500, days: 20 },
        { from: 501, days: 35 },
      ],
    }),
  ];

  const written = async (language: string) => {
    const { segments } = await writeScript({
      products: before,
      languages: [language],
      roomLanguage: language,
      minutes: 3,
      style: 'warm',
      judge,
      maxWordings: 3,
    });
    return new LiveScript(scriptSchema.parse({ segments })).content;
  };

  t.test('lines of a sentence plan get the same sentence with the new figures', async (t) => {
    for (const language of ['en', 'zh']) {
      const script = await written(language);
      const broken = await brokenLines({ judge, language, script, before, after, id: 'mug' });
      t.ok(broken.length > 0, `${language}: prices and times are in the script`);
      const rewrites = plannedRewrites({ broken, before, after, judge, language });
      const lines = new Set(broken.map(({ line }) => line!));
      t.equal(rewrites.size, lines.size, `${language}: all ${lines.size} lines are rewritten`);
      const segments = script.segments.map((one) => ({
        ...one,
        lines: one.lines.map((line) => rewrites.get(line) ?? line),
      }));
      const again = await brokenLines({ judge, language, script: { ...script, segments }, before, after, id: 'mug' });
      t.same(again, [], `${language}: nothing false is left`);
      for (const [old, now] of rewrites) t.equal(now.id, old.id);
    }
  });

  t.test('a line of another hand is left to people and models', async (t) => {
    const script = new LiveScript(
      scriptSchema.parse({ segments: [{ product: 'mug', lines: [{ text: 'You pay 4.80 dollars for this mug.' }] }] }),
    ).content;
    const broken = await brokenLines({ judge, language: 'en', script, before, after, id: 'mug' });
    t.equal(broken.length, 1);
    t.equal(plannedRewrites({ broken, before, after, judge, language: 'en' }).size, 0);
  });

  t.test('a model corrects a line by the new listing, and a false answer is sent back with the reason', async (t) => {
    const asked: { lines: { id: number; text: string; reason: string }[] }[] = [];
    const server = await chatServer(
      ...[['You pay 4.80 dollars for it.'], ['You pay 4.90 dollars for this mug from 100 pieces.']].map((wordings) =>
        streamed((request) => {
          asked.push(JSON.parse(request.body.messages.at(-1)!.content));
          return JSON.stringify({ lines: [{ id: 0, wordings }] });
        }),
      ),
    );
    t.teardown(() => server.close());
    const result = await rewriteByModel({
      client: new ChatClient({ baseUrl: server.baseUrl, model: 'test', timeoutMs: 5000, firstDelayMs: 1 }),
      judge: new WordingJudge(judge, after),
      language: 'en',
      product: after[0]!,
      lines: [{ text: 'You pay 4.80 dollars for this mug.', reason: '"4.80 dollars" (rule 5.5)' }],
      signal: AbortSignal.timeout(20_000),
    });
    t.same(result, [['You pay 4.90 dollars for this mug from 100 pieces.']]);
    t.equal(asked.length, 2);
    t.match(asked[0], { listing: { price: { amount: 4.9 } }, lines: [{ reason: /5\.5/ }] });
    t.match(asked[1], { lines: [{ reason: /forbidden/ }] });
  });
});
