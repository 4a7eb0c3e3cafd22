import t, { type Test } from 'tap';
import { eventSource, type YoutubeSourceConfig } from '../../../src/config/sections/events.js';
import { silentLog } from '../../../src/core/log.js';
import { YoutubeSource } from '../../../src/viewers/sources/youtube-source.js';
import { EventList } from '../../kit/event-list.js';
import { until } from '../../kit/until.js';
import { YoutubeApi } from '../../kit/youtube-api.js';

async function poll(t: Test, change: (api: YoutubeApi) => void = () => undefined, key = 'right-key') {
  const api = await YoutubeApi.start(t);
  change(api);
  const sink = new EventList();
  const parsed = eventSource.parse({ id: 'yt', kind: 'youtube', videoId: 'live-video', baseUrl: api.url });
  const logged: string[] = [];
  const keep = (fields: object, text: string): void => void logged.push(`${JSON.stringify(fields)} ${text}`);
  const source = new YoutubeSource(
    { ...(parsed as YoutubeSourceConfig), minPollMs: 20 },
    {
      sink,
      log: { ...silentLog, warn: keep, info: keep },
      env: { YOUTUBE_KEY: key },
      waits: { minMs: 20, maxMs: 60 },
    },
  );
  t.teardown(() => source.close());
  return { api, sink, source, logged };
}

t.test('finds the chat of a video and reads its pages without repeats or old messages', async (t) => {
  const { api, sink, source } = await poll(t, (api) => {
    api.say('old', 'Eve', 'from yesterday', new Date(Date.now() - 86_400_000).toISOString());
    for (let i = 1; i <= 7; i += 1) api.say(`m${i}`, 'Anna', `question ${i}`);
  });
  await until('seven', () => sink.events.length === 7);
  api.messages.push({
    id: 's1',
    snippet: {
      type: 'superChatEvent',
      publishedAt: new Date().toISOString(),
      superChatDetails: { amountDisplayString: '$5.00', userComment: '' },
    },
    authorDetails: { displayName: 'Bob' },
  });
  api.say('m8', 'Carl', 'last one');
  await until('nine', () => sink.events.length === 9);
  t.same(sink.lines.slice(-2), ['gift Bob: $5.00', 'comment Carl: last one']);
  t.equal(sink.repeated, 0);
  t.equal(sink.events[0]!.id, 'yt:m1');
  t.equal(source.health().state, 'live');
  t.equal(api.asked.filter(({ path }) => path.endsWith('/videos')).length, 1);
  t.same(
    api.asked.slice(1, 4).map(({ pageToken }) => pageToken),
    [null, 'page-3', 'page-6'],
  );
  t.ok(api.asked.every(({ key }) => key === 'right-key'));
});

t.test('waits as long as YouTube asks for', async (t) => {
  const { api, sink } = await poll(t, (api) => (api.pollingIntervalMillis = 60_000));
  await until('first page', () => api.asked.length === 2);
  api.say('m1', 'Anna', 'too early');
  await new Promise((resolve) => setTimeout(resolve, 300));
  t.equal(api.asked.length, 2);
  t.same(sink.events, []);
});

t.test('says in words that the quota is spent, that the key is wrong, that the chat has ended', async (t) => {
  const quota = await poll(t, (api) => api.failures.push({ status: 403, reason: 'quotaExceeded' }));
  await until('told', () => quota.source.health().lastError !== '');
  t.match(quota.source.health().lastError, /quota is spent.*\(quotaExceeded\)/);
  await until('goes on', () => quota.source.health().state === 'live');
  t.equal(quota.source.health().lastError, '');

  const wrong = await poll(t, undefined, 'a-wrong-key');
  await until('told', () => wrong.source.health().lastError !== '');
  t.match(wrong.source.health(), { state: 'backoff', lastError: /the key is wrong/ });
  t.notMatch(JSON.stringify([wrong.source.health(), wrong.logged]), /a-wrong-key/);

  const ended = await poll(t, (api) => (api.ended = true));
  await until('told', () => /live chat has ended/.test(ended.source.health().lastError));
  ended.api.ended = false;
  ended.api.chat = 'chat-2';
  ended.api.say('n1', 'Anna', 'in the new chat');
  await until('new chat', () => ended.sink.events.some(({ id }) => id === 'yt:n1'));

  const none = await poll(t, (api) => (api.chat = undefined));
  await until('told', () => /has no live chat now/.test(none.source.health().lastError));
});

t.test('outlives broken answers, and stops at once', async (t) => {
  const { api, sink, source } = await poll(t, (api) => {
    api.failures.push({ status: 500, reason: 'backendError' }, { status: 503, reason: '' });
    api.messages.push([], { id: 1 }, { snippet: { type: 'textMessageEvent' } });
    api.say('m1', 'Anna', 'fine');
  });
  await until('fine', () => sink.events.length === 1);
  await source.close();
  const asked = api.asked.length;
  api.say('m2', 'Anna', 'after the end');
  await new Promise((resolve) => setTimeout(resolve, 200));
  t.ok(api.asked.length <= asked + 1);
  t.equal(sink.events.length, 1);
  t.equal(source.health().state, 'stopped');
});

t.test('refuses a room without its key', async (t) => {
  const config = eventSource.parse({ id: 'yt', kind: 'youtube', videoId: 'live-video' }) as YoutubeSourceConfig;
  t.throws(() => new YoutubeSource(config, { sink: new EventList(), log: silentLog, env: {} }), {
    code: 'E_ENV_MISSING',
    message: /YOUTUBE_KEY/,
  });
  t.notOk(eventSource.safeParse({ ...config, apiKey: 'AIzaSyA-a-real-key' }).success);
});
