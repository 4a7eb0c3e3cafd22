import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parseRoom } from '../../src/config/load-room.js';
import { script as scriptSchema } from '../../src/config/sections/script.js';
import { readPlans } from '../../src/writer/plan-schema.js';
import { openChatClient } from '../../src/writer/llm/chat-client.js';
import { readProductFile } from '../../src/writer/read-product-file.js';
import { replaceScript } from '../../src/writer/replace-script.js';
import { measureRepetition } from '../../src/writer/repetition.js';

const base = {
  name: 'shop',
  presenter: { pack: 'mei' },
  layers: [{ id: 'host', type: 'presenter' }],
  script: { gapMs: 300, fillers: ['Still here.'], segments: [{ lines: [{ text: 'Old' }] }] },
  language: 'en',
};
const cup = { id: 'cup', title: 'Cup', image: 'cup.svg', price: { amount: 2, currency: 'USD' } };
const parse = (room: object) => parseRoom(JSON.stringify(room), '/rooms/shop/room.json', { env: {} });

t.test('replaces the segments of a room file and keeps all else in its order', async (t) => {
  const file = join(t.testdir(), 'room.json');
  writeFileSync(file, JSON.stringify(base));
  await replaceScript(file, [{ lines: [{ text: 'New', variants: [], gesture: 'none' }] }]);
  const after = JSON.parse(readFileSync(file, 'utf8')) as typeof base;
  t.same(Object.keys(after), Object.keys(base));
  t.same({ ...after, script: undefined }, { ...base, script: undefined });
  t.match(after.script, { gapMs: 300, fillers: ['Still here.'], segments: [{ lines: [{ text: 'New' }] }] });
});

t.test('reads one product, a list, and a room’s products; names the fault in others', async (t) => {
  const dir = t.testdir();
  const read = (content: string): string[] => {
    writeFileSync(join(dir, 'p.json'), content);
    return readProductFile(join(dir, 'p.json')).map(({ id }) => id);
  };
  t.same(read(JSON.stringify(cup)), ['cup']);
  t.same(read(JSON.stringify([cup, { ...cup, id: 'b' }])), ['cup', 'b']);
  t.same(read(JSON.stringify({ ...base, products: [cup] })), ['cup']);
  t.throws(() => read('{'), { code: 'E_LISTING_INVALID', message: /not JSON/ });
  t.throws(() => read(JSON.stringify({ ...cup, price: 2 })), { code: 'E_LISTING_INVALID', message: /price/ });
});

t.test('refuses a sentence plan whose wordings lack a slot, with its place', async (t) => {
  const dir = t.testdir();
  mkdirSync(join(dir, 'plans'));
  const plan = JSON.parse(readFileSync(join(import.meta.dirname, '../../templates/writer/en.json'), 'utf8')) as {
    sentences: Record<string, string[]>;
  };
  plan.sentences['price'] = ['It is cheap.', 'It costs {price}.'];
  writeFileSync(join(dir, 'plans', 'en.json'), JSON.stringify(plan));
  t.throws(() => readPlans(join(dir, 'plans')), { code: 'E_ASSET_INVALID', message: /sentences\.price.*\{price\}/ });
});

t.test('a key that is written out in the room file is refused and not shown', async (t) => {
  const llm = { baseUrl: 'https://llm.example/v1', model: 'm', apiKey: 'sk-very-secret' };
  try {
    parse({ ...base, llm });
    t.fail('expected a refusal');
  } catch (error) {
    t.match((error as Error).message, /llm\.apiKey.*LLM_KEY/);
    t.notMatch(JSON.stringify(error) + String(error), /very-secret/);
  }
});

t.test('the key comes from the environment when the client is opened, and stays out of the room', async (t) => {
  const { llm } = parse({ ...base, llm: { baseUrl: 'https://llm.example/v1', model: 'm', apiKey: '${LLM_KEY}' } });
  t.equal(llm?.apiKey, '${LLM_KEY}');
  t.throws(() => openChatClient(llm!, {}), { code: 'E_ENV_MISSING', message: /LLM_KEY/ });
  t.ok(openChatClient(llm!, { LLM_KEY: 'k' }));
});

t.test('measures how often a sentence comes again within two hours', async (t) => {
  const line = (variants: string[]) =>
    scriptSchema.parse({ gapMs: 0, segments: [{ lines: [{ text: 'x'.repeat(145), variants, pauseMs: 50_000 }] }] });
  // Ten seconds to say and fifty of silence: once a minute.
  const one = await measureRepetition(line([]), 24 * 3600, 'en');
  t.match(one, { maximum: 120, shortestGapS: 60 });
  const two = await measureRepetition(line(['y'.repeat(145)]), 24 * 3600, 'en');
  t.match(two, { maximum: 60, shortestGapS: 120 });
});
