import t from 'tap';
import { externalAvatar } from '../../../src/config/sections/presenter.js';
import { i420Size, yuvaSize } from '../../../src/core/media/picture.js';
import { ChromaKey, chromaOf, keyerOf } from '../../../src/external-avatar/picture/keyer-of.js';
import { twinKernels } from '../../../src/native/twin/twin-kernels.js';

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
  keyerOf({ kind: 'none' }, kernels).write(frame, { width: 16, height: 16, x: 0, y: 0 }, out, { ...size, x: 8, y: 16 });
  const alpha = (x: number, y: number): number => out[i420Size(W, H) + y * W + x]!;
  t.same([alpha(7, 20), alpha(8, 16), alpha(23, 31), alpha(24, 31), alpha(10, 15)], [0, 255, 255, 0, 0]);
  t.equal(out[20 * W + 12], red.y);
  t.equal(out[i420Size(W, H) + W * H + 10 * 16 + 5], 255, 'alpha of the chroma');
});
