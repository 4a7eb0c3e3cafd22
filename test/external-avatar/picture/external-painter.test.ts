import t from 'tap';
import { BitmapTable, DRAW, DrawList, type PresenterPainter } from '../../../src/core/media/picture.js';
import { SOURCE_STEPS } from '../../../src/core/source-step.js';
import { frameIndex } from '../../../src/core/time.js';
import { ExternalPainter } from '../../../src/external-avatar/picture/external-painter.js';
import { ExternalRing } from '../../../src/external-avatar/picture/external-ring.js';
import { slotsOf } from './slots-of.js';

const DRAWN = 999_999;
const rate = { num: 30, den: 1 };

/** An external presenter whose pictures hold their own number; `at` gives what frame n shows. */
function stage(standIn = true) {
  const slots = slotsOf();
  const writer = new ExternalRing(slots);
  let painted = 0;
  const drawn: PresenterPainter = {
    paint: (_n, list) => {
      painted += 1;
      list.push(DRAWN, 0, 0, 256, 0, 0, 20, 20);
    },
  };
  const painter = new ExternalPainter({ slots, drawn, rate, standInMs: 8000, standIn });
  const table = new BitmapTable();
  painter.registerBitmaps(table);
  const list = new DrawList();
  let count = 0;
  let n = 0;
  const picture = (isIdle = false): number => {
    count += 1;
    const { slot, data } = writer.begin();
    data[0] = count & 255;
    writer.publish(slot, isIdle);
    return count;
  };
  const frame = (): { shows: number | 'drawn'; id: number } => {
    list.clear();
    painter.paint(frameIndex(n), list);
    n += 1;
    const id = list.items[DRAW.bitmap]!;
    if (list.count !== 1) throw new Error(`${list.count} items`);
    return { shows: id === DRAWN ? 'drawn' : table.get(id)!.data[0]!, id };
  };
  const frames = (number: number, each: () => unknown = () => undefined) =>
    Array.from({ length: number }, () => {
      each();
      return frame();
    });
  const step = (): string => SOURCE_STEPS[writer.step]!;
  return { painter, writer, picture, frame, frames, step, list, painted: () => painted, now: () => n };
}

t.test('shows the drawn presenter until half a second of pictures has come', async (t) => {
  const { frames, picture, step } = stage();
  t.ok(frames(30).every(({ shows }) => shows === 'drawn'));
  t.equal(step(), 'stand-in');
  const first = frames(15, picture).map(({ shows }) => shows);
  t.same(
    first.slice(0, 14),
    Array.from({ length: 14 }, () => 'drawn'),
  );
  t.equal(first.at(-1), 15, 'the newest picture');
  t.equal(step(), 'fresh');
});

t.test('shows the newest of several pictures, and one handle never means two of them', async (t) => {
  const { frames, frame, picture } = stage();
  frames(20, picture);
  let before = frame();
  let newest = 20;
  for (let i = 0; i < 160; i += 1) {
    for (let k = 0; k < i % 4; k += 1) newest = picture();
    const now = frame();
    t.equal(now.shows, newest & 255);
    t.equal(now.id === before.id, now.shows === before.shows, 'the same handle exactly when nothing new came');
    before = now;
  }
});

t.test('holds the last picture for 0.3 s, then plays the last seconds back and forth without a jump', async (t) => {
  const { frames, picture, step } = stage();
  frames(90, picture);
  t.same(new Set(frames(9).map(({ shows }) => shows)), new Set([90]), 'held');
  t.equal(step(), 'fresh');
  const loop = frames(180).map(({ shows }) => shows as number);
  t.equal(step(), 'idle');
  t.equal(loop[0], 90, 'begins at the last picture');
  t.ok(
    loop.slice(1).every((shows, i) => Math.abs(shows - loop[i]!) <= 2),
    'neighbours in time follow each other',
  );
  t.same([Math.min(...loop), Math.max(...loop)], [32, 90], 'two seconds, of which every second picture was kept');
  t.ok(new Set(loop).size === 30);
});

t.test(
  'lets the drawn presenter stand in after the time of the room, and returns with 15 pictures in a row',
  async (t) => {
    const { frames, picture, step, painted, now } = stage();
    frames(60, picture);
    const away = frames(8 * 30 + 10).map(({ shows }) => shows);
    t.equal(away.indexOf('drawn'), 8 * 30, 'eight seconds after the last picture');
    t.equal(step(), 'stand-in');
    t.equal(painted(), now(), 'it was always painted, so it knows its lines');
    const back = frames(15, picture).map(({ shows }) => shows);
    t.same([back[13], back[14]], ['drawn', 75]);
  },
);

t.test(
  'returns from the idle loop with three pictures in a row, and a stuttering source does not flicker',
  async (t) => {
    const { frames, picture, step, frame } = stage();
    frames(60, picture);
    frames(30);
    t.equal(step(), 'idle');
    const steps = new Set<string>();
    for (let i = 0; i < 100; i += 1) {
      if (i % 20 === 0) picture();
      frame();
      steps.add(step());
    }
    t.same(steps, new Set(['idle']), 'a picture now and then is no show');
    frames(3, picture);
    t.equal(step(), 'fresh');
  },
);

t.test('a source that stutters for the whole time makes room for the stand-in', async (t) => {
  const { frames, picture, step } = stage();
  frames(60, picture);
  let i = 0;
  frames(8 * 30 + 20, () => {
    if (i++ % 25 === 24) picture();
  });
  t.equal(step(), 'stand-in');
});

t.test('plays the idle clip in place of the last seconds where there is one', async (t) => {
  const { frames, picture, step } = stage();
  frames(60, picture);
  frames(20);
  const clip = frames(30, () => picture(true)).map(({ shows }) => shows);
  t.same(
    clip,
    Array.from({ length: 30 }, (_, k) => 61 + k),
  );
  t.equal(step(), 'idle');
  t.same(new Set(frames(10).map(({ shows }) => shows)), new Set([90]), 'a late clip keeps its last picture');
  frames(8 * 30, () => picture(true));
  t.equal(step(), 'stand-in', 'the clip does not postpone the stand-in');
});

t.test('asks for the slate where the room has no stand-in, also before the first picture', async (t) => {
  const { frames, picture, step } = stage(false);
  frames(5);
  t.equal(step(), 'slate');
  frames(20, picture);
  t.equal(step(), 'fresh');
  const away = frames(8 * 30 + 5);
  t.equal(step(), 'slate');
  t.ok(
    away.every(({ shows }) => shows !== 'drawn'),
    'the loop goes on behind the slate',
  );
});

t.test('advances in every second frame while the scan asks for it', async (t) => {
  const { frames, picture, painter } = stage();
  frames(30, picture);
  t.equal(painter.playsFilm, true);
  painter.filmStep = 2;
  const shows = frames(20, picture).map((one) => one.shows);
  t.equal(new Set(shows).size, 10);
});
