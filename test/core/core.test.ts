import t from 'tap';
import { Resampler } from '../../src/core/audio/resample.js';
import {
  DeliveryQueue,
  LastingQueue,
  pointOfNoReturn,
  refuseWhenLate,
  SerialQueue,
  withinCall,
} from '../../src/core/serial-queue.js';
import { RectList } from '../../src/core/media/picture.js';
import { TileGrid } from '../../src/core/media/tile-grid.js';
import { nearest } from '../../src/core/nearest.js';
import { seededRandom } from '../../src/core/random.js';
import { RateLimited } from '../../src/core/sleep.js';
import {
  frameIndex,
  frameToMicroseconds,
  frameToSample,
  frameToTicks,
  sampleIndex,
  sampleToFrame,
  sampleToTicks,
} from '../../src/core/time.js';
import { until } from '../encoder/synthetic-room.js';

t.test('resample', async (t) => {
  const sine = (hz: number, rateHz: number, seconds: number): Float32Array =>
    Float32Array.from({ length: rateHz * seconds }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rateHz));

  /** Level in dB of everything except the best fitting sine of this frequency, relative to that sine, and its gain. */
  function residue(pcm: Float32Array, hz: number, rateHz: number): { noiseDb: number; gain: number } {
    // A whole number of periods of every multiple of 50 Hz, away from the edges.
    const from = 1920;
    const to = from + Math.floor((pcm.length - 2 * from) / (rateHz / 50)) * (rateHz / 50);
    let s = 0;
    let c = 0;
    for (let i = from; i < to; i += 1) {
      const x = (2 * Math.PI * hz * i) / rateHz;
      s += pcm[i]! * Math.sin(x);
      c += pcm[i]! * Math.cos(x);
    }
    const n = to - from;
    s *= 2 / n;
    c *= 2 / n;
    let noise = 0;
    for (let i = from; i < to; i += 1) {
      const x = (2 * Math.PI * hz * i) / rateHz;
      noise += (pcm[i]! - s * Math.sin(x) - c * Math.cos(x)) ** 2;
    }
    const power = (s * s + c * c) / 2;
    return { noiseDb: 10 * Math.log10(noise / n / power), gain: Math.sqrt(s * s + c * c) / 0.5 };
  }

  t.test('22.05 → 48 kHz keeps tones, with images under −60 dB', async (t) => {
    const resampler = new Resampler(22_050, 48_000);
    for (const hz of [100, 1000, 4000, 8000, 9800]) {
      const { noiseDb, gain } = residue(resampler.convert(sine(hz, 22_050, 1)), hz, 48_000);
      t.ok(noiseDb < -60, `${hz} Hz: images and noise at ${noiseDb.toFixed(1)} dB`);
      t.ok(Math.abs(20 * Math.log10(gain)) < 0.2, `${hz} Hz: gain ${(20 * Math.log10(gain)).toFixed(3)} dB`);
    }
  });

  t.test('48 → 22.05 kHz has no alias above −60 dB', async (t) => {
    const out = new Resampler(48_000, 22_050).convert(sine(15_000, 48_000, 1));
    let peak = 0;
    for (let i = 1000; i < out.length - 1000; i += 1) peak = Math.max(peak, Math.abs(out[i]!));
    t.ok(20 * Math.log10(peak / 0.5) < -60, `${(20 * Math.log10(peak / 0.5)).toFixed(1)} dB`);
  });

  t.test('keeps time: input sample k is at k · ratio', async (t) => {
    const resampler = new Resampler(22_050, 48_000);
    const input = new Float32Array(22_050);
    input[14_700] = 1;
    const out = resampler.convert(input);
    t.equal(out.length, 48_000);
    t.equal(out.indexOf(Math.max(...out)), 32_000);
    t.equal(resampler.position(14_700), 32_000);
  });
});

