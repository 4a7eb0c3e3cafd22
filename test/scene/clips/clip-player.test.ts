import t from 'tap';
import { BitmapTable, yuvaSize } from '../../../src/core/media/picture.js';
import { ClipPlayer, type FrameReader } from '../../../src/scene/clips/clip-player.js';
import {
  ClipRing,
  clipRuns,
  type CompiledClip,
  type CompiledClips,
  idsAt,
  newRingControl,
  RING_SLOTS,
  SerialQueue,
} from '../../../src/scene/clips/clip-ring.js';
import { RingFiller } from '../../../src/scene/clips/ring-filler.js';

const SIDE = 4;
/** Represents the slate among the shown bitmaps. */
const SLATE = -2;
let nextId = 1;

/** Clips by the stored frame of each of their frames, null for a picture of `hold` frames. */
function clipsOf(
  indexes: readonly (readonly number[] | null)[],
  { hold = 5, idleFrames = 6, slateFrames = 1e9 } = {},
): CompiledClips {
  const items = indexes.map((index, i): CompiledClip | null => {
    if (index === null) return null;
    const shared = Int32Array.from(index);
    const stored = Math.max(...index) + 1;
    const base = {
      path: `clip ${i}`,
      width: SIDE,
      height: SIDE,
      opaque: true,
      stored,
      firstId: nextId++,
      slateId: nextId++,
    };
    return { ...base, index: shared, runs: clipRuns(shared) };
  });
  return {
    id: 'film',
    items,
    turnFrames: Int32Array.from(indexes, (index) => index?.length ?? hold),
    idleFrames,
    slateFrames,
    control: newRingControl(),
    slots: Array.from({ length: RING_SLOTS }, () => new SharedArrayBuffer(yuvaSize(SIDE, SIDE))),
    ids: Int32Array.from({ length: indexes.length * RING_SLOTS * 2 }, () => nextId++),
  };
}

/** Writes item × 100 + stored frame where a file's pixels would be. */
function marker(clips: CompiledClips, reads: string[] = []): FrameReader {
  return {
    read(item, stored, slot) {
      reads.push(`${item}.${stored}`);
      new Uint8Array(clips.slots[slot]!)[0] = item * 100 + stored;
    },
    close: () => undefined,
  };
}

/** What a player shows at its turn: the first frame as the item × 100, anything else as the reader marked it. */
function shown(player: ClipPlayer, clips: CompiledClips, bitmaps: BitmapTable, t: number): number {
  player.seek(t);
  const turns = new SerialQueue(clips.turnFrames);
  turns.seek(t);
  const id = player.bitmap(turns.item);
  if (id === clips.items[turns.item]?.firstId) return turns.item * 100;
  if (id === clips.items[turns.item]?.slateId) return SLATE;
  return bitmaps.get(id)?.data[0] ?? -1;
}

function build(clips: CompiledClips) {
  const bitmaps = new BitmapTable();
  const reads: string[] = [];
  const player = new ClipPlayer(clips, bitmaps);
  const filler = new RingFiller(clips, marker(clips, reads));
  const fill = (): void => {
    while (filler.step()) continue;
  };
  const at = (n: number): number => shown(player, clips, bitmaps, n);
  return { bitmaps, reads, player, filler, fill, at };
}

t.test('derives the current turn from the frame number alone', (t) => {
  const turns = new SerialQueue(Int32Array.from([3, 5, 2]));
  const seen = Array.from({ length: 21 }, (_, n) => {
    turns.seek(n);
    return `${turns.item}${turns.into}`;
  });
  t.same(seen.slice(0, 10), ['00', '01', '02', '10', '11', '12', '13', '14', '20', '21']);
  t.same(seen.slice(10, 20), seen.slice(0, 10));
  t.end();
});

t.test('joins repeated frames into one run', (t) => {
  const { start, length } = clipRuns(Int32Array.from([0, 0, 1, 2, 2, 2, 3]));
  t.same([...start], [0, 0, 2, 3, 3, 3, 6]);
  t.same([...length], [2, 2, 1, 3, 3, 3, 1]);
  t.end();
});

