import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { llmAhead } from '../../../src/config/sections/services/llm.js';
import { script as scriptSchema } from '../../../src/config/sections/script.js';
import { silentLog } from '../../../src/core/log.js';
import { LiveScript } from '../../../src/show/script/live-script.js';
import { FreshWordings, keptKey, KeptWordings } from '../../../src/writer/fresh/kept-wordings.js';
import { FreshWriter } from '../../../src/writer/fresh/fresh-writer.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { fullProduct } from '../sample-products.js';

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
