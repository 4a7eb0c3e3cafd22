import { Jimp } from 'jimp';
import sharp, { type Sharp } from 'sharp';
import t from 'tap';
import { makeRoomTone } from '../../../src/audio/room-tone.js';
import { PictureWatch } from '../../../src/compliance/watch/picture-watch.js';
import { ReplyWatch } from '../../../src/compliance/watch/reply-watch.js';
import { hashDistance, perceptualHash, ShowHash } from '../../../src/compliance/watch/show-hash.js';
import { Hysteresis, SoundWatch } from '../../../src/compliance/watch/sound-watch.js';
import type { WatchEvent } from '../../../src/compliance/watch/watch-event.js';
import {
  duplicateWatch,
  pictureWatch,
  type PictureWatchThresholds,
  replyWatch,
  soundWatch,
  type SoundWatchThresholds,
} from '../../../src/config/sections/compliance.js';
import { seededRandom } from '../../../src/core/random.js';
import { frameIndex } from '../../../src/core/time.js';
import type { Box } from '../../../src/core/verdict.js';
import { twinKernels } from '../../../src/native/twin/twin-kernels.js';
import { Canvas } from './canvas.js';

t.test('hysteresis', async (t) => {
  t.test('property: it changes only after an unbroken run of the given length, and alternates', async (t) => {
    const random = seededRandom(11);
    for (let round = 0; round < 200; round += 1) {
      const hold = Math.floor(random() * 6);
      const clear = Math.floor(random() * 6);
      const alarm = new Hysteresis(hold, clear);
      let bads = 0;
      let goods = 0;
      let active = false;
      for (let n = 0; n < 300; n += 1) {
        const what = random();
        const bad = what < 0.6;
        const good = what > 0.7;
        bads = bad ? bads + 1 : 0;
        goods = good ? goods + 1 : 0;
        const turned = alarm.step(n, bad, good);
        const want = active ? (goods > clear ? -1 : 0) : bads > hold ? 1 : 0;
        if (turned !== want) t.fail(`round ${round}, frame ${n}: ${turned} instead of ${want}`);
        if (turned !== 0) {
          if (alarm.since !== n - (turned > 0 ? hold : clear)) t.fail('since is not where the run began');
          active = !active;
          bads = 0;
          goods = 0;
        }
      }
    }
  });
});

t.test('picture watch', async (t) => {
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
});

t.test('reply watch', async (t) => {
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const watch = (thresholds: object = {}): ReplyWatch => new ReplyWatch(replyWatch.parse(thresholds));
  const answer = (n: number): string =>
    [
      'Shipping by sea to Hamburg takes about five weeks.',
      'The steel bottle keeps tea hot for twelve hours.',
      'Each carton holds forty pieces and weighs nine kilos.',
      'You can have your own logo from five hundred pieces on.',
      'The lid unscrews, and all its parts go into the dishwasher.',
      'Samples leave our warehouse within three working days.',
    ][n]!;

  t.test('refuses answers beyond the number per minute, and accepts them a minute later', async (t) => {
    const w = watch({ perMinute: 3 });
    for (const n of [0, 1, 2]) t.equal(w.judge(answer(n), n * SECOND), undefined);
    t.match(w.judge(answer(3), 3 * SECOND), { rule: '2.3', kind: 'reply-rate', seen: 3, limit: 3 });
    t.match(w.judge(answer(4), MINUTE - 1), { kind: 'reply-rate' });
    t.equal(w.judge(answer(5), MINUTE), undefined, 'the first has left the minute');
  });

  t.test('the same answer with another name or price is repetition, a different answer is not', async (t) => {
    const w = watch({ repeats: 2 });
    const line = (name: string): string =>
      `Hello ${name}, click the product card below to get the coupon and then order before midnight today.`;
    t.equal(w.judge(line('Ann'), 0), undefined);
    t.equal(w.judge(line('Bob'), 10 * SECOND), undefined);
    t.match(w.judge(line('Carl'), 20 * SECOND), { kind: 'reply-repeated', seen: 2, limit: 2 });
    t.equal(w.judge(answer(0), 30 * SECOND), undefined);
    const later = 11 * MINUTE;
    t.equal(w.judge(line('Dora'), later), undefined, 'after the time it may be said again');
  });

  t.test('compares Chinese answers too, whatever signs are between their characters', async (t) => {
    const w = watch({ repeats: 1 });
    t.equal(w.judge('亲，点击下方的小黄车就可以领取优惠券，今晚十二点之前下单有效哦', 0), undefined);
    t.match(w.judge('亲～点击下方的小黄车！就可以领取优惠券～今晚十二点之前下单有效哦', SECOND), {
      kind: 'reply-repeated',
    });
    t.equal(w.judge('这款保温杯的容量是五百毫升，可以放进车里的杯架', 2 * SECOND), undefined);
  });

  t.test('a greeting may repeat more often, but not forever', async (t) => {
    const w = watch({ repeats: 2, perMinute: 100 });
    for (let i = 0; i < 6; i += 1) t.equal(w.judge('Welcome!', i * SECOND), undefined, `${i}`);
    t.match(w.judge('welcome', 7 * SECOND), { kind: 'reply-repeated', seen: 6, limit: 6 });
    t.equal(w.judge('Hello!', 8 * SECOND), undefined, 'another greeting is another');
  });

  t.test('a flood ends: refused answers do not count against later ones', async (t) => {
    const w = watch({ repeats: 3, perMinute: 10 });
    let given = 0;
    for (let i = 0; i < 5000; i += 1) if (w.judge(answer(0), i * 10) === undefined) given += 1;
    t.equal(given, 3);
    t.equal(w.judge(answer(1), 60 * SECOND), undefined);
  });

  t.test('remembers an answer for the whole comparison time, however many follow', async (t) => {
    const watch = new ReplyWatch({ perMinute: 120, repeats: 3, repeatMinutes: 5, similarity: 0.6 });
    const random = seededRandom(9);
    const other = (): string => Array.from({ length: 6 }, () => Math.floor(random() * 1e9).toString(36)).join(' ');
    const same = 'Yes, the steel bottle comes with a gift box and a cleaning brush.';
    const refused: number[] = [];
    for (let i = 0; i < 5 * 110; i += 1) {
      const spam = watch.judge(i % 138 === 0 ? same : other(), i * 545);
      if (spam?.kind === 'reply-repeated') refused.push(i / 138);
    }
    t.same(refused, [3]);
  });
});

