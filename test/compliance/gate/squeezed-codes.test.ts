import t from 'tap';
import { maxiCode } from '../../../scripts/bench/scan/code-shapes.js';
import { makeCode } from '../../../scripts/bench/scan/make-code.js';
import { matrixShape, roundShape, type Shape } from '../../../scripts/bench/scan/symbol-shapes.js';
import { InlineScanner } from '../../../scripts/bench/scan-replay/inline-scanner.js';
import { readWithJsQr, ZxingReader } from '../../../src/codescan/decoders/library-readers.js';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { gateBuffers } from '../../../src/compliance/gate/buffers/gate-buffers.js';
import { Gate } from '../../../src/compliance/gate/gate.js';
import { RectList } from '../../../src/core/media/picture.js';
import { seededRandom } from '../../../src/core/random.js';
import { frameIndex } from '../../../src/core/time.js';
import { SOUND } from '../../../src/core/verdict.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { sampled } from '../../kit/whole.js';

/*
 * Codes squeezed in one direction, as a video is that is fitted into a picture of another shape: shown for some frames,
 * at rest, moving and slanted. A show reads the whole of no frame, so each code must be found by its locators.
 */

const W = 448;
const H = 560;
const K = 8;
const WARM = 40;
/** Frames with a code, and without one between two of them. */
const SHOWN = 8;
const APART = 14;
const RATIOS = [1, 1.25, 1.43, 1.6, 1.67, 1.78, 2, 2.25, 2.5];
const MOTIONS = ['at rest', 'moving', 'slanted'] as const;

const kernels = loadKernels();
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
const judge = await ZxingReader.open(W * H);
t.teardown(() => [zxing, judge].forEach((one) => one.close()));

const matrix = async (format: Parameters<typeof makeCode>[1], text: string, quiet: number): Promise<Shape> =>
  matrixShape(await makeCode(text, format), quiet);

interface Form {
  readonly name: string;
  readonly shape: Shape;
  /** Pixels of the longer side before it is squeezed. */
  readonly size: number;
  readonly degrees: number;
  /** No reader reads it when it is squeezed or slanted: the ratio up to which its marks must be known all the same. */
  readonly unread?: number;
}

const FORMS: readonly Form[] = [
  { name: 'QR', shape: await matrix('QRCode', 'https://evil.example/1', 4), size: 130, degrees: 20 },
  {
    name: 'QR of version 5',
    shape: await matrix('QRCode', `https://evil.example/${'0123456789abcdefghijk'.repeat(4)}`, 4),
    size: 150,
    degrees: 12,
  },
  { name: 'Micro QR', shape: await matrix('MicroQRCode', 'WX8866', 2), size: 110, degrees: 5 },
  { name: 'rMQR', shape: await matrix('RMQRCode', 'wx.example/7', 2), size: 160, degrees: 2 },
  { name: 'Data Matrix', shape: await matrix('DataMatrix', 'https://evil.example/2', 2), size: 120, degrees: 15 },
  { name: 'Aztec', shape: await matrix('Aztec', 'https://evil.example/3', 1), size: 130, degrees: 10 },
  {
    name: 'round code',
    shape: roundShape(61, 54, true),
    size: 190,
    degrees: 7,
    unread: 1.5,
  },
  { name: 'MaxiCode', shape: await maxiCode(seededRandom(3), 220), size: 190, degrees: 5, unread: 1.5 },
  { name: 'PDF417', shape: await matrix('PDF417', 'evil.example/4', 2), size: 220, degrees: 3 },
];

interface Case {
  readonly name: string;
  readonly form: Form;
  readonly width: number;
  readonly height: number;
  readonly motion: (typeof MOTIONS)[number];
  /** Counts though no reader reads it. */
  readonly isMarked: boolean;
}

const CASES: readonly Case[] = FORMS.flatMap((form) =>
  RATIOS.flatMap((ratio) =>
    (ratio === 1 ? (['tall'] as const) : (['tall', 'wide'] as const)).flatMap((way) =>
      MOTIONS.map((motion): Case => {
        const { aspect } = form.shape;
        const [w, h] = aspect >= 1 ? [form.size, form.size / aspect] : [form.size * aspect, form.size];
        const [across, down] = way === 'tall' ? [w, h * ratio] : [w * ratio, h];
        const fit = Math.min(1, (W - 110) / across, (H - 110) / down);
        const name = `${form.name} of 1:${ratio}, ${way}, ${motion}`;
        return {
          name,
          form,
          width: across * fit,
          height: down * fit,
          motion,
          isMarked: ratio <= (form.unread ?? 0),
        };
      }),
    ),
  ),
);

