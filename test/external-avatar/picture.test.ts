import t from 'tap';
import { externalAvatar } from '../../src/config/sections/presenter.js';
import { avcConfigBody, FLV_VIDEO, flvTag } from '../../src/core/media/packets.js';
import {
  BitmapTable,
  DRAW,
  DrawList,
  i420Size,
  type PresenterPainter,
  yuvaSize,
} from '../../src/core/media/picture.js';
import { SOURCE_STEPS } from '../../src/core/source-step.js';
import { frameIndex } from '../../src/core/time.js';
import { ExternalPainter, ExternalRing } from '../../src/external-avatar/picture/external-ring.js';
import {
  avcConfigOf,
  ChromaKey,
  chromaOf,
  configOfPictures,
  keyerOf,
} from '../../src/external-avatar/picture/picture-sizes.js';
import { twinKernels } from '../../src/native/twin/twin-kernels.js';
import { filmTags, inBandOf } from './picture/film.js';
import { slotsOf } from './picture/slots-of.js';

t.test('external painter', async (t) => {
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
});

t.test('keyers', async (t) => {
  const kernels = twinKernels();
  const W = 32;
  const H = 32;
  const usual = externalAvatar.parse({}).key as { kind: 'chroma' } & ConstructorParameters<typeof ChromaKey>[0];

  interface Colour {
    readonly y: number;
    readonly u: number;
    readonly v: number;
  }
  const rgb = (hex: string): Colour => {
    const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255) as [number, number, number];
    const y = 16 + 219 * (0.2126 * r + 0.7152 * g + 0.0722 * b);
    return { y: Math.round(y), u: Math.round(chromaOf(hex).u), v: Math.round(chromaOf(hex).v) };
  };

  /** A frame with a colour at each chroma sample. */
  function frameOf(colour: (x: number, y: number) => Colour, w = W, h = H): Uint8Array {
    const frame = new Uint8Array(i420Size(w, h));
    for (let y = 0; y < h; y += 1) for (let x = 0; x < w; x += 1) frame[y * w + x] = colour(x >> 1, y >> 1).y;
    for (let y = 0; y < h / 2; y += 1) {
      for (let x = 0; x < w / 2; x += 1) {
        frame[w * h + y * (w / 2) + x] = colour(x, y).u;
        frame[w * h * 1.25 + y * (w / 2) + x] = colour(x, y).v;
      }
    }
    return frame;
  }
  const size = { width: W, height: H, x: 0, y: 0 };
  const key = (frame: Uint8Array, options: Partial<typeof usual> = {}) => {
    const out = new Uint8Array(yuvaSize(W, H));
    new ChromaKey({ ...usual, ...options }, kernels).write(frame, size, out, size);
    return {
      out,
      alpha: (x: number, y: number) => out[i420Size(W, H) + y * W + x]!,
      luma: (x: number, y: number) => out[y * W + x]!,
      chroma: (x: number, y: number) => [out[W * H + y * 16 + x]!, out[W * H * 1.25 + y * 16 + x]!],
    };
  };

  t.test('removes the backdrop in any light and keeps skin, hair, cloth and white', async (t) => {
    const green = rgb('#00ff00');
    for (const backdrop of ['#00ff00', '#00c000', '#20d030', '#00b020', '#38e048']) {
      const { alpha, luma } = key(frameOf(() => rgb(backdrop)));
      t.equal(alpha(9, 9), 0, backdrop);
      t.equal(luma(9, 9), 0, 'premultiplied');
    }
    for (const kept of [
      '#ffffff',
      '#000000',
      '#808080',
      '#e0b090',
      '#5a3825',
      '#c02020',
      '#2040c0',
      '#f0d040',
      '#101018',
    ]) {
      const { alpha, luma } = key(frameOf((x) => (x < 8 ? green : rgb(kept))));
      t.equal(alpha(28, 10), 255, kept);
      t.equal(luma(28, 10), rgb(kept).y, 'unchanged');
      t.equal(alpha(3, 10), 0);
    }
  });

  t.test('gives a soft edge, half transparent where the backdrop shines through', async (t) => {
    const green = rgb('#00ff00');
    const hair = rgb('#302018');
    const mixed: Colour = { y: (green.y + hair.y) >> 1, u: (green.u + hair.u) >> 1, v: (green.v + hair.v) >> 1 };
    const { alpha } = key(frameOf((x) => (x < 5 ? green : x < 10 ? mixed : hair)));
    t.ok(alpha(15, 9) > 30 && alpha(15, 9) < 225, `${alpha(15, 9)}`);
    const row = Array.from({ length: W }, (_, x) => alpha(x, 9));
    t.same(
      row.toSorted((a, b) => a - b),
      row,
      'rises from the backdrop to the person',
    );
  });

  t.test('takes the reflection of the backdrop off the person', async (t) => {
    const green = rgb('#00ff00');
    const skin = rgb('#e0b090');
    const lit: Colour = {
      y: skin.y,
      u: Math.round(skin.u + (green.u - 128) * 0.35),
      v: Math.round(skin.v + (green.v - 128) * 0.35),
    };
    const towardsGreen = ([u, v]: number[]): number => (u! - 128) * (green.u - 128) + (v! - 128) * (green.v - 128);
    const before = key(
      frameOf(() => lit),
      { spill: 0 },
    );
    const after = key(frameOf(() => lit));
    const share = after.alpha(9, 9) / 255;
    t.ok(share > 0.9, 'it stays');
    t.ok(towardsGreen(after.chroma(4, 4)) < towardsGreen(before.chroma(4, 4)), 'less green');
  });

  t.test('keys on blue as well, and a grey backdrop removes nothing', async (t) => {
    t.equal(
      key(
        frameOf(() => rgb('#0000ff')),
        { colour: '#0000ff' },
      ).alpha(9, 9),
      0,
    );
    t.equal(
      key(
        frameOf(() => rgb('#00ff00')),
        { colour: '#0000ff' },
      ).alpha(9, 9),
      255,
    );
    t.equal(
      key(
        frameOf(() => rgb('#808080')),
        { colour: '#808080' },
      ).alpha(9, 9),
      255,
    );
  });

  t.test('reads alpha that is packed beside or below the colours', async (t) => {
    const red = rgb('#c02020');
    const white: Colour = { y: 235, u: 128, v: 128 };
    const black: Colour = { y: 16, u: 128, v: 128 };
    const half: Colour = { y: 126, u: 128, v: 128 };
    for (const kind of ['alpha-right', 'alpha-below'] as const) {
      const [w, h] = kind === 'alpha-right' ? [2 * W, H] : [W, 2 * H];
      const mask = (x: number): Colour => (x < 5 ? black : x < 10 ? half : white);
      const frame = frameOf(
        (x, y) => {
          if (kind === 'alpha-right') return x < W / 2 ? red : mask(x - W / 2);
          return y < H / 2 ? red : mask(x);
        },
        w,
        h,
      );
      const out = new Uint8Array(yuvaSize(W, H));
      keyerOf({ kind }, kernels).write(frame, { width: w, height: h, x: 0, y: 0 }, out, size);
      const alpha = (x: number): number => out[i420Size(W, H) + 9 * W + x]!;
      t.same([alpha(2), alpha(28)], [0, 255], kind);
      t.ok(Math.abs(alpha(14) - 128) < 3);
      t.equal(out[9 * W + 2], 0);
      t.equal(out[9 * W + 28], red.y);
      t.equal(out[W * H + 4 * 16 + 14], red.u);
      t.equal(out[W * H * 1.25 + 4 * 16 + 1], 0);
    }
  });

  t.test('shows a whole rectangle where nothing is keyed, transparent around it', async (t) => {
    const out = new Uint8Array(yuvaSize(W, H));
    const red = rgb('#c02020');
    const frame = frameOf(() => red, 16, 16);
    keyerOf({ kind: 'none' }, kernels).write(frame, { width: 16, height: 16, x: 0, y: 0 }, out, {
      ...size,
      x: 8,
      y: 16,
    });
    const alpha = (x: number, y: number): number => out[i420Size(W, H) + y * W + x]!;
    t.same([alpha(7, 20), alpha(8, 16), alpha(23, 31), alpha(24, 31), alpha(10, 15)], [0, 255, 255, 0, 0]);
    t.equal(out[20 * W + 12], red.y);
    t.equal(out[i420Size(W, H) + W * H + 10 * 16 + 5], 255, 'alpha of the chroma');
  });
});

