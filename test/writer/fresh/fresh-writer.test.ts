import t, { type Test } from 'tap';
import { llmAhead } from '../../../src/config/sections/services/llm.js';
import type { Product } from '../../../src/config/sections/product.js';
import { script as scriptSchema } from '../../../src/config/sections/script.js';
import { silentLog } from '../../../src/core/log.js';
import { Rundown } from '../../../src/show/rundown.js';
import { FreshWordings } from '../../../src/writer/fresh/kept-wordings.js';
import { FreshWriter } from '../../../src/writer/fresh/fresh-writer.js';
import { ChatClient } from '../../../src/writer/llm/chat-client.js';
import { playRepetition } from '../../../src/writer/repetition.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { type Answer, chatServer, failing, type SeenRequest, streamed } from '../../kit/chat-server.js';
import { fullProduct } from '../sample-products.js';
import { inventive } from '../../kit/inventive-server.js';

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
  const hello = () => server.seen.filter((one) => asked(one).lines.some(({ text }) => text.startsWith('Hello'))).length;
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
  t.ok(pool.of(line(1, 0)).length <= 6, 'written anew');
  t.equal(pool.of(line(0, 0)).length, hello);
});

t.test('asks nothing after the end of the show', async (t) => {
  const { steps, server, stop } = await rig(t, {}, inventive());
  stop.abort();
  await steps(3);
  t.equal(server.seen.length, 0);
});