t.test('delivery queue', async (t) => {
  t.test('keeps order, retries, and counts dropped items', async (t) => {
    const got: [number, number][] = [];
    const faults: string[] = [];
    let failures = 2;
    const queue = new DeliveryQueue<number>({
      send: async (item, dropped) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        failures -= 1;
        if (failures >= 0) return 'away';
        got.push([item, dropped]);
        return '';
      },
      onFailure: (fault) => faults.push(fault),
      waitsMs: [1, 1],
    });
    for (let i = 1; i <= 130; i += 1) queue.push(i);
    t.ok(await until(() => got.at(-1)?.[0] === 130, 5000));
    t.same(got.slice(0, 3), [
      [1, 0],
      [31, 29],
      [32, 0],
    ]);
    t.same(faults, []);
    await queue.close();
    queue.push(131);
    t.equal(got.length, 101, 'nothing after the end');
  });

  t.test('gives up after the last wait, reports it once, and continues with the next item', async (t) => {
    const got: number[] = [];
    const faults: string[] = [];
    const queue = new DeliveryQueue<number>({
      send: async (item) => {
        got.push(item);
        return item === 1 ? 'status 500' : '';
      },
      onFailure: (fault) => faults.push(fault),
      waitsMs: [1, 1, 1],
    });
    queue.push(1);
    queue.push(2);
    t.ok(await until(() => got.includes(2), 2000));
    t.same(got, [1, 1, 1, 1, 2]);
    t.same(faults, ['status 500']);
    await queue.close();
  });

  t.test('does not wait at close for a receiver that never answers', async (t) => {
    const queue = new DeliveryQueue<number>({
      send: (_item, _dropped, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'), { once: true })),
      onFailure: () => t.fail('no failure is reported after close'),
      waitsMs: [],
      goodbyeMs: 20,
    });
    queue.push(1);
    const beganMs = performance.now();
    await Promise.all([queue.close(), queue.close()]);
    t.ok(performance.now() - beganMs < 1000);
  });
});

t.test('tile grid', async (t) => {
  t.test('property: rectangles of a map cover its tiles exactly once', async (t) => {
    const random = seededRandom(5);
    for (let round = 0; round < 200; round += 1) {
      const width = 2 + 2 * Math.floor(random() * 1000);
      const height = 2 + 2 * Math.floor(random() * 300);
      const grid = new TileGrid(width, height);
      const map = new Int32Array(grid.words * 2);
      const want = new Uint8Array(width * height);
      for (let i = Math.floor(random() * 6); i > 0; i -= 1) {
        const x = Math.floor(random() * width);
        const y = Math.floor(random() * height);
        const w = 1 + Math.floor(random() * (width - x));
        const h = 1 + Math.floor(random() * (height - y));
        grid.markRect(map, grid.words, x, y, w, h);
        const right = Math.min(width, (((x + w - 1) >> 5) + 1) * 32);
        const bottom = Math.min(height, (((y + h - 1) >> 5) + 1) * 32);
        for (let v = (y >> 5) * 32; v < bottom; v += 1) want.fill(1, v * width + (x >> 5) * 32, v * width + right);
        if (!grid.touches(map, grid.words, x, y, 1, 1)) t.fail('a marked rectangle is not touched');
      }
      const out = new RectList(512);
      grid.toRects(map, grid.words, out);
      const got = new Uint8Array(width * height);
      for (let i = 0; i < out.count; i += 1) {
        const [x = 0, y = 0, w = 0, h = 0] = out.items.subarray(i * 4, i * 4 + 4);
        for (let v = y; v < y + h; v += 1) for (let u = x; u < x + w; u += 1) got[v * width + u]! += 1;
      }
      if (Buffer.compare(got, want) !== 0) t.fail(`round ${round}: ${width}×${height}`);
      const groups = new RectList(512);
      grid.groups(map, grid.words, 0, groups);
      if (!covers(groups, out)) t.fail(`round ${round}: groups`);
      if (!map.subarray(0, grid.words).every((v) => v === 0)) t.fail('the neighbouring map was written');
    }
    t.pass('200 maps');
  });

  t.test('tiles that touch are one group, at a corner too', async (t) => {
    const grid = new TileGrid(640, 320);
    const map = new Int32Array(grid.words);
    grid.markRect(map, 0, 64, 64, 32, 32);
    grid.markRect(map, 0, 96, 96, 64, 32);
    grid.markRect(map, 0, 608, 288, 32, 32);
    const out = new RectList(8);
    grid.groups(map, 0, 20, out);
    t.strictSame([...out.items.subarray(0, out.count * 4)], [44, 44, 136, 104, 588, 268, 52, 52]);
  });

  t.test('a list that is too short still covers the map', async (t) => {
    const grid = new TileGrid(640, 640);
    const map = new Int32Array(grid.words);
    for (let i = 0; i < 20; i += 2) for (let j = 0; j < 20; j += 2) grid.markRect(map, 0, i * 32, j * 32, 1, 1);
    const out = new RectList(4);
    grid.toRects(map, 0, out);
    for (let i = 0; i < 20; i += 2) {
      for (let j = 0; j < 20; j += 2) {
        const inside = Array.from({ length: out.count }, (_, r) => out.items.subarray(r * 4, r * 4 + 4)).some(
          ([x = 0, y = 0, w = 0, h = 0]) => i * 32 >= x && j * 32 >= y && i * 32 + 32 <= x + w && j * 32 + 32 <= y + h,
        );
        if (!inside) t.fail(`tile ${i}, ${j}`);
      }
    }
    t.equal(out.count, 4);
  });

  /** Whether each rectangle of `list` lies in one of `boxes`. */
  function covers(boxes: RectList, list: RectList): boolean {
    const rects = ({ items, count }: RectList): number[][] =>
      Array.from({ length: count }, (_, i) => [...items.subarray(i * 4, i * 4 + 4)]);
    const inside = ([x = 0, y = 0, w = 0, h = 0]: number[], [bx = 0, by = 0, bw = 0, bh = 0]: number[]): boolean =>
      x >= bx && y >= by && x + w <= bx + bw && y + h <= by + bh;
    return rects(list).every((rect) => rects(boxes).some((box) => inside(rect, box)));
  }
});