/** Draws a symbol of this width and height with 3×3 samples a pixel. */
function stamp(canvas: Uint8Array, { form, width, height, motion }: Case, cx: number, cy: number): void {
  const angle = motion === 'slanted' ? (form.degrees * Math.PI) / 180 : 0;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.ceil(Math.hypot(width, height) * 0.75);
  for (let y = Math.max(0, Math.floor(cy - reach)); y < Math.min(H, cy + reach); y += 1) {
    for (let x = Math.max(0, Math.floor(cx - reach)); x < Math.min(W, cx + reach); x += 1) {
      let ink = 0;
      let seen = 0;
      for (let k = 0; k < 9; k += 1) {
        const px = x + ((k % 3) + 0.5) / 3 - cx;
        const py = y + (Math.floor(k / 3) + 0.5) / 3 - cy;
        const here = form.shape.ink((px * cos + py * sin) / width + 0.5, (py * cos - px * sin) / height + 0.5);
        if (here === undefined) continue;
        ink += here;
        seen += 1;
      }
      if (seen === 0) continue;
      const own = 225 - (195 * ink) / seen;
      canvas[y * W + x] = Math.round((canvas[y * W + x]! * (9 - seen) + own * seen) / 9);
    }
  }
}

/** Whether a reader reads a code in the whole of a picture. */
function isReadable(luma: Uint8Array): boolean {
  for (const family of ['qr', 'other'] as const) {
    for (const how of ['local', 'global'] as const) {
      judge.pixels().set(luma);
      if (judge.read(W, H, family, how).some(({ valid, text }) => valid && text !== '')) return true;
    }
  }
  return (readWithJsQr(luma, W, H, false)?.text ?? '') !== '';
}

/** Holds for each form, so that `tap run --grep=PDF417` takes a part. */
const chosen = sampled(CASES, 11);
for (const form of FORMS) {
  t.test(`holds back a ${form.name}, however squeezed`, async (t) => {
    const random = seededRandom(5);
    const ground = Uint8Array.from({ length: W * H }, (_, i) => {
      const [x, y] = [i % W, Math.floor(i / W)];
      return 125 + 40 * Math.sin(x / 47) * Math.cos(y / 61) + 20 * Math.sin((x + 2 * y) / 29) + random() * 4;
    });
    const scanner = new InlineScanner(new LiveScan(kernels, zxing, W, H), W, H, gateBuffers(K, 2));
    const gate = new Gate({
      width: W,
      height: H,
      rate: { num: 30, den: 1 },
      lookAheadFrames: K,
      kernels,
      scanner,
      slate: new Uint8Array((W * H * 3) / 2),
      onCode: 'slate',
      minimumHoldMs: 0,
      maxSamplesPerFrame: 1600,
      poolExtraFrames: 2,
      onEvent: () => undefined,
    });
    const causes = new Map<number, string>();
    const release = (): void => {
      const { frame, cause, token } = gate.release();
      causes.set(frame, cause ?? 'released');
      gate.recycle(token);
    };
    const canvas = new Uint8Array((W * H * 3) / 2).fill(128);
    const damage = new RectList(1);
    damage.push(16, 16, W - 32, H - 32);
    let n = 0;
    const submit = (): void => {
      gate.submit(frameIndex(n), canvas, damage, new Float32Array(3200), 1600, SOUND.clean);
      n += 1;
      while (gate.ready()) release();
    };
    canvas.set(ground);
    while (n < WARM) submit();
    const shown: { name: string; first: number; isReadable: boolean }[] = [];
    for (const one of chosen.filter((one) => one.form === form)) {
      let readable = 0;
      const first = n;
      for (let i = 0; i < SHOWN; i += 1) {
        canvas.set(ground);
        const moved = one.motion === 'moving' ? 1 : 0;
        stamp(canvas, one, W / 2 + moved * 50 * Math.sin(i / 2), H / 2 + moved * 40 * Math.sin(i / 3));
        if (i % 4 === 1 && isReadable(canvas.subarray(0, W * H))) readable += 1;
        submit();
      }
      canvas.set(ground);
      for (let i = 0; i < APART; i += 1) submit();
      shown.push({ name: one.name, first, isReadable: readable > 0 || one.isMarked });
    }
    gate.flush();
    while (gate.ready()) release();
    for (const { name, first, isReadable: counts } of shown) {
      const held = Array.from({ length: SHOWN }, (_, i) => causes.get(first + i)).filter((one) => one === 'violation');
      if (counts) t.equal(held.length, SHOWN, name);
      else t.comment(`hardly readable: ${name}; ${held.length} of ${SHOWN} frames are held back`);
      if (name.startsWith('QR')) t.ok(counts, `${name} is readable`);
    }
    const before = [...causes].filter(([frame]) => frame >= 20 && frame < WARM - 10);
    t.ok(
      before.every(([, cause]) => cause === 'released'),
      'the ground alone is shown',
    );
    t.equal(gate.counters.releasedUnjudged, 0);
  });
}
