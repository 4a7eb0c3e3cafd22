import sharp, { type Sharp } from 'sharp';
import t from 'tap';
import { PictureWatch } from '../../../src/compliance/watch/picture-watch.js';
import type { WatchEvent } from '../../../src/compliance/watch/watch-event.js';
import { pictureWatch, type PictureWatchThresholds } from '../../../src/config/sections/compliance.js';
import { frameIndex } from '../../../src/core/time.js';
import type { Box } from '../../../src/core/verdict.js';
import { twinKernels } from '../../../src/native/twin/twin-kernels.js';
import { Canvas } from './canvas.js';

const WIDTH = 320;
const HEIGHT = 480;
const RATE = { num: 10, den: 1 };
const BOX: Box = { x: 32, y: 96, width: 256, height: 320 };
/** Short times: a round is ten frames. */
const QUICK: Partial<PictureWatchThresholds> = { holdMs: 2000, clearMs: 2000, frozenMs: 4000, movingWindowMs: 6000 };

interface Watched {
  readonly canvas: Canvas;
  readonly events: WatchEvent[];
  /** Draws and shows `count` frames. */
  run(count: number, draw: (canvas: Canvas, n: number) => void, step?: number): void;
  readonly frame: () => number;
}

function watched(thresholds: Partial<PictureWatchThresholds> = {}, presenterBox = BOX): Watched {
  const canvas = new Canvas(WIDTH, HEIGHT);
  const events: WatchEvent[] = [];
  const watch = new PictureWatch({
    width: WIDTH,
    height: HEIGHT,
    rate: RATE,
    kernels: twinKernels(),
    presenterBox,
    thresholds: pictureWatch.parse({ ...QUICK, ...thresholds }),
    onEvent: (event) => events.push(event),
  });
  let n = 0;
  return {
    canvas,
    events,
    frame: () => n,
    run(count, draw, step = 1) {
      for (let i = 0; i < count; i += 1, n += step) {
        draw(canvas, n);
        watch.look(frameIndex(n), canvas.data, canvas.damage);
        canvas.damage.clear();
      }
    },
  };
}

/** A presenter: hard stripes that wander over the whole box. */
const present = (canvas: Canvas, n: number): void =>
  canvas.paint(BOX.x, BOX.y, BOX.width, BOX.height, (x, y) => ((((x + n * 5) >> 4) + (y >> 5)) % 2 === 0 ? 60 : 190));
const nothing = (): void => undefined;
const kinds = (events: readonly WatchEvent[], active = true): string[] =>
  events.filter((e) => e.active === active).map((e) => e.kind);

t.test('reports nothing about a lively, bright, sharp picture', async (t) => {
  const room = watched();
  room.run(300, present);
  t.same(room.events, []);
});

t.test('reports black after its hold, without other faults, and its end', async (t) => {
  const room = watched();
  room.run(100, present);
  room.run(80, (canvas) => canvas.paint(0, 0, WIDTH, HEIGHT, 16));
  t.same(kinds(room.events), ['black']);
  const [reported] = room.events;
  t.equal(reported!.rule, '5.10');
  t.ok(reported!.since >= 100 && reported!.since <= 120, `since ${reported!.since}`);
  t.ok(reported!.frame - reported!.since >= 20, 'after two seconds');
  room.run(80, (canvas, n) => {
    canvas.paint(0, 0, WIDTH, HEIGHT, (x, y) => 90 + ((x * 7 + y * 13) % 80));
    present(canvas, n);
  });
  t.same(kinds(room.events, false), ['black']);
});

t.test('a fade through black shorter than the hold is not a fault', async (t) => {
  const room = watched();
  room.run(100, present);
  room.run(12, (canvas) => canvas.paint(0, 0, WIDTH, HEIGHT, 16));
  room.run(60, (canvas, n) => {
    canvas.paint(0, 0, WIDTH, HEIGHT, (x, y) => 90 + ((x * 7 + y * 13) % 80));
    present(canvas, n);
  });
  t.same(room.events, []);
});

t.test('reports a motionless presenter as frozen, even when redrawn with equal pixels', async (t) => {
  for (const draw of [nothing, (canvas: Canvas) => present(canvas, 99)]) {
    const room = watched();
    room.run(100, present);
    room.run(70, draw);
    t.same(kinds(room.events).slice(0, 1), ['frozen']);
    t.notOk(kinds(room.events).includes('presenter-absent'), 'which implies it');
    t.ok(Math.abs(room.events[0]!.since - 100) <= 20, `since ${room.events[0]!.since}`);
    room.run(60, present);
    t.ok(kinds(room.events, false).includes('frozen'));
  }
});

