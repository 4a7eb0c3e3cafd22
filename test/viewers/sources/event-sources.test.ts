import t from 'tap';
import { events } from '../../../src/config/sections/events.js';
import { silentLog } from '../../../src/core/log.js';
import { Backoff } from '../../../src/viewers/sources/event-source.js';
import { EventSources } from '../../../src/viewers/sources/event-sources.js';
import { PageSources } from '../../../src/viewers/sources/page-comment-sources.js';
import { eventSource, type PageSourceConfig } from '../../../src/config/sections/events.js';
import { EventList } from '../../kit/event-list.js';
import { SocketServer } from '../../kit/socket-server.js';
import { until } from '../../kit/until.js';

t.test('connects every source of a room file, and closes all', async (t) => {
  const server = await SocketServer.start(t);
  const { sources } = events.parse({
    sources: [
      { id: 'shop', kind: 'oba', url: server.url },
      { id: 'tools', kind: 'luna', port: 0 },
      { id: 'desk', kind: 'page', site: 'live.alibaba.com', platform: 'alibaba' },
    ],
  });
  const sink = new EventList();
  const all = new EventSources(sources, { sink, log: silentLog, env: {} });
  t.teardown(() => all.close());
  await until('live', () => all.health().filter(({ state }) => state === 'live').length === 2);
  t.match(all.health(), [
    { id: 'shop', kind: 'oba', state: 'live' },
    { id: 'tools', kind: 'luna', state: 'live' },
    { id: 'desk', kind: 'page', state: 'connecting' },
  ]);
  t.same(all.takePage('live.alibaba.com', [{ id: '1', user: 'Anna', text: 'hi' }]), {
    taken: 1,
    repeated: 0,
    dropped: 0,
  });
  t.match(sink.events, [{ id: 'desk:1', platform: 'alibaba', kind: 'comment', user: 'Anna', text: 'hi' }]);
  await all.close();
  t.ok(all.health().every(({ state }) => state === 'stopped'));
});

t.test('opens nothing when one source lacks its key', async (t) => {
  const server = await SocketServer.start(t);
  const { sources } = events.parse({
    sources: [
      { id: 'shop', kind: 'oba', url: server.url },
      { id: 'yt', kind: 'youtube', videoId: 'abcdefgh' },
    ],
  });
  t.throws(() => new EventSources(sources, { sink: new EventList(), log: silentLog, env: {} }), {
    code: 'E_ENV_MISSING',
  });
  await until('closed', () => server.clients.length === 0);
});

t.test('reports a listed page that nobody reads, and forgets a closed one', async (t) => {
  let nowMs = 0;
  const listed = eventSource.parse({ id: 'desk', kind: 'page', site: 'live.example' }) as PageSourceConfig;
  const sink = new EventList();
  const pages = new PageSources([listed], { sink, log: silentLog, env: {}, nowMs: () => nowMs, silentMs: 1000 });
  t.teardown(() => pages.close());
  pages.take('live.example', []);
  pages.take('other.example:8080', [{ id: '1', user: 'B', text: 'hello' }]);
  t.match(pages.all(), [
    { id: 'desk', state: 'live', events: 0 },
    { id: 'page-other-example-8080', state: 'live', events: 1 },
  ]);
  nowMs = 900;
  pages.check();
  t.ok(pages.all().every(({ state }) => state === 'live'));
  nowMs = 1200;
  pages.check();
  t.match(pages.all(), [{ state: 'backoff', lastError: /nobody reads the page/ }, { state: 'stopped' }]);
  pages.take('live.example', []);
  t.match(pages.all()[0], { state: 'live', lastError: '' });
  for (let i = 0; i < 60; i += 1) pages.take(`site-${i}.example`, []);
  t.equal(pages.all().length, 21, 'pages in memory are bounded');
});

t.test('waits longer after each failed try, with jitter, up to the longest delay', async (t) => {
  const waits = { minMs: 1000, maxMs: 60_000 };
  const longest = new Backoff(waits, () => 1);
  t.same(
    Array.from({ length: 8 }, () => longest.nextMs()),
    [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000],
  );
  longest.reset();
  t.equal(longest.nextMs(), 1000);
  const shortest = new Backoff(waits, () => 0);
  t.same(
    Array.from({ length: 4 }, () => shortest.nextMs()),
    [1000, 1000, 2000, 4000],
  );
  t.equal(shortest.longestMs(), 30_000);
});