t.test('picture sizes', async (t) => {
  const wide = await filmTags(0.6);
  const tall = await filmTags(0.6, { width: 180, height: 320 });
  const config = avcConfigOf(wide[0]!)!;
  const other = avcConfigOf(tall[0]!)!;

  /** A key frame's tag of these NAL units. */
  const keyTag = (...nals: readonly Uint8Array[]): Buffer => {
    const units = nals.flatMap((nal) => [Buffer.from([0, 0, nal.length >> 8, nal.length & 255]), nal]);
    return flvTag(FLV_VIDEO, 70_000, Buffer.concat([Buffer.from([0x17, 1, 0, 0, 0]), ...units]));
  };
  const slice = Buffer.from([0x65, 1, 2, 3]);

  t.test('pictures with the parameter sets of the configuration go on with it', (t) => {
    for (const tag of [...wide.slice(1), ...inBandOf(wide)]) t.equal(configOfPictures(tag, config), config);
    t.end();
  });

  t.test('another parameter set is another configuration, whatever the kind of picture', (t) => {
    const found = configOfPictures(inBandOf(tall)[0]!, config)!;
    t.same(found.sps, other.sps);
    t.same(avcConfigOf(found.tag)!.pps, other.pps, 'and a tag that a decoder can begin with');
    t.same(
      configOfPictures(keyTag(other.sps, slice), config)!.pps,
      config.pps,
      'without a picture parameter set of its own',
    );
    const late = keyTag(slice, other.sps);
    late[11] = 0x27;
    t.same(configOfPictures(late, config)!.sps, other.sps, 'behind a slice');
    t.same(configOfPictures(late, config)!.tag.subarray(4, 8), late.subarray(4, 8), 'at the same time');
    t.end();
  });

  t.test('takes no tag in which another parameter set may hide', (t) => {
    t.equal(configOfPictures(keyTag(config.sps, other.sps, slice), config), undefined, 'two at once');
    const hidden = Buffer.concat([Buffer.from([6, 5, 9, 0, 0, 1]), other.sps]);
    t.equal(configOfPictures(keyTag(hidden, slice), config), undefined, 'behind a start code');
    const short = keyTag(slice);
    short.writeUInt32BE(400, 16);
    t.equal(configOfPictures(short, config), undefined, 'a length beyond the tag');
    t.equal(
      configOfPictures(keyTag(Buffer.alloc(256 + 0x67, 0x41), slice), config),
      config,
      'a length is no start code',
    );
    const two = avcConfigBody(config.sps, config.pps);
    two[10] = 0xe2;
    t.equal(avcConfigOf(flvTag(FLV_VIDEO, 0, two)), undefined, 'a configuration with two');
    t.equal(avcConfigOf(flvTag(FLV_VIDEO, 0, two.subarray(0, 12))), undefined, 'half a configuration');
    t.end();
  });
});