t.test('a ticker through the area of an absent presenter does not count as one', async (t) => {
  const room = watched();
  room.run(160, (canvas, n) => canvas.paint(0, 320, WIDTH, 32, (x) => ((x + n * 3) % 24 < 12 ? 40 : 200)));
  const found = kinds(room.events);
  t.ok(found.includes('presenter-absent'));
  t.notOk(found.includes('frozen'));
  t.equal(room.events.find((e) => e.kind === 'presenter-absent')!.rule, '5.8');
});

t.test('reports a background with almost no motion as a mere picture', async (t) => {
  const room = watched();
  room.run(160, (canvas, n) => canvas.paint(64, 128, 32, 32, (x) => ((x + n * 3) % 24 < 12 ? 40 : 200)));
  t.equal(room.events.find((e) => e.kind === 'still')?.rule, '5.11');
  t.ok(room.events.find((e) => e.kind === 'still')!.value < 0.02);
});

t.test('reports once a presenter smaller than a third of the frame inside the safe area', async (t) => {
  const room = watched({}, { x: 200, y: 200, width: 200, height: 200 });
  room.run(200, present);
  t.equal(kinds(room.events).filter((k) => k === 'presenter-small').length, 1);
});

t.test('two black bars are a letterbox, one is uncovered canvas', async (t) => {
  const both = watched();
  both.run(60, (canvas, n) => {
    present(canvas, n);
    canvas.paint(0, 0, WIDTH, 64, 16);
    canvas.paint(0, HEIGHT - 64, WIDTH, 64, 16);
  });
  t.same(kinds(both.events), ['letterbox']);
  const one = watched();
  one.run(60, (canvas, n) => {
    present(canvas, n);
    canvas.paint(0, HEIGHT - 64, WIDTH, 64, 16);
  });
  t.same(kinds(one.events), ['black-margin']);
  const sides = watched();
  sides.run(60, (canvas, n) => {
    present(canvas, n);
    canvas.paint(0, 0, 32, HEIGHT, 16);
    canvas.paint(WIDTH - 32, 0, 32, HEIGHT, 16);
  });
  t.same(kinds(sides.events), ['letterbox']);
});

t.test('reports undrawn frames as a low frame rate', async (t) => {
  const room = watched();
  room.run(60, present);
  t.same(room.events, []);
  room.run(60, present, 2);
  t.ok(kinds(room.events).includes('low-fps'));
});

/** Shapes with edges and shading, as in a drawn set, that wander with n. */
const scene = (x: number, y: number, n: number): number => {
  const u = x + n * 4;
  const disc = (u % 97) ** 2 / 900 + (y % 83) ** 2 / 1600 < 1 ? 70 : 0;
  return Math.round(70 + disc + 40 * Math.sin(u / 31) * Math.cos(y / 23) + (((u >> 5) + (y >> 4)) % 3) * 12);
};
const luma = (n: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => scene(i % WIDTH, Math.floor(i / WIDTH), n)));
const raw = { raw: { width: WIDTH, height: HEIGHT, channels: 1 as const } };

async function degraded(change: (image: Sharp) => Promise<Buffer>): Promise<string[]> {
  const pictures: Buffer[] = [];
  for (let n = 0; n < 4; n += 1) pictures.push(await change(sharp(luma(n), raw)));
  const room = watched();
  room.run(100, (canvas, n) => {
    canvas.data.set(pictures[(n >> 2) % 4]!);
    canvas.all();
  });
  return kinds(room.events);
}

t.test('distinguishes blur from sharpness, and a coarse codec from a fine one', async (t) => {
  const grey = (image: Sharp): Promise<Buffer> => image.greyscale().raw().toBuffer();
  const jpeg = (quality: number) => async (image: Sharp) => grey(sharp(await image.jpeg({ quality }).toBuffer()));
  t.same(await degraded(grey), [], 'as drawn');
  t.same(await degraded((image) => grey(image.blur(5))), ['blurred']);
  t.same(await degraded(jpeg(8)), ['blocky']);
  t.same(await degraded(jpeg(90)), []);
});