t.test('room tone watch', async (t) => {
  t.test('a room tone counts as silence and dead air', async (t) => {
    const tone = makeRoomTone();
    const events: WatchEvent[] = [];
    const thresholds = soundWatch.parse({ silentMs: 2000, deadAirMs: 5000 });
    const watch = new SoundWatch({ rate: { num: 30, den: 1 }, thresholds, onEvent: (event) => events.push(event) });
    const block = new Float32Array(2 * 1600);
    for (let n = 0; n < 300; n += 1) {
      for (let i = 0; i < 1600; i += 1) {
        const k = n * 1600 + i;
        block[2 * i] = tone[k % tone.length]!;
        block[2 * i + 1] = tone[(k + (tone.length >> 1)) % tone.length]!;
      }
      watch.hear(frameIndex(n), block, 1600);
    }
    t.same(
      events.map((event) => event.kind).sort(),
      ['dead-air', 'silent'],
      'both are reported once, and neither is cleared',
    );
  });
});

t.test('show hash', async (t) => {
  const WIDTH = 96;
  const HEIGHT = 160;
  const MINUTE = 60_000;

  /** An I420 picture of soft blobs; different seeds give different layouts. */
  function picture(seed: number, brightness = 0, noise = 0): Uint8Array {
    const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128);
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1) {
        const wave =
          Math.sin((x * (1 + (seed % 5))) / 22 + seed * 1.7) * Math.cos((y * (1 + (seed % 3))) / 31 + seed * 2.3);
        data[y * WIDTH + x] = Math.round(120 + 60 * wave + brightness + noise * (((x * 31 + y * 17) % 7) - 3));
      }
    }
    return data;
  }
  const hash = (data: Uint8Array): string => perceptualHash(data, WIDTH, HEIGHT);

  t.test('brightness and grain change a hash little, another layout much', async (t) => {
    const base = hash(picture(1));
    t.match(base, /^[01]{64}$/);
    t.ok(hashDistance(base, hash(picture(1, 20))) <= 0.05);
    t.ok(hashDistance(base, hash(picture(1, 0, 3))) <= 0.05);
    for (let seed = 2; seed < 8; seed += 1) t.ok(hashDistance(base, hash(picture(seed))) > 0.15, `picture ${seed}`);
  });

  t.test('equals the hash of jimp', async (t) => {
    // Samples that already span 0 to 255 are hashed unchanged.
    const side = 32;
    for (let seed = 1; seed <= 12; seed += 1) {
      const plane = new Uint8Array((side * side * 3) / 2);
      const data = Buffer.alloc(side * side * 4, 255);
      for (let i = 0; i < side * side; i += 1) {
        const x = i % side;
        const y = Math.floor(i / side);
        const v = Math.sin((x * (1 + (seed % 5))) / 7 + seed * 1.7) * Math.cos((y * (1 + (seed % 3))) / 9 + seed * 2.3);
        plane[i] = i === 0 ? 0 : i === 1 ? 255 : Math.round(127 + 100 * v + ((x * 31 + y * 17) % 23));
        data.fill(plane[i]!, i * 4, i * 4 + 3);
      }
      t.equal(
        perceptualHash(plane, side, side),
        Jimp.fromBitmap({ data, width: side, height: side }).pHash(),
        `${seed}`,
      );
    }
  });

  t.test('a still picture for an hour is too much, a changing show is not', async (t) => {
    const thresholds = duplicateWatch.parse({});
    const still = new ShowHash(thresholds);
    const lively = new ShowHash(thresholds);
    for (let i = 0; i < 60; i += 1) {
      still.look(picture(1, i % 3), WIDTH, HEIGHT, i * MINUTE);
      lively.look(picture(i % 8), WIDTH, HEIGHT, i * MINUTE);
    }
    const now = 59 * MINUTE;
    t.same(still.repetition(now), { stills: 60, share: 59 / 60, different: 1, tooMuch: true });
    const { different, tooMuch } = lively.repetition(now);
    t.ok(different >= 6, `${different} pictures`);
    t.notOk(tooMuch);
  });

  t.test('forgets stills after an hour, and gives no verdict on few stills', async (t) => {
    const show = new ShowHash(duplicateWatch.parse({}));
    for (let i = 0; i < 10; i += 1) show.look(picture(1), WIDTH, HEIGHT, i * MINUTE);
    t.notOk(show.repetition(10 * MINUTE).tooMuch);
    t.equal(show.repetition(3 * 3_600_000).stills, 0);
  });
});

