import t, { type Test } from 'tap';
import { eventSource, type TwitchSourceConfig } from '../../../src/config/sections/events.js';
import { silentLog } from '../../../src/core/log.js';
import { parseIrc, TwitchSource } from '../../../src/viewers/sources/twitch-source.js';
import { EventList } from '../../kit/event-list.js';
import { IrcServer } from '../../kit/irc-server.js';
import { until } from '../../kit/until.js';

async function connect(t: Test, refuseLogins = false) {
  const server = await IrcServer.start(t);
  server.refuseLogins = refuseLogins;
  const sink = new EventList();
  const config = eventSource.parse({
    id: 'tw',
    kind: 'twitch',
    channel: 'ShopLive',
    url: server.url,
  }) as TwitchSourceConfig;
  const source = new TwitchSource(config, { sink, log: silentLog, env: {}, waits: { minMs: 20, maxMs: 60 } });
  t.teardown(() => source.close());
  return { server, sink, source };
}

const say = (id: string, text: string, more = ''): string =>
  `@badge-info=;display-name=Anna;id=${id};tmi-sent-ts=1790000000123${more} :anna!anna@anna.tmi.twitch.tv PRIVMSG #shoplive :${text}`;

t.test('joins the channel as an anonymous viewer and reads its messages', async (t) => {
  const { server, sink, source } = await connect(t);
  await until('joined', () => source.health().state === 'live');
  t.match(server.heard[1], /^NICK justinfan\d+$/);
  t.match(server.heard, ['CAP REQ :twitch.tv/tags twitch.tv/commands', /./, 'JOIN #shoplive']);
  server.say([
    say('m1', 'how much is it? :)'),
    say('m2', '\u0001ACTION waves\u0001'),
    say('m3', 'cheer100 nice', ';bits=100'),
    ':bob!bob@bob.tmi.twitch.tv PRIVMSG #other :not this channel',
    '@msg-id=subgift;login=carl;display-name=;id=g1 :tmi.twitch.tv USERNOTICE #shoplive',
    '@msg-id=raid;login=dora;id=r1 :tmi.twitch.tv USERNOTICE #shoplive',
    'PING :tmi.twitch.tv',
  ]);
  await until('five events', () => sink.events.length === 5);
  t.same(sink.lines, [
    'comment Anna: how much is it? :)',
    'comment Anna: waves',
    'comment Anna: cheer100 nice',
    'gift Anna: bits ×100',
    'gift carl: subscription ×1',
  ]);
  t.match(sink.events[0], { id: 'tw:m1', platform: 'twitch', atMs: 1_790_000_000_123 });
  await until('answered', () => server.heard.includes('PONG :tmi.twitch.tv'));
});

t.test('returns after the server asks to reconnect, and keeps ids', async (t) => {
  const { server, sink, source } = await connect(t);
  await until('joined', () => source.health().state === 'live');
  server.say([say('m1', 'one'), ':tmi.twitch.tv RECONNECT']);
  await until('again', () => server.sockets.server!.connections === 2 && source.health().state === 'live');
  server.say([say('m1', 'one'), say('m2', 'two')]);
  await until('two', () => sink.events.length === 2);
  t.equal(sink.repeated, 1);
});

t.test('says why a login was refused, and is not live meanwhile', async (t) => {
  const { server, source } = await connect(t, true);
  await until('refused', () => source.health().lastError !== '');
  t.match(source.health().lastError, /Twitch refused the connection: Login authentication failed/);
  server.refuseLogins = false;
  await until('joined', () => source.health().state === 'live');
  t.equal(source.health().lastError, '');
});

t.test('leaves out lines that are not IRC', async (t) => {
  const { server, sink, source } = await connect(t);
  await until('joined', () => source.health().state === 'live');
  server.say(['@@@@', '@id=x', ':only-a-prefix', say('', 'without an id'), say('m1', ''), say('m9', 'fine')]);
  await until('fine', () => sink.events.length === 1);
  t.ok(source.health().ignored! >= 4, String(source.health().ignored));
});

t.test('reads tags, their escapes, prefixes and parameters of a line', async (t) => {
  const line = parseIrc('@a=1\\s\\:\\\\x;b=;c :nick!user@host PRIVMSG #c :hello : world');
  t.same(
    [...line!.tags],
    [
      ['a', '1 ;\\x'],
      ['b', ''],
    ],
  );
  t.match(line, { nick: 'nick', command: 'PRIVMSG', params: ['#c', 'hello : world'] });
  t.match(parseIrc(':srv 366 me #c :End'), { nick: '', command: '366', params: ['me', '#c', 'End'] });
  t.match(parseIrc('PING'), { command: 'PING', params: [] });
  t.equal(parseIrc('@a=1'), undefined);
});
