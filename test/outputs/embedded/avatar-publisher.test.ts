import { execFile } from 'node:child_process';
import t, { type Test } from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { tagKind } from '../../../src/core/media/flv-tags.js';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import { EmbeddedServer } from '../../../src/outputs/embedded/embedded-server.js';
import { until, wait } from '../../kit/until.js';

const KEY = 'a-key-of-the-avatar-42';
const ffmpeg = await findFfmpeg();

async function serve(t: Test) {
  const tags: Uint8Array[] = [];
  const states: boolean[] = [];
  const server = new EmbeddedServer({
    ...{ rtmpPort: 0, flvPort: 0, log: silentLog },
    avatar: { key: KEY, onPublish: (publishing) => states.push(publishing), onTag: (tag) => tags.push(tag) },
  });
  t.teardown(() => server.close());
  await server.start();
  return { server, tags, states, url: (name: string) => `rtmp://127.0.0.1:${server.rtmpPort}/avatar/${name}` };
}

/** Pushes a film of two seconds with sound, as another engine would; resolves with whether it was taken. */
const push = (url: string, seconds = 2): Promise<'sent' | 'cut'> =>
  new Promise((resolve) => {
    const input = ['-re', '-f', 'lavfi', '-i', 'testsrc=s=320x240:r=25', '-re', '-f', 'lavfi', '-i', 'sine'];
    const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25', '-c:a', 'aac'];
    execFile(
      ffmpeg.path,
      ['-v', 'error', ...input, '-t', String(seconds), ...encode, '-f', 'flv', url],
      { timeout: 20_000 },
      (error) => resolve(error === null ? 'sent' : 'cut'),
    );
  });

/** Bytes of pictures that a player gets within four seconds. */
const pictureBytes = (url: string): Promise<number> =>
  new Promise((resolve) => {
    const args = ['-v', 'error', '-i', url, '-frames:v', '3', '-f', 'rawvideo', 'pipe:1'];
    execFile(ffmpeg.path, args, { timeout: 4000, encoding: 'buffer', maxBuffer: 64 << 20 }, (_error, stdout) =>
      resolve(stdout.length),
    );
  });

t.test('takes what ffmpeg pushes with the key, and no player ever gets it', async (t) => {
  const { server, tags, states, url } = await serve(t);
  const sending = push(url(KEY), 6);
  await until('tags', () => tags.length > 20, 10_000);
  t.same(states, [true]);
  const flv = `http://127.0.0.1:${server.flvPort}/avatar/${KEY}.flv`;
  t.same(await Promise.all([pictureBytes(url(KEY)), pictureBytes(flv)]), [0, 0]);
  t.equal(await sending, 'sent');
  await until('the publisher', () => states.length === 2, 5000);
  t.same(states, [true, false]);
  const video = tags.filter((tag) => tag[0] === 9).map((tag) => tagKind(tag));
  t.equal(video[0], 'config');
  t.equal(video[1], 'key');
  t.ok(video.filter((kind) => kind === 'delta').length > 100);
  t.ok(tags.some((tag) => tag[0] === 8));
});

t.test('drops who has another key, and who publishes in the place of the show', async (t) => {
  const { server, tags, states, url } = await serve(t);
  t.equal(await push(url('another-key-of-16-chars')), 'cut');
  t.equal(await push(url(`${KEY}x`)), 'cut');
  t.equal(await push(`rtmp://127.0.0.1:${server.rtmpPort}/live/${KEY}`), 'cut');
  t.same([tags.length, states.length], [0, 0]);
});

t.test('a newer publisher takes the place of an older one', async (t) => {
  const { states, url } = await serve(t);
  const first = push(url(KEY), 10);
  await until('the publisher', () => states.length === 1, 10_000);
  const second = push(url(KEY), 2);
  t.equal(await first, 'cut');
  t.equal(await second, 'sent');
  await until('the end of the publisher', () => states.at(-1) === false, 5000);
  t.equal(states.at(-1), false);
  t.equal(states.filter((one) => one).length, 2);
});

t.test('a room without an avatar takes none', async (t) => {
  const server = new EmbeddedServer({ rtmpPort: 0, flvPort: 0, log: silentLog });
  t.teardown(() => server.close());
  await server.start();
  t.equal(await push(`rtmp://127.0.0.1:${server.rtmpPort}/avatar/undefined`), 'cut');
  await wait(10);
});