t.test('sound watch', async (t) => {
  const RATE = { num: 30, den: 1 };
  const SAMPLES = 1600;
  const random = seededRandom(9);
  type Sound = (second: number) => number;

  const silence: Sound = () => 0;
  const tone =
    (amplitude: number, hz = 440): Sound =>
    (s) =>
      amplitude * Math.sin(2 * Math.PI * hz * s);
  /** Voiced noise in syllables of 150 ms with gaps of 100 ms, about −15 dBFS at its loudest. */
  const speech: Sound = (s) => ((s * 1000) % 250 < 150 ? 0.3 * (random() * 2 - 1) : 0.002 * (random() * 2 - 1));
  const music: Sound = (s) =>
    0.02 * (Math.sin(2 * Math.PI * 220 * s) + Math.sin(2 * Math.PI * 331 * s) + random() - 0.5);

  /** Events of a sequence of sounds, each with its length in seconds. */
  function hear(
    parts: readonly (readonly [Sound, number])[],
    thresholds: Partial<SoundWatchThresholds> = {},
  ): WatchEvent[] {
    const events: WatchEvent[] = [];
    const watch = new SoundWatch({
      rate: RATE,
      thresholds: soundWatch.parse({ silentMs: 2000, clippedMs: 1000, deadAirMs: 4000, ...thresholds }),
      onEvent: (event) => events.push(event),
    });
    const block = new Float32Array(SAMPLES * 2);
    let n = 0;
    for (const [sound, seconds] of parts) {
      for (const end = n + seconds * 30; n < end; n += 1) {
        for (let i = 0; i < SAMPLES; i += 1) {
          const x = Math.fround(sound((n * SAMPLES + i) / 48_000));
          block[2 * i] = x;
          block[2 * i + 1] = x;
        }
        watch.hear(frameIndex(n), block, SAMPLES);
      }
    }
    return events;
  }
  const reported = (events: readonly WatchEvent[]): string[] => events.map((e) => `${e.active ? '+' : '-'}${e.kind}`);

  t.test('reports nothing about speech, or speech over music', async (t) => {
    t.same(reported(hear([[speech, 10]])), []);
    t.same(reported(hear([[(s) => speech(s) + music(s), 10]])), []);
  });

  t.test('reports silence first and dead air later, and both end with speech', async (t) => {
    const events = hear([
      [speech, 5],
      [silence, 8],
      [speech, 3],
    ]);
    t.same(reported(events), ['+silent', '+dead-air', '-silent', '-dead-air']);
    t.equal(events[0]!.rule, '5.10');
    t.equal(events[1]!.rule, '5.8');
    t.ok(Math.abs(events[0]!.since - 150) <= 2, `silent since ${events[0]!.since}`);
    t.ok(events[1]!.since >= 150 && events[1]!.since <= 185, `nobody spoke since ${events[1]!.since}`);
  });

  t.test('a pause shorter than the hold is not a fault', async (t) => {
    t.same(
      reported(
        hear([
          [speech, 5],
          [silence, 1.5],
          [speech, 3],
        ]),
      ),
      [],
    );
  });

  t.test('music, a loud tone and loud noise are dead air', async (t) => {
    for (const sound of [music, tone(0.3), () => 0.3 * (random() * 2 - 1)]) {
      t.same(
        reported(
          hear([
            [speech, 3],
            [sound, 8],
          ]),
        ),
        ['+dead-air'],
      );
    }
  });

  t.test('full-scale and flat-topped sound is clipped, loud clean sound is not', async (t) => {
    const cut =
      (sound: Sound, at: number): Sound =>
      (s) =>
        Math.max(-at, Math.min(at, sound(s)));
    const only = { deadAirMs: 60_000 };
    t.same(reported(hear([[cut(tone(2), 1), 4]], only)), ['+clipped'], 'at full scale');
    t.same(reported(hear([[cut(tone(1, 300), 0.5), 4]], only)), ['+clipped'], 'clipped before it was turned down');
    for (const hz of [30, 50, 440, 3000]) t.same(reported(hear([[tone(0.98, hz), 4]], only)), [], `${hz} Hz`);
    t.same(
      reported(
        hear(
          [
            [cut(tone(2), 1), 4],
            [speech, 4],
          ],
          only,
        ),
      ),
      ['+clipped', '-clipped'],
    );
  });
});
