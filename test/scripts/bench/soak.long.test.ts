import t from 'tap';
import { FLV_HEADER, flvTag } from '../../../src/outputs/srt/srt-output.js';
import {
  classOf,
  MEMORY_CLASSES,
  readMappings,
  treeMemory,
  type TreeMemory,
} from '../../../scripts/bench/kit/tree-memory.js';
import { judgeSoak, treeGrowth } from '../../../scripts/bench/soak/judge-soak.js';
import { mediaSoak } from '../../../scripts/bench/soak/media-soak.js';
import { indexOf, makePacket } from '../../../scripts/bench/soak/null-packets.js';
import { trendOf, type Sample } from '../../../scripts/bench/soak/series.js';
import { SoakReceiver } from '../../../scripts/bench/soak/soak-receiver.js';
import { whole } from '../../kit/whole.js';

t.test("reads a packet's number, also after fifty days", async (t) => {
  for (const index of [0, 63, 64, 206_158_430_208, 2 ** 40]) {
    for (const kind of ['idr', 'slice', 'aac', 'opus'] as const) t.equal(indexOf(makePacket(kind, index, 0)), index);
  }
});

t.test('detects a missing packet, a time that goes back and drifting sound', async (t) => {
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

t.test('distinguishes growth from noise', async (t) => {
  const points = (of: (i: number) => number) => Array.from({ length: 60 }, (_, i) => [i / 10, of(i)] as const);
  const flat = trendOf(points((i) => 100 + ((i * 7919) % 13)));
  t.ok(Math.abs(flat.t) < 3, `t ${flat.t}`);
  const rising = trendOf(points((i) => 100 + i / 4 + ((i * 7919) % 13)));
  t.ok(rising.t > 3 && rising.growth > 0.1);
});

const SMAPS = `34b5a000-37549000 rw-p 00000000 00:00 0                          [heap]
Rss:               41780 kB
Anonymous:         41780 kB
7fe6f884c000-7fe6fb479000 rw-p 00000000 00:00 0
Rss:               45240 kB
Anonymous:         45240 kB
7fe9c8000000-7fe9c8aef000 rw-p 00000000 00:00 0
Rss:               11160 kB
Anonymous:         11160 kB
b6e642c0000-b6e64300000 rw-p 00000000 00:00 0
Rss:                 256 kB
Anonymous:           256 kB
2fb728ea8000-2fb728f30000 rwxp 00000000 00:00 0
Rss:                 544 kB
Anonymous:           544 kB
00400000-02000000 r-xp 00000000 fe:00 11   /usr/bin/node
Rss:               20000 kB
Anonymous:             8 kB
`;

t.test('groups memory by use', async (t) => {
  const mappings = readMappings(SMAPS);
  t.same(mappings.map(classOf), ['C heap', 'large blocks', 'C heap', 'V8 heaps', 'compiled code', 'compiled code']);
  t.same([mappings[0]!.anonymousKiB, mappings[0]!.fileKiB], [41_780, 0]);
  t.same([mappings[5]!.anonymousKiB, mappings[5]!.fileKiB], [8, 19_992]);
  t.equal(mappings[5]!.name, '/usr/bin/node');
});

t.test('reads the memory of its own process', { skip: process.platform !== 'linux' }, async (t) => {
  const { totalMiB, classes } = treeMemory(process.pid);
  const rssMiB = process.memoryUsage.rss() / 1024 / 1024;
  t.ok(Math.abs(totalMiB - rssMiB) < rssMiB * 0.2, `${totalMiB} of ${rssMiB}`);
  t.ok(classes['V8 heaps'] > 5 && classes.files > 5);
});

t.test('reports a growing tree and names where it grows', async (t) => {
  const growing = (mibAMinute: number): Sample[] =>
    Array.from({ length: 60 }, (_, i) => {
      const classes = Object.fromEntries(MEMORY_CLASSES.map((name) => [name, 50])) as Record<string, number>;
      classes['C heap']! += (i / 6) * mibAMinute + ((i * 7919) % 7);
      const tree = { totalMiB: 300 + classes['C heap']!, classes } as unknown as TreeMemory;
      return { hours: i / 360, rssMiB: 250, threads: 9, handles: 50, tree };
    });
  t.ok(Math.abs(treeGrowth(growing(0))!.total) < 0.5);
  const { total, classes } = treeGrowth(growing(12))!;
  t.ok(Math.abs(total - 12) < 0.5 && Math.abs(classes['C heap'] - 12) < 0.5 && Math.abs(classes.files) < 0.01);
  t.equal(treeGrowth([{ hours: 0, rssMiB: 1, threads: 1, handles: 1 }]), undefined);
  const frames = { rendered: 1, released: 1, replaced: 0, releasedUnjudged: 0, inWindow: 0 };
  const real = { samples: growing(12), frames, offsets: [], encoderRestarts: 0, reconnects: 0 } as never;
  t.match(judgeSoak(undefined, real).misses, [/real: memory grew by 1\d\.\d MiB a minute, most of it in C heap/]);
  t.same(judgeSoak(undefined, { ...(real as object), samples: growing(0) } as never).misses, []);
});

t.test('runs and judges seconds of media through the real parts', { timeout: 300_000 }, async (t) => {
  const seconds = whole ? 20 : 8;
  const media = await mediaSoak(seconds / 3600, 10, t.testdir({}), () => undefined);
  t.equal(media.frames.rendered, 10 * seconds);
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
