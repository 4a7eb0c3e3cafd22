import t from 'tap';
import { parseRoom } from '../../../src/config/load-room.js';
import { silentLog } from '../../../src/core/log.js';
import { AvatarDesk } from '../../../src/external-avatar/avatar-desk.js';
import { openAvatarSpeech } from '../../../src/room/open/programme.js';

const roomOf = (speech?: object) =>
  parseRoom(
    JSON.stringify({
      name: 'shop',
      presenter: { pack: 'mei', source: 'whip', external: { speech } },
      layers: [{ id: 'host', type: 'presenter' }],
      script: { segments: [{ lines: [{ text: 'Hello' }] }] },
    }),
    '/rooms/shop/room.json',
  );

function open(speech: object | undefined, env: NodeJS.ProcessEnv = {}) {
  const room = roomOf(speech);
  const desk = new AvatarDesk({ room, log: silentLog, note: () => undefined, env });
  const board = { get: () => 0 } as unknown as Parameters<typeof openAvatarSpeech>[0]['board'];
  // Never resolved: nothing is sent.
  const ffmpeg = new Promise<{ path: string }>(() => undefined);
  return { desk, speech: openAvatarSpeech({ room, desk, log: silentLog, board, ffmpeg, env }) };
}

const whip = { kind: 'whip', url: 'http://127.0.0.1:9/voice/whip' };
const files = { kind: 'live-talking', baseUrl: 'http://127.0.0.1:9' };

t.test('sends the speech as the room file says: as files, as a stream, or not', async (t) => {
  t.equal(open(undefined).speech, undefined);
  for (const [config, link] of [
    [whip, 'connecting'],
    [files, null],
  ] as const) {
    const { desk } = open(config);
    t.match(desk.state().speech, { sent: 0, failed: 0, dropped: 0, lastError: '', link });
    await desk.close();
  }
});

t.test('takes the token from the environment alone', async (t) => {
  for (const config of [whip, files]) {
    t.throws(() => open({ ...config, token: '${AVATAR_TOKEN}' }), { code: 'E_ENV_MISSING', message: /AVATAR_TOKEN/ });
    const { desk } = open({ ...config, token: '${AVATAR_TOKEN}' }, { AVATAR_TOKEN: 's3cret' });
    t.notMatch(JSON.stringify(desk.state()), /s3cret/);
    await desk.close();
    t.throws(() => roomOf({ ...config, token: 's3cret' }), { code: 'E_ROOM_INVALID' }, 'a token in the room file');
  }
});

t.test('refuses an invalid address, and an address with a password', async (t) => {
  for (const url of ['ftp://gpu-box/whip', 'http://user:word@gpu-box/whip', 'gpu-box'])
    t.throws(() => roomOf({ ...whip, url }), { code: 'E_ROOM_INVALID', message: /url/ });
});
