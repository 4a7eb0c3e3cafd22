import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { CloseStack } from '../../src/core/close-stack.js';
import { silentLog, type Log } from '../../src/core/log.js';
import { Rundown } from '../../src/show/rundown.js';
import { openFreshWriter } from '../../src/room/open/open-fresh-writer.js';
import { TextJudge } from '../../src/moderation/index.js';
import { inventive } from '../kit/inventive-server.js';
import { chatServer } from '../kit/chat-server.js';
import { templateRoom, writeRoom } from '../kit/on-air.js';
import { until } from '../kit/until.js';

const judge = new TextJudge();
const log: Log = { ...silentLog, child: () => log };

t.test('a room with a language model gets fresh wordings while it runs', async (t) => {
  const server = await chatServer(inventive());
  t.teardown(() => server.close());
  const llm = { baseUrl: server.baseUrl, model: 'local', apiKey: '${FRESH_TEST_KEY}' };
  const room = loadRoom(writeRoom(t, { ...templateRoom('minimal'), llm }));
  const rundown = new Rundown(room.script);
  const stack = new CloseStack(log);
  const stop = new AbortController();
  const env = { FRESH_TEST_KEY: 'the-key-of-the-model' };
  const figures = openFreshWriter({ parts: { room, judge, rundown, log }, stop: stop.signal, env }, stack);
  await until('wordings', () => figures().written > 0, 20_000);
  t.equal(server.seen[0]!.headers.authorization, 'Bearer the-key-of-the-model');
  const line = rundown.script.content.segments[0]!.lines[0]!;
  const own = new Set([line.text, ...line.variants]);
  rundown.next();
  const texts: string[] = [];
  for (let i = 0; i < 60; i += 1) texts.push(rundown.next()!.text);
  t.ok(
    texts.some((text) => !own.has(text) && rundown.wordings.added!.of(line).includes(text)),
    'they are spoken',
  );
  t.notMatch(JSON.stringify(figures()), /the-key/);
  stop.abort();
  await stack.close();
});

t.test('without a model, a key or the wish the sentence plans write, and no model is asked', async (t) => {
  const server = await chatServer(inventive());
  t.teardown(() => server.close());
  const stack = new CloseStack(log);
  const open = (llm: object | undefined, script: object = {}) => {
    const base = templateRoom('minimal');
    const file = { ...base, script: { ...base['script'], ...script }, ...(llm === undefined ? {} : { llm }) };
    const room = loadRoom(writeRoom(t, file));
    const rundown = new Rundown(room.script);
    const stop = new AbortController();
    t.teardown(() => stop.abort());
    return openFreshWriter({ parts: { room, judge, rundown, log }, stop: stop.signal, env: {} }, stack);
  };
  const { baseUrl } = server;
  const figures = [
    open(undefined),
    open({ baseUrl, model: 'm', ahead: { enabled: false } }),
    open({ baseUrl, model: 'm', apiKey: '${NOT_SET}' }),
  ];
  await until('the plans', () => figures.every((one) => one().state === 'enough'), 20_000);
  t.match(figures[2]!(), { lastError: /NOT_SET/, requestsToday: 0 });
  t.equal(server.seen.length, 0);
  t.equal(open(undefined, { addWordings: false })().state, 'off');
  await stack.close();
});
