import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { externalAvatar } from '../../../src/config/sections/presenter.js';
import { i420Size } from '../../../src/core/media/picture.js';
import { silentLog, type Log } from '../../../src/core/log.js';
import { ExternalAvatar } from '../../../src/external-avatar/picture/external-avatar.js';
import { ExternalRing, slotPicture } from '../../../src/external-avatar/picture/external-ring.js';
import { until, wait } from '../../kit/until.js';
import { ffmpeg, filmTags, inBandOf } from './film.js';

const box = { x: 10, y: 20, width: 160, height: 200 };
const film = await filmTags(2);

function avatarOf(t: Test, external: object = {}) {
  const warned: string[] = [];
  const log: Log = { ...silentLog, warn: (_: object, text: string) => void warned.push(text), child: () => log };
  const avatar = new ExternalAvatar({ box, external: externalAvatar.parse(external), ffmpeg, fps: 60, log });
  t.teardown(() => avatar.close());
  const ring = new ExternalRing(avatar.slots);
  const play = async (tags: readonly Buffer[], feed = avatar.open(() => undefined)) => {
    for (const [i, tag] of tags.entries()) {
      feed.tag(tag);
      // The thread has to be loaded first.
      if (i === 0) await until('the thread', () => ring.queuedBytes === 0, 20_000);
      await wait(20);
    }
    return feed;
  };
  return { avatar, ring, play, warned };
}

/** Alpha, luma, U and V at a place of the newest picture. */
function look({ avatar, ring }: { avatar: ExternalAvatar; ring: ExternalRing }, x: number, y: number) {
  const { data, width, height } = slotPicture(avatar.slots, ring.newest);
  const chroma = (y >> 1) * (width / 2) + (x >> 1);
  return {
    alpha: data[i420Size(width, height) + y * width + x]!,
    y: data[y * width + x]!,
    u: data[width * height + chroma]!,
    v: data[width * height * 1.25 + chroma]!,
  };
}

t.test('decodes and keys a film, which stands on the lower edge of the layer', async (t) => {
  const rig = avatarOf(t);
  await rig.play(film);
  await until('pictures', () => rig.ring.live > 20, 20_000);
  t.match(rig.avatar, { connected: true, picture: { width: 160, height: 120 } });
  t.equal(look(rig, 80, 40).alpha, 0, 'above the picture');
  t.equal(look(rig, 10, 190).alpha, 0, 'the backdrop');
  const red = look(rig, 80, 140);
  t.equal(red.alpha, 255);
  t.ok(red.v > 190 && red.u < 125, 'red');
  t.ok(rig.ring.kept > 8);
});

t.test('a film that fills its layer, whole', async (t) => {
  const rig = avatarOf(t, { key: { kind: 'none' }, fit: 'cover' });
  await rig.play(film.slice(0, 20));
  await until('pictures', () => rig.ring.live > 5, 20_000);
  t.equal(rig.avatar.slots.opaque, true);
  t.equal(look(rig, 2, 2).alpha, 255);
});

t.test('goes on with the next key frame after a decoder died of garbage', async (t) => {
  const rig = avatarOf(t);
  const feed = await rig.play(film.slice(0, 20));
  await until('pictures', () => rig.ring.live > 5, 20_000);
  const broken = Buffer.from(film[3]!);
  broken.fill(0xff, 16, broken.length - 4);
  // Garbage inside of a configuration ends the decoder.
  const config = Buffer.from(film[0]!);
  config.fill(0, 20, config.length - 4);
  await rig.play([broken, config, ...film.slice(1, 20)], feed);
  const before = rig.ring.live;
  await wait(1200);
  await rig.play(film, feed);
  await until('pictures', () => rig.ring.live > before + 10, 20_000);
  t.ok(rig.avatar.counts.decoders >= 2);
});

t.test('another size of the source begins another decoder', async (t) => {
  const rig = avatarOf(t);
  const feed = await rig.play(film.slice(0, 20));
  await until('pictures', () => rig.ring.live > 5, 20_000);
  const tall = await filmTags(1, { width: 180, height: 320 });
  const before = rig.ring.live;
  await rig.play(tall, feed);
  await until('pictures', () => rig.ring.live > before + 10, 20_000);
  t.equal(look(rig, 80, 2).alpha, 0);
  t.equal(rig.avatar.counts.decoders, 2);
});

t.test('another size among the pictures begins another decoder, at its own scale', async (t) => {
  const rig = avatarOf(t);
  const feed = await rig.play(film.slice(0, 20));
  await until('pictures', () => rig.ring.live > 5, 20_000);
  const tall = inBandOf(await filmTags(1, { width: 180, height: 320 }));
  const before = rig.ring.live;
  await rig.play(tall, feed);
  await until('pictures', () => rig.ring.live > before + 10, 20_000);
  t.equal(look(rig, 80, 70).alpha, 255, 'red in the upper half: not squeezed into the scale before');
  t.equal(rig.avatar.counts.decoders, 2);
  await rig.play(inBandOf(film).slice(0, 14), feed);
  await until('the first size', () => look(rig, 80, 70).alpha === 0, 20_000);
  t.equal(rig.avatar.counts.decoders, 3);
});