t.test('nearest', async (t) => {
  const types = ['image', 'text', 'caption', 'bubble', 'ticker', 'sticker', 'card'];

  t.test('finds the word that was meant behind a typing error', async (t) => {
    t.equal(nearest('captions', types), 'caption');
    t.equal(nearest('stikcer', types), 'sticker');
    t.equal(nearest('IMAGE', types), 'image');
    t.equal(nearest('rtmp', ['host', 'port', 'rtmpPort', 'flvPort']), 'rtmpPort');
  });

  t.test('suggests nothing for a word unlike any known one', async (t) => {
    t.equal(nearest('smile', ['none', 'point', 'wave', 'present', 'nod', 'think', 'thumbs-up']), undefined);
    t.equal(nearest('x', types), undefined);
    t.equal(nearest('', []), undefined);
  });
});

t.test('serial queue', async (t) => {
  t.test('runs tasks in order, also after a failed one', async (t) => {
    const turns = new SerialQueue();
    const done: number[] = [];
    const piece = (n: number, fails = false): Promise<number> =>
      turns.take(async () => {
        await Promise.resolve();
        done.push(n);
        if (fails) throw new Error('no');
        return n;
      });
    const first = piece(1);
    const second = piece(2, true);
    const third = piece(3);
    t.equal(await first, 1);
    await t.rejects(second, { message: 'no' });
    t.equal(await third, 3);
    t.same(done, [1, 2, 3]);
  });

  t.test('a rate limit is due at once, and again after its interval', (t) => {
    let now = 5;
    const seldom = new RateLimited(100, () => now);
    t.same([seldom.due, seldom.due], [true, false]);
    now = 104;
    t.equal(seldom.due, false);
    now = 105;
    t.equal(seldom.due, true);
    t.end();
  });

  t.test('gives up a task that hangs, aborts its signal and goes on', async (t) => {
    const turns = new SerialQueue({ limitMs: 50, where: 'PUT /api/presenter' });
    let given: AbortSignal | undefined;
    const hanging = turns.take((signal) => {
      given = signal;
      return new Promise(() => undefined);
    });
    const next = turns.take(async () => 'next');
    await t.rejects(hanging, { code: 'E_TIMEOUT', where: 'PUT /api/presenter', found: /changes nothing/ });
    t.equal(await next, 'next');
    t.equal(given?.aborted, true);
    let isDone = false;
    const late = turns.take(async (signal) => {
      await new Promise((done) => setTimeout(done, 100));
      signal.throwIfAborted();
      isDone = true;
    });
    await t.rejects(late, { code: 'E_TIMEOUT' });
    await new Promise((done) => setTimeout(done, 100));
    t.equal(isDone, false, 'what was refused is not done later');
  });

  const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

  t.test('refuses a task whose call ends while it waits, and never does it', async (t) => {
    const turns = new SerialQueue({ limitMs: 10_000, where: 'products' });
    const first = turns.take(() => pause(150));
    let isDone = false;
    const edit = withinCall(40, () => turns.take(async () => void (isDone = true)));
    await t.rejects(edit, { code: 'E_TIMEOUT', details: { applied: false } });
    await first;
    await turns.take(async () => undefined);
    t.equal(isDone, false);
  });

  t.test('does not keep the next task waiting for one that was given up and changes nothing', async (t) => {
    const turns = new SerialQueue({ limitMs: 10_000, where: 'products' });
    let isDone = false;
    const slow = withinCall(40, () =>
      turns.take(async (signal) => {
        await pause(150);
        pointOfNoReturn(signal);
        isDone = true;
      }),
    );
    const next = turns.take(async () => isDone);
    await t.rejects(slow, { code: 'E_TIMEOUT', details: { applied: false } });
    t.equal(await next, false);
    await pause(150);
    t.equal(isDone, false);
  });

  t.test('says that a task takes effect which had begun to, and the next task waits for it', async (t) => {
    const turns = new SerialQueue({ limitMs: 10_000, where: 'products' });
    let isDone = false;
    const slow = withinCall(40, () =>
      turns.take(async (signal) => {
        pointOfNoReturn(signal);
        await pause(120);
        isDone = true;
      }),
    );
    const next = turns.take(async () => isDone);
    await t.rejects(slow, { code: 'E_TIMEOUT', found: /takes effect/, details: { applied: true } });
    t.equal(isDone, false, 'answered in time');
    t.equal(await next, true);
  });

  t.test('an undo takes effect when the edit inside it does', async (t) => {
    const history = new SerialQueue({ limitMs: 10_000, where: 'undo' });
    const products = new SerialQueue({ limitMs: 10_000, where: 'products' });
    const undo = withinCall(40, () =>
      history.take(() =>
        products.take(async (signal) => {
          pointOfNoReturn(signal);
          await pause(120);
        }),
      ),
    );
    await t.rejects(undo, { code: 'E_TIMEOUT', details: { applied: true } });
  });

  t.test('refuses a change outside a queue when its call is over', async (t) => {
    t.doesNotThrow(() => refuseWhenLate('say'));
    await withinCall(20, async () => {
      refuseWhenLate('say');
      await pause(40);
      t.throws(() => refuseWhenLate('say'), { code: 'E_TIMEOUT', where: 'say' });
    });
  });

  t.test('work of the room itself goes on when the call that it came with is over', async (t) => {
    const slow = (): Promise<string> => new Promise((resolve) => setTimeout(() => resolve('written'), 30));
    await t.rejects(
      withinCall(1, () => new SerialQueue().take(slow)),
      { code: 'E_TIMEOUT' },
    );
    t.equal(await withinCall(1, () => new LastingQueue().take(slow)), 'written');
  });
});

