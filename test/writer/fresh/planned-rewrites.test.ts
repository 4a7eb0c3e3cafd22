import t from 'tap';
import { script as scriptSchema } from '../../../src/config/sections/script.js';
import { brokenLines } from '../../../src/show/products/broken-lines.js';
import { plannedRewrites } from '../../../src/writer/products/planned-rewrites.js';
import { LiveScript } from '../../../src/show/script/live-script.js';
import { rewriteByModel } from '../../../src/writer/fresh/fresh-prompt.js';
import { ChatClient } from '../../../src/writer/llm/chat-client.js';
import { WordingJudge } from '../../../src/writer/wording-judge.js';
import { writeScript } from '../../../src/writer/write-script.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { chatServer, streamed } from '../../kit/chat-server.js';
import { fullProduct } from '../sample-products.js';

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
