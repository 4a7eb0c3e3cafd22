import { execFile } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import t, { type Test } from 'tap';
import { silentLog } from '../../src/core/log.js';
import { tagKind } from '../../src/core/media/packets.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { EmbeddedServer } from '../../src/outputs/embedded/embedded-server.js';
import {
  ConnectionBook,
  DroppedReasons,
  MAX_PLAYERS,
  MAX_PLAYERS_PER_ADDRESS,
  MAX_WAITING,
  MAX_WAITING_MS,
  MAX_WAITING_PER_ADDRESS,
} from '../../src/outputs/embedded/rtmp-guard.js';
import { until, wait } from '../kit/until.js';

t.test('avatar publisher', async (t) => {
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
});

t.test('connection book', async (t) => {
  class FakeSocket extends EventEmitter {
    bytesRead = 0;
    writableLength = 0;
    destroyed = false;
    constructor(readonly remoteAddress: string) {
      super();
    }
    destroy(): void {
      this.destroyed = true;
      this.emit('close');
    }
  }

  function rig() {
    const told: string[] = [];
    let nowMs = 0;
    const book = new ConnectionBook(
      (reason) => told.push(reason),
      () => nowMs,
    );
    const open = (address = '127.0.0.1') => {
      const fake = new FakeSocket(address);
      const socket = fake as unknown as Socket;
      book.open(socket);
      return { fake, play: () => book.play(socket), publish: () => book.publish(socket) };
    };
    const pass = (ms: number): void => {
      nowMs += ms;
      book.sweep();
    };
    return { told, open, pass };
  }

  t.test('ends a connection that neither plays nor publishes in time', async (t) => {
    const { told, open, pass } = rig();
    const [idle, player, publisher] = [open(), open(), open()];
    t.ok(player.play());
    publisher.publish();
    pass(MAX_WAITING_MS);
    t.notOk(idle.fake.destroyed);
    pass(1);
    t.match(
      [idle, player, publisher].map((one) => one.fake.destroyed),
      [true, false, false],
    );
    t.match(told, [/10 s/]);
  });

  t.test('lets the longest waiting go for a newcomer, of its own address first', async (t) => {
    const { open } = rig();
    const far = open('10.0.0.9');
    const near = Array.from({ length: MAX_WAITING_PER_ADDRESS + 2 }, () => open());
    t.match(
      near.map((one) => one.fake.destroyed),
      [true, true, ...near.slice(2).map(() => false)],
    );
    t.notOk(far.fake.destroyed, 'another address pays nothing for it');
    const others = Array.from({ length: MAX_WAITING }, (_, i) => open(`10.0.1.${i}`));
    t.ok(far.fake.destroyed, 'beyond the limit in all the longest waiting goes');
    t.notOk(others.at(-1)!.fake.destroyed);
  });

  t.test('limits players, and never the publisher', async (t) => {
    const { open } = rig();
    const near = Array.from({ length: MAX_PLAYERS_PER_ADDRESS + 1 }, () => open().play());
    t.same(near.indexOf(false), MAX_PLAYERS_PER_ADDRESS);
    const all = Array.from({ length: MAX_PLAYERS }, (_, i) => open(`10.0.0.${i}`).play());
    t.equal(all.filter(Boolean).length, MAX_PLAYERS - MAX_PLAYERS_PER_ADDRESS);
    const publisher = open();
    publisher.publish();
    t.notOk(publisher.fake.destroyed);
  });

  t.test('gives the place of a player that has left to another', async (t) => {
    const { open } = rig();
    const players = Array.from({ length: MAX_PLAYERS_PER_ADDRESS }, () => {
      const one = open();
      one.play();
      return one;
    });
    t.notOk(open().play());
    players[0]!.fake.destroy();
    t.ok(open().play());
  });

  t.test('cuts off players that do not read or that send', async (t) => {
    const { told, open, pass } = rig();
    const [lazy, loud, publisher] = [open(), open(), open()];
    lazy.play();
    loud.play();
    publisher.publish();
    lazy.fake.writableLength = 9 << 20;
    loud.fake.bytesRead = 300 << 10;
    publisher.fake.bytesRead = 300 << 10;
    pass(1000);
    t.match(
      [lazy, loud, publisher].map((one) => one.fake.destroyed),
      [true, true, false],
    );
    t.equal(told.length, 2);
  });

  t.test('reports a flood of refusals as one line with its count', async (t) => {
    let nowMs = 0;
    const told: [string, number][] = [];
    const reasons = new DroppedReasons(
      (...one) => told.push(one),
      () => nowMs,
    );
    reasons.add('a publisher');
    for (let i = 0; i < 1000; i += 1) reasons.add('a publisher');
    for (let i = 0; i < 100; i += 1) reasons.add(`text ${i} of a client`);
    reasons.flush();
    t.same(told, [['a publisher', 1]]);
    nowMs = 5001;
    reasons.flush();
    t.match(told[1], ['a publisher', 1000]);
    t.equal(told.length, 1 + 17, 'texts that clients choose do not fill the log');
  });
});