t.test('a newer source takes the place of an older one', async (t) => {
  const rig = avatarOf(t);
  let replaced = 0;
  const first = rig.avatar.open(() => (replaced += 1));
  await rig.play(film.slice(0, 15), first);
  const second = rig.avatar.open(() => undefined);
  t.equal(replaced, 1);
  await rig.play(film, second);
  await until('pictures', () => rig.ring.live > 30, 20_000);
  first.end();
  t.equal(rig.avatar.connected, true, 'the end of the older one changes nothing');
  second.end();
  t.equal(rig.avatar.connected, false);
});

t.test('drops tags up to the next key frame when the thread does not follow', async (t) => {
  const rig = avatarOf(t);
  const feed = rig.avatar.open(() => undefined);
  const big = Buffer.alloc(1 << 20);
  film[2]!.copy(big);
  let lost = 0;
  for (let i = 0; i < 20; i += 1) if (!feed.tag(big)) lost += 1;
  t.ok(lost > 0, 'twenty megabytes at once');
  t.equal(rig.avatar.counts.lostTags, lost);
  await until('pictures', () => rig.ring.queuedBytes === 0, 10_000);
  t.equal(feed.tag(film[2]!), false, 'not before a key frame');
  t.equal(feed.tag(film[0]!), true);
});

t.test('plays the idle clip, keyed, while the source sends nothing, and ends it afterwards', async (t) => {
  const file = join(t.testdir(), 'idle.mp4');
  const graph = 'color=0x00ff00:s=320x240:r=25,drawbox=x=80:y=60:w=160:h=120:color=0x2020c0:t=fill';
  const encode = ['-t', '1', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  execFileSync(ffmpeg.path, ['-v', 'error', '-f', 'lavfi', '-i', graph, ...encode, file]);
  const rig = avatarOf(t, { idleClip: file });
  await until('the clip, round and round', () => rig.ring.idle > 40, 30_000);
  t.equal(rig.ring.live, 0);
  t.equal(look(rig, 80, 140).alpha, 255);
  t.equal(look(rig, 10, 190).alpha, 0);
  t.ok(look(rig, 80, 140).u > 180, 'blue');
  const feed = await rig.play(film);
  await rig.play(film, feed);
  await until('the source', () => rig.ring.live > 60, 20_000);
  const { idle } = rig.ring;
  await rig.play(film, feed);
  t.equal(rig.ring.idle, idle, 'the clip is not shown beside the source');
});

t.test('closes its thread and its decoders', async (t) => {
  const rig = avatarOf(t);
  await rig.play(film.slice(0, 10));
  await rig.avatar.close();
  await rig.avatar.close();
  const { live } = rig.ring;
  await wait(200);
  t.equal(rig.ring.live, live);
});

/** The same tag at another time; the film's own times begin at 0. */
function at(tag: Buffer, ms: number): Buffer {
  const moved = Buffer.from(tag);
  moved.writeUIntBE(ms & 0xff_ffff, 4, 3);
  moved[7] = (ms >>> 24) & 0xff;
  return moved;
}

t.test('times that run backwards, jump or stand still stop nothing, nor does a burst after silence', async (t) => {
  const { avatar, ring, play } = avatarOf(t, { key: { kind: 'none' }, fit: 'cover' });
  const [config, ...pictures] = film;
  const feed = await play([config!, ...pictures.slice(0, 15)]);
  await until('pictures', () => ring.live > 5, 20_000);
  const times: readonly (readonly [row: string, ms: (i: number) => number])[] = [
    ['backwards', (i) => 600_000 - 33 * i],
    ['near the wrap of 32 bits', (i) => (0xffff_ff00 + 33 * i) >>> 0],
    ['at zero again', (i) => 33 * i],
    ['all the same', () => 5000],
    ['at random', (i) => (i * 2_654_435_761) >>> 0],
  ];
  for (const [row, ms] of times) {
    const before = avatar.counts.received;
    await play(
      pictures.slice(0, 30).map((tag, i) => at(tag, ms(i))),
      feed,
    );
    await until(row, () => avatar.counts.received >= before + 25, 10_000);
  }
  t.equal(avatar.counts.decoders, 1, 'one decoder for all of them');
  await wait(1500);
  // Ten minutes of pictures at once.
  const before = avatar.counts.received;
  let most = 0;
  for (let i = 0; i < 18_000; i += 1) {
    feed.tag(at(pictures[i % pictures.length]!, 33 * i));
    most = Math.max(most, ring.queuedBytes);
    if (i % 500 === 0) await wait(1);
  }
  t.ok(most < (8 << 20) + 100_000, `${most} bytes wait at most`);
  await until('the thread has followed', () => ring.queuedBytes === 0, 20_000);
  await wait(1000);
  await play(pictures, feed);
  await until('pictures again', () => avatar.counts.received > before, 10_000);
  t.ok(avatar.counts.decoders <= 2, `${avatar.counts.decoders} decoders`);
});