t.test('time', async (t) => {
  const ntsc = { num: 30_000, den: 1001 };

  t.test('frame times are exact after a year on air', async (t) => {
    const year = frameIndex(30 * 86_400 * 365);
    t.equal(frameToTicks(year, { num: 30, den: 1 }), 86_400 * 365 * 90_000);
    t.equal(frameToMicroseconds(year, { num: 30, den: 1 }), 86_400 * 365 * 1_000_000);
    t.equal(frameToTicks(frameIndex(30_000 * 1000), ntsc), 1001 * 1000 * 90_000);
  });

  t.test('sampleToFrame is the inverse of frameToSample at every boundary', async (t) => {
    for (let n = 0; n < 5000; n += 1) {
      const k = frameToSample(frameIndex(n), ntsc);
      if (sampleToFrame(k, ntsc) !== n) t.equal(sampleToFrame(k, ntsc), n);
      if (n > 0 && sampleToFrame(sampleIndex(k - 1), ntsc) !== n - 1) t.fail(`sample ${k - 1}`);
    }
    t.pass('5000 boundaries hold');
  });

  t.test('AAC and Opus frames are whole numbers of ticks', async (t) => {
    t.equal(sampleToTicks(sampleIndex(1024)), 1920);
    t.equal(sampleToTicks(sampleIndex(960)), 1800);
  });
});
