import { spawn } from 'node:child_process';
import t from 'tap';
import { parseRoom } from '../../../src/config/load-room.js';
import { silentLog } from '../../../src/core/log.js';
import { AvatarDesk } from '../../../src/external-avatar/avatar-desk.js';
import { avatarVoice } from '../../../src/room/open/open-desks.js';
import { until } from '../../kit/until.js';
import { ffmpeg, splitTags } from '../../external-avatar/picture/film.js';

const KEY = 'a-key-of-sixteen-or-more';
const room = (presenter: object) =>
  parseRoom(
    JSON.stringify({
      name: 'shop',
      presenter: { pack: 'mei', ...presenter },
      layers: [{ id: 'host', type: 'presenter' }],
      script: { segments: [{ lines: [{ text: 'Hello' }] }] },
    }),
    '/rooms/shop/room.json',
  );
const desk = (presenter: object, env: NodeJS.ProcessEnv = { AVATAR_KEY: KEY }): AvatarDesk =>
  new AvatarDesk({ room: room(presenter), log: silentLog, note: () => undefined, env });

/** FLV tags of a second of tone, as a publisher sends it. */
async function toneTags(): Promise<Buffer[]> {
  const args = [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'sine=frequency=440',
    '-t',
    '1',
    '-c:a',
    'aac',
    '-f',
    'flv',
    'pipe:1',
  ];
  const child = spawn(ffmpeg.path, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  for await (const part of child.stdout) parts.push(part as Buffer);
  return splitTags(Buffer.concat(parts)).filter((tag) => tag[0] === 8);
}

t.test('hears the sound of a pushed avatar only while a takeover asks for it', async (t) => {
  const avatar = desk({ source: 'rtmp', external: { streamKey: '${AVATAR_KEY}' } });
  t.teardown(() => avatar.close());
  const tags = await toneTags();
  const send = (): void => {
    for (const tag of tags) avatar.ingest!.onTag(tag);
  };
  avatar.ingest!.onPublish(true);
  send();
  let samples = 0;
  let peak = 0;
  const link = await avatarVoice(
    avatar,
    {
      onPcm: (pcm) => {
        samples += pcm.length;
        for (const x of pcm) peak = Math.max(peak, Math.abs(x));
      },
      onGone: (reason) => t.fail(reason),
    },
    { ffmpegPath: ffmpeg.path, delayMs: 5000 },
  );
  send();
  await until('sound', () => samples > 24_000, 20_000);
  t.ok(peak > 0.05, `${peak}`);
  await link.close();
  const before = samples;
  send();
  t.equal(samples, before);
});

t.test('takes a key from the environment that cannot be guessed, and compares it whole', async (t) => {
  const external = { streamKey: '${AVATAR_KEY}' };
  t.throws(() => desk({ source: 'rtmp', external }, {}), { code: 'E_ENV_MISSING' });
  t.throws(() => desk({ source: 'rtmp', external }, { AVATAR_KEY: 'short' }), { code: 'E_TOKEN_WEAK' });
  const avatar = desk({ source: 'whip', external });
  t.equal(avatar.ingest, undefined, 'no RTMP in a room that takes WHIP');
  t.same([avatar.isKey(KEY), avatar.isKey(`${KEY}x`), avatar.isKey('')], [true, false, false]);
  t.equal(desk({ source: 'whip' }).isKey('undefined'), false);
});

t.test('a room of its own presenter takes no avatar', async (t) => {
  const avatar = desk({});
  t.match(avatar.state(), { source: 'pack', step: null, connected: false, speech: null });
  t.same(avatar.sources(), []);
  await t.rejects(avatar.offer('v=0\r\n'), { code: 'E_AVATAR_OFF' });
  await t.rejects(avatar.hangUp('x'), { code: 'E_NOT_FOUND' });
  await avatar.close();
});