t.test('shows each frame of a fed clip and loops it', (t) => {
  const clips = clipsOf([[0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
  const { at, fill, player, reads } = build(clips);
  fill();
  const expected = [0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  for (let n = 0; n < 40; n += 1) {
    t.equal(at(n), expected[n % 12], `frame ${n}`);
    if (n % 3 === 0) fill();
  }
  t.equal(player.lateFrames, 0);
  t.ok(!reads.includes('0.0'), 'the first frame is in memory and is never read');
  t.ok(reads.length < 45, 'a frame that repeats is read once');
  t.end();
});

t.test('gives the same frames offline without a feeder', (t) => {
  const clips = clipsOf([[0, 1, 2, 2, 3], null, [0, 0, 1, 2]]);
  const fed = build(clipsOf([[0, 1, 2, 2, 3], null, [0, 0, 1, 2]]));
  const bitmaps = new BitmapTable();
  const player = new ClipPlayer(clips, bitmaps, marker(clips));
  for (let n = 0; n < 60; n += 1) {
    fed.fill();
    t.equal(shown(player, clips, bitmaps, n), fed.at(n), `frame ${n}`);
  }
  t.end();
});

t.test('never reuses a handle for two pictures in consecutive frames, and keeps it for a repeated one', (t) => {
  const clips = clipsOf([[0, 1, 2, 2, 3, 4, 5]]);
  const { at, fill, player, bitmaps } = build(clips);
  let last = { id: -1, value: -1 };
  for (let n = 0; n < 200; n += 1) {
    fill();
    const value = at(n);
    const id = player.bitmap(0);
    if (value === last.value) t.equal(id, last.id, `frame ${n} repeats`);
    else t.not(id, last.id, `frame ${n} is new`);
    last = { id, value };
  }
  t.ok(bitmaps.get(clips.ids[idsAt(0, 3)]!) === bitmaps.get(clips.ids[idsAt(0, 3) + 1]!), 'two handles, one bitmap');
  // A jump by as many frames as there are slots meets the same slot with another picture.
  const jumper = build(clipsOf([Array.from({ length: 90 }, (_, i) => i)]));
  const ids = new Map<number, number>();
  for (let n = 1; n < 80; n += RING_SLOTS) {
    jumper.at(n);
    jumper.fill();
    t.equal(jumper.at(n), n);
    const id = jumper.player.bitmap(0);
    t.not(ids.get(0), id, `jump to ${n}`);
    ids.set(0, id);
  }
  t.end();
});

t.test('never writes to the shown slot, however late the feeder is', (t) => {
  const clips = clipsOf([Array.from({ length: 50 }, (_, i) => i)], { idleFrames: 1000 });
  const { at, filler, fill, player } = build(clips);
  fill();
  t.equal(at(3), 3);
  const held = player.bitmap(0);
  // The loop goes on for long while the feeder does nothing, then a little at a time.
  for (let n = 20; n < 25; n += 1) t.equal(at(n), 3, 'the last frame stays');
  t.equal(player.lateFrames, 5);
  for (let n = 25; n < 30; n += 1) {
    filler.step();
    const value = at(n);
    if (player.bitmap(0) === held) t.equal(value, 3, 'and is as it was');
  }
  fill();
  t.equal(at(31), 31, 'it is back when its frames are');
  t.end();
});

t.test("keeps a stalled clip's last frame, then its first, and resumes when frames arrive", (t) => {
  const clips = clipsOf([Array.from({ length: 400 }, (_, i) => i % 250)]);
  const ring = new ClipRing(clips.control);
  const { at, fill, player } = build(clips);
  fill();
  for (let n = 0; n < 8; n += 1) t.equal(at(n), n);
  for (let n = 8; n < 14; n += 1) t.equal(at(n), 7, `frame ${n}: the last one`);
  t.equal(ring.step, 'fresh');
  for (let n = 14; n < 40; n += 1) t.equal(at(n), 0, `frame ${n}: the first one`);
  t.equal(ring.step, 'idle');
  t.equal(ring.lateFrames, 32);
  fill();
  t.equal(at(40), 40);
  t.equal(ring.step, 'fresh');
  t.equal(player.lateFrames, 32);
  t.end();
});

t.test('replaces a long-stalled clip with its slate, also where its first frame would be due', (t) => {
  const clips = clipsOf([Array.from({ length: 30 }, (_, i) => i)], { idleFrames: 6, slateFrames: 20 });
  const ring = new ClipRing(clips.control);
  const { at, fill, player } = build(clips);
  fill();
  for (let n = 0; n < 8; n += 1) at(n);
  for (let n = 8; n < 14; n += 1) t.equal(at(n), 7, `frame ${n}: the last one`);
  for (let n = 14; n < 28; n += 1) t.equal(at(n), 0, `frame ${n}: the first one`);
  t.equal(ring.step, 'idle');
  for (let n = 28; n < 100; n += 1) t.equal(at(n), SLATE, `frame ${n}: the slate`);
  t.equal(ring.step, 'slate');
  t.equal(player.lateFrames, 100 - 8 - 3, 'frames 30, 60 and 90 are the first one, which is never late');
  fill();
  t.equal(at(100), 10, 'it goes on where it would be by now');
  t.equal(ring.step, 'fresh');
  for (let n = 101; n < 106; n += 1) t.equal(at(n), n - 90);
  t.equal(at(120), 0);
  t.end();
});

t.test("shows a list's pictures, and the slate during the turn of a stalled clip", (t) => {
  const clips = clipsOf([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], null], { hold: 4, idleFrames: 2, slateFrames: 12 });
  const { at, player } = build(clips);
  const seen = Array.from({ length: 42 }, (_, n) => at(n));
  // Nine frames of each turn of the clip are late; the thirteenth of them is the third of the second turn.
  t.same(seen.slice(0, 10), Array(10).fill(0));
  t.same(seen.slice(14, 18), Array(4).fill(0));
  t.same(seen.slice(18, 24), Array(6).fill(SLATE));
  t.same(seen.slice(28, 38), Array(10).fill(SLATE));
  for (const n of [10, 13, 24, 27, 38]) t.equal(seen[n], -1, 'the picture is nobody’s business');
  player.seek(27);
  t.equal(player.bitmap(0), clips.items[0]!.slateId, 'what fades in is what will be shown');
  t.end();
});

t.test('starts a late turn with its own first frame', (t) => {
  const clips = clipsOf(
    [
      [0, 1, 2],
      [0, 1, 2, 3],
    ],
    { idleFrames: 1000 },
  );
  const { at, fill } = build(clips);
  fill();
  for (let n = 0; n < 3; n += 1) at(n);
  const late = new RingFiller(clips, marker(clips));
  t.ok(late.ring.find(4) >= 0);
  for (let slot = 0; slot < RING_SLOTS; slot += 1) late.ring.clear(slot);
  t.equal(at(4), 100);
  t.end();
});

t.test("preloads the next clip during a picture's turn and drops old frames", (t) => {
  const clips = clipsOf([[0, 1, 2], null, [0, 1, 2]], { hold: 300 });
  const { at, fill, reads } = build(clips);
  fill();
  for (let n = 0; n < 3; n += 1) at(n);
  at(100);
  t.same(reads, ['0.1', '0.2', '2.1', '2.2', '0.1', '0.2', '2.1'], 'one slot is left to what is shown');
  fill();
  t.same(reads.slice(7), ['2.2', '0.1'], 'the two that were shown have made way');
  for (let n = 303; n < 306; n += 1) t.equal(at(n), 200 + n - 303, 'the next turn begins in time');
  t.end();
});

t.test('lets the feeder idle for a list of pictures and still clips', (t) => {
  const { fill, reads, at } = build(clipsOf([null, [0, 0, 0], null]));
  fill();
  for (let n = 0; n < 30; n += 1) at(n);
  fill();
  t.same(reads, []);
  t.end();
});

t.test('survives frame numbers beyond 2³¹ and 2³²', (t) => {
  for (const start of [2 ** 31 - 20, 2 ** 32 - 20]) {
    const clips = clipsOf([[0, 1, 2, 3, 4, 5, 6]]);
    const { at, fill, player } = build(clips);
    // The feeder has followed the loop all the way there.
    for (let n = 0; n < start; n += 2 ** 30) {
      at(n);
      fill();
    }
    at(start - 1);
    fill();
    const before = player.lateFrames;
    for (let n = start; n < start + 60; n += 1) {
      fill();
      t.equal(at(n), n % 7, `frame ${n}`);
    }
    t.equal(player.lateFrames, before);
  }
  t.end();
});

t.test('releases the ring of an ended layer', (t) => {
  const clips = clipsOf([[0, 1]]);
  let closed = 0;
  const player = new ClipPlayer(clips, new BitmapTable(), { read: () => undefined, close: () => (closed += 1) });
  t.equal(new ClipRing(clips.control).gone, false);
  player.end();
  t.equal(new ClipRing(clips.control).gone, true);
  t.equal(closed, 1);
  t.end();
});
