import t from 'tap';
import { FLV_HEADER, flvTag } from '../../src/outputs/srt/flv-stream.js';
import { judgeSoak } from '../../scripts/soak/judge-soak.js';
import { mediaSoak } from '../../scripts/soak/media-soak.js';
import { indexOf, makePacket } from '../../scripts/soak/null-packets.js';
import { trendOf, type Sample } from '../../scripts/soak/series.js';
import { SoakReceiver } from '../../scripts/soak/soak-receiver.js';

t.test('a packet says what it stands for, also after fifty days', async (t) => {
  for (const index of [0, 63, 64, 206_158_430_208, 2 ** 40]) {
    for (const kind of ['idr', 'slice', 'aac', 'opus'] as const) t.equal(indexOf(makePacket(kind, index, 0)), index);
  }
});

t.test('a receiver sees a missing packet, a time that goes back and sound that drifts', async (t) => {
  // A picture for each packet of sound, so that both stand at the same times.
  const ms = (n: number): number => Math.round((n * 1024) / 48);
  const seen = (numbers: readonly number[], timeOf = ms, soundLateMs = 0): SoakReceiver => {
    const receiver = new SoakReceiver({ num: 46_875, den: 1000 }, 0);
    receiver.push(FLV_HEADER);
    for (const n of numbers) {
      const slice = Buffer.concat([Buffer.from('2701000000', 'hex'), makePacket('slice', n, 0)]);
      const sound = Buffer.concat([Buffer.from('af01', 'hex'), makePacket('aac', n * 1024, 0)]);
      receiver.push(flvTag('video', timeOf(n), slice));
      receiver.push(flvTag('audio', timeOf(n) + soundLateMs, sound));
    }
    return receiver;
  };
  t.match(seen([0, 1, 2, 3]), { counts: { video: 4, audio: 4 }, gaps: 0, backwards: 0 });
  t.ok(seen([0, 1, 2, 3]).worstOffsetMs < 2);
  t.equal(seen([0, 1, 3]).gaps, 2, 'a picture and its sound');
  t.equal(seen([0, 1, 2], (n) => 1000 - n).backwards, 2);
  t.ok(seen([0, 1, 2, 3], ms, 70).worstOffsetMs > 60);
  const late = 2 ** 32 - 30;
  t.match(
    seen([0, 1, 2, 3], (n) => (late + ms(n)) % 2 ** 32),
    { rollovers: 1, backwards: 0 },
  );
});

t.test('growth is told from noise', async (t) => {
  const points = (of: (i: number) => number) => Array.from({ length: 60 }, (_, i) => [i / 10, of(i)] as const);
  const flat = trendOf(points((i) => 100 + ((i * 7919) % 13)));
  t.ok(Math.abs(flat.t) < 3, `t ${flat.t}`);
  const rising = trendOf(points((i) => 100 + i / 4 + ((i * 7919) % 13)));
  t.ok(rising.t > 3 && rising.growth > 0.1);
});

t.test('twenty seconds of media runs through the real parts and is judged', { timeout: 120_000 }, async (t) => {
  const media = await mediaSoak(20 / 3600, 10, t.testdir({}), () => undefined);
  t.equal(media.frames.rendered, 200);
  t.equal(media.receiver.rollovers, 1);
  t.equal(media.receiver.gaps, 0);
  const grew = (by: number): readonly Sample[] =>
    Array.from({ length: 40 }, (_, i) => ({
      hours: i,
      rssMiB: 300,
      heapMiB: 60 + i * by,
      handles: 50,
      threads: 9,
    }));
  t.same(judgeSoak({ ...media, samples: grew(0) }, undefined).misses, []);
  t.match(judgeSoak({ ...media, samples: grew(1) }, undefined).misses, [/heap grew/]);
  const leaked = { ...media.frames, released: media.frames.released - 1, unjudged: 1 };
  t.match(judgeSoak({ ...media, samples: grew(0), frames: leaked }, undefined).misses, [/unjudged/, /add up/]);
});
