import t, { type Test } from 'tap';
import { LiveRoomConfig } from '../../../src/config/room-config.js';
import { loadRoom } from '../../../src/config/load-room.js';
import type { Product } from '../../../src/config/sections/product.js';
import { silentLog, type Log } from '../../../src/core/log.js';
import { brokenLines } from '../../../src/show/products/broken-lines.js';
import type { Rewrites } from '../../../src/writer/products/planned-rewrites.js';
import { Rundown } from '../../../src/show/rundown.js';
import { EditHistory } from '../../../src/room/commands/edit-history.js';
import { brokenFor, LineRewriter, reversed } from '../../../src/room/commands/line-rewriter.js';
import { ScriptCommands, type ScriptCommandsParts } from '../../../src/room/commands/script-commands.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { spokenText } from '../../../src/speech/spoken-text.js';
import { chatServer, failing, streamed } from '../../kit/chat-server.js';
import { templateRoom, writeRoom } from '../../kit/on-air.js';
import { until } from '../../kit/until.js';

const judge = new TextJudge();
const OWN = 'You pay 4.80 dollars for this mug.';
const PLANNED = 'From 100 pieces on, it is 4.80 US dollars each.';
const image = 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=';

/** A room with a line of its own and one of a plan, whose price changes. */
function shop(t: Test, llm?: object) {
  const product = {
    ...{ id: 'mug', title: 'Steel mug', image, price: { amount: 4.8, currency: 'USD', unit: 'piece' } },
    ...{ minimumOrder: '100 pieces', priceLadder: [{ from: 100, price: 4.8 }] },
  };
  const script = {
    segments: [{ id: 'mug', product: 'mug', lines: [{ text: OWN }, { text: PLANNED }, { text: 'Look.' }] }],
  };
  const file = { ...templateRoom('minimal'), products: [product], script, ...(llm === undefined ? {} : { llm }) };
  const live = new LiveRoomConfig(loadRoom(writeRoom(t, file)));
  const rundown = new Rundown(live.room.script);
  const history = new EditHistory();
  const warned: [object, string][] = [];
  const log: Log = { ...silentLog, warn: (about: object, text: string) => void warned.push([about, text]) };
  const commands = new ScriptCommands({
    room: live.room,
    rundown,
    judge,
    history,
    ledger: { append: () => undefined },
    speech: { spoken: spokenText, voiceFor: async () => undefined },
    runner: { paused: false, edit: async (content: never) => rundown.replace(content) },
    frame: () => 0,
  } as unknown as ScriptCommandsParts);
  const apply = (rewrites: Rewrites): Promise<Rewrites> => commands.rewrite(rewrites);
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  const rewriter = new LineRewriter({
    parts: { room: live.room, judge, log },
    apply,
    signal: stop.signal,
    env: {},
  });
  const change = async (parts: Partial<Product>) => {
    const before = live.room.products;
    live.set({ products: before.map((one) => ({ ...one, ...parts })) });
    const options = {
      judge,
      language: 'en',
      script: rundown.script.content,
      before,
      after: live.room.products,
      id: 'mug',
    };
    const broken = await brokenLines(options);
    const rewriting = await rewriter.rewrite(broken, before);
    return { rewriting, breaks: broken.map((one) => brokenFor(one, rewriting.planned)) };
  };
  const texts = (): string[] => rundown.script.content.segments[0]!.lines.map(({ text }) => text);
  const { products } = live.room;
  const restore = (): void => live.set({ products });
  return { change, restore, texts, warned, apply, commands };
}

const cheaper = {
  price: { amount: 4.5, currency: 'USD', unit: 'piece', was: undefined },
  priceLadder: [{ from: 100, price: 4.5 }],
};

t.test('a plan’s line is rewritten in the running script, and another one is left and reported', async (t) => {
  const { change, restore, texts, warned, apply } = shop(t);
  const { rewriting, breaks } = await change(cheaper as never);
  const [own, planned, look] = texts();
  t.equal(own, OWN);
  t.match(planned, /4\.50 US dollars/);
  t.equal(look, 'Look.');
  t.match(breaks, [
    { text: OWN, action: 'skip' },
    { text: PLANNED, rewritten: planned },
  ]);
  t.notOk('rewritten' in breaks[0]!);
  t.match(warned, [[{ where: 'script.segments[0].lines[0].text', rule: '5.5' }, /no longer true/]]);
  restore();
  await apply(reversed(rewriting.taken));
  t.match(texts()[1], /4\.80/, 'and taken back with the price');
});

t.test('the room’s language model rewrites the rest beside the show, and that can be undone', async (t) => {
  const server = await chatServer(
    streamed(() => JSON.stringify({ lines: [{ id: 0, wordings: ['You pay 4.50 dollars for this mug now.'] }] })),
  );
  t.teardown(() => server.close());
  const { change, restore, texts, apply } = shop(t, { baseUrl: server.baseUrl, model: 'm' });
  const { breaks, rewriting } = await change(cheaper as never);
  t.equal(breaks.length, 2);
  await until('the line', () => texts()[0] === 'You pay 4.50 dollars for this mug now.', 20_000);
  t.equal(rewriting.taken.size, 2);
  restore();
  await apply(reversed(rewriting.taken));
  t.same(texts(), [OWN, PLANNED, 'Look.'], 'taken back with the price');
});

t.test('a model that fails leaves the line as it was, with one warning', async (t) => {
  const server = await chatServer(failing(401));
  t.teardown(() => server.close());
  const { change, texts, warned } = shop(t, { baseUrl: server.baseUrl, model: 'm' });
  await change(cheaper as never);
  await until('the warning', () => warned.some(([, text]) => text.includes('language model')), 20_000);
  t.equal(texts()[0], OWN);
});

t.test('a line that has become false does not keep anybody from editing its neighbour', async (t) => {
  const { change, commands, texts } = shop(t);
  await change(cheaper as never);
  await commands.patchLine('mug', 'line-3', { text: 'Look at it.' });
  await commands.addLine('mug', { text: 'It is steel.', variants: [], gesture: 'none' }, null);
  t.equal(texts()[0], 'It is steel.');
  await t.rejects(commands.patchLine('mug', 'line-1', { text: 'Just 4.80 dollars.' }), { code: 'E_TEXT_REFUSED' });
});
