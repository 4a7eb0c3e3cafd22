import t from 'tap';
import type { EncodedPacket } from '../../src/core/media/packets.js';
import { ticks90k } from '../../src/core/time.js';
import { Interleaver } from '../../src/encoder/process/encoder-supervisor.js';
import { PacketRing } from '../../src/encoder/packet-ring.js';

const video = (n: number, key: boolean, bytes = 100): EncodedPacket => ({
  codec: 'h264',
  kind: 'video',
  pts: ticks90k(n * 3000),
  duration: ticks90k(3000),
  key,
  generation: 1,
  data: new Uint8Array(bytes),
});
const aac = (n: number): EncodedPacket => ({
  ...video(0, true),
  codec: 'aac',
  kind: 'audio',
  pts: ticks90k(n * 1920),
});
const all = { codecs: ['h264', 'aac'], from: 'next-key', maxLagMs: 1000, maxLagBytes: 1 << 20 } as const;

t.test('gives a reader that keeps up every packet of its codecs from the first IDR on', async (t) => {
  const ring = new PacketRing();
  const both = ring.open(all);
  const sound = ring.open({ ...all, codecs: ['aac'] });
  const got: number[] = [];
  for (let n = 0; n < 100; n += 1) {
    ring.push(video(n, n % 30 === 5));
    ring.push(aac(n));
    for (let p = both.take(); p !== undefined; p = both.take()) got.push(p.pts);
  }
  t.equal(got.length, 190, 'five frames and their sound came before the first IDR');
  t.equal(got[0], 5 * 3000);
  t.same(both.stats(), { delivered: 190, dropped: 0, jumps: 0 });
  t.equal(sound.take()?.pts, 95 * 1920, 'a slow reader of sound jumps as well');
});

t.test('moves a slow reader to the newest IDR and counts the skipped packets', async (t) => {
  const ring = new PacketRing();
  const slow = ring.open(all);
  for (let n = 0; n < 70; n += 1) ring.push(video(n, n % 20 === 0));
  const packet = slow.take();
  t.equal(packet?.pts, 60 * 3000);
  t.equal(packet?.key, true);
  t.same(slow.stats(), { delivered: 1, dropped: 60, jumps: 1 });
  t.equal(slow.take()?.pts, 61 * 3000, 'and goes on from there');
});

t.test('keeps the ring within its limits whatever the readers do', async (t) => {
  const ring = new PacketRing({ maxMs: 2000, maxBytes: 50_000 });
  const dead = ring.open(all);
  for (let n = 0; n < 5000; n += 1) ring.push(video(n, n % 30 === 0, 1000));
  t.ok(ring.heldBytes <= 50_000, `${ring.heldBytes} bytes`);
  t.ok(dead.lag().bytes <= 50_000);
  t.equal(dead.take()?.key, true, 'what it gets after all is an IDR');
});

t.test('starts a new reader at the newest IDR on request and wakes it for packets', async (t) => {
  const ring = new PacketRing();
  for (let n = 0; n < 45; n += 1) ring.push(video(n, n % 30 === 0));
  t.equal(ring.open({ ...all, from: 'latest-key' }).take()?.pts, 30 * 3000);
  const waiting = ring.open(all);
  const next = waiting.next(new AbortController().signal);
  ring.push(video(45, false));
  ring.push(video(46, true));
  t.equal((await next)?.pts, 46 * 3000);
  const ends = waiting.next(new AbortController().signal);
  ring.close();
  t.equal(await ends, undefined, 'a closed ring ends its readers');
  const aborted = new AbortController();
  const late = new PacketRing().open(all).next(aborted.signal);
  aborted.abort();
  t.equal(await late, undefined);
});

t.test('orders packets of two encoders by time and does not wait long for a dead one', async (t) => {
  const out: EncodedPacket[] = [];
  const interleaver = new Interleaver(500, (packet) => out.push(packet));
  for (let n = 0; n < 40; n += 1) interleaver.push(aac(n), 0);
  t.equal(out.length, 0, 'sound waits for the picture');
  for (let n = 0; n < 20; n += 1) interleaver.push(video(n, n === 0), 10);
  t.ok(
    out.every((packet, i) => i === 0 || packet.pts >= out[i - 1]!.pts),
    'times rise',
  );
  t.equal(out.filter((packet) => packet.codec === 'h264').length, 20);
  interleaver.push(video(5, false), 20);
  t.equal(interleaver.outdated, 1, 'a time that has passed is left out');
  interleaver.push(aac(41), 100);
  interleaver.flush(599);
  t.equal(out.at(-1)?.pts, 39 * 1920, 'what came first has waited long enough, the last has not');
  interleaver.flush(601);
  t.equal(out.at(-1)?.pts, 41 * 1920, 'after the bound sound goes without the picture');
});
