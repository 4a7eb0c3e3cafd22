import t from 'tap';
import { events } from '../../src/config/sections/events.js';
import { parseRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import { CloseStack } from '../../src/core/close-stack.js';
import { checkEvents } from '../../src/viewers/check-events.js';
import { openSources, requireSourceKeys } from '../../src/room/open/ground.js';
import { EventList } from '../kit/event-list.js';

const sources = [
  { id: 'yt', kind: 'youtube', videoId: 'abcdefgh' },
  { id: 'b', kind: 'bilibili', roomId: 3, cookie: '${BILI_COOKIE}' },
  { id: 'shop', kind: 'oba' },
];
const room = { events: events.parse({ sources }) };

t.test('names each missing variable with its place in the room file', async (t) => {
  t.match(checkEvents(room, { BILI_COOKIE: 'x' }), [
    {
      severity: 'warning',
      where: 'events.sources[0].apiKey',
      expected: 'environment variable YOUTUBE_KEY',
      todo: /before `engine start`/,
    },
  ]);
  t.equal(checkEvents(room, {}).length, 2);
  t.same(checkEvents(room, { BILI_COOKIE: 'x', YOUTUBE_KEY: 'y' }), []);
});

t.test('refuses a room before it loads when a variable is missing', async (t) => {
  t.throws(() => requireSourceKeys(room, {}), { code: 'E_ENV_MISSING', where: 'events.sources[0].apiKey' });
  requireSourceKeys(room, { BILI_COOKIE: 'x', YOUTUBE_KEY: 'y' });
});

t.test('closes the sources with the room', async (t) => {
  const stack = new CloseStack(silentLog);
  const only = { events: events.parse({ sources: [{ id: 'l', kind: 'luna', port: 0 }] }) };
  const opened = openSources({ room: only, sink: new EventList(), log: silentLog, env: {} }, stack);
  t.equal(opened.health().length, 1);
  await stack.close();
  t.equal(opened.health()[0]!.state, 'stopped');
});

const file = (list: unknown): string =>
  JSON.stringify({
    name: 'x',
    presenter: { pack: 'mei' },
    layers: [{ id: 'p', type: 'presenter', width: '100%', height: '80%' }],
    script: { segments: [{ lines: [{ text: 'Hello' }] }] },
    events: { sources: list },
  });

t.test('says where a source in a room file is wrong, without showing a secret', async (t) => {
  const fault = (list: unknown): string => {
    try {
      parseRoom(file(list), '/room.json');
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  t.equal(fault(sources), '');
  const key = 'AIzaSyA-a-real-key';
  const shown = fault([{ id: 'yt', kind: 'youtube', videoId: 'abcdefgh', apiKey: key }]);
  t.match(shown, /events\.sources\[0\]\.apiKey/);
  t.notMatch(shown, new RegExp(key));
  t.match(
    fault([
      { id: 'a', kind: 'oba' },
      { id: 'a', kind: 'oba' },
    ]),
    /events\.sources\[1\]\.id.*"a" again/,
  );
  t.match(fault([{ id: 'a', kind: 'tiktok' }]), /events\.sources\[0\]\.kind/);
  t.match(fault([{ id: 'a', kind: 'youtube' }]), /events\.sources\[0\]\.videoId/);
  t.match(fault([{ id: 'a', kind: 'luna', host: '0.0.0.0' }]), /events\.sources\[0\]\.token/);
  t.match(fault([{ id: 'a', kind: 'twitch', channel: 'no spaces please' }]), /events\.sources\[0\]\.channel/);
});
