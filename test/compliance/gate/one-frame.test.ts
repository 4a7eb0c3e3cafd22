import t from 'tap';
import { makeCode } from '../../../scripts/bench/scan/make-code.js';
import { matrixShape, roundShape, type Shape } from '../../../scripts/bench/scan/symbol-shapes.js';
import { InlineScanner } from '../../../scripts/bench/scan-replay/inline-scanner.js';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { ZxingReader } from '../../../src/codescan/decoders/library-readers.js';
import { Gate } from '../../../src/compliance/gate/gate.js';
import { gateBuffers } from '../../../src/compliance/gate/buffers/gate-buffers.js';
import { cycleFrames } from '../../../src/compliance/gate/frame-gate.js';
import { RectList } from '../../../src/core/media/picture.js';
import { seededRandom } from '../../../src/core/random.js';
import { frameIndex } from '../../../src/core/time.js';
import { SOUND } from '../../../src/core/verdict.js';
import { loadKernels } from '../../../src/native/load-kernels.js';

const W = 512;
const H = 448;
const K = 8;
/** Range of the moving ground. */
const BEYOND = 128;
/** Frames until nothing counts as new. */
const WARM = 70;
/** Frames between two flashes: more than the frames condemned with one, and each flash meets another slot. */
const APART = 11;
const PHASES = cycleFrames(K);

const random = seededRandom(77);
const kernels = loadKernels();
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());

/** Soft light and shade with a field of blots, wider than the frame. */
function drawGround(): Uint8Array {
  const [w, h] = [W + BEYOND, H + BEYOND];
  const plane = new Uint8Array(w * h);
  const blots = Array.from({ length: 4096 }, () => random() * 90 - 45);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const soft = 125 + 40 * Math.sin(x / 47) * Math.cos(y / 61) + 20 * Math.sin((x + 2 * y) / 29);
      const blot = x > w / 2 && y > h / 2 ? blots[((x >> 3) & 63) * 64 + ((y >> 3) & 63)]! : 0;
      plane[y * w + x] = Math.min(235, Math.max(16, soft + blot + random() * 4));
    }
  }
  return plane;
}

/** Draws a symbol with 3×3 samples a pixel; its quiet zone ends where the shape does. */
function stamp(canvas: Uint8Array, shape: Shape, cx: number, cy: number, size: number, degrees: number): void {
  const [w, h] = shape.aspect >= 1 ? [size, size / shape.aspect] : [size * shape.aspect, size];
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const reach = Math.ceil(Math.hypot(w, h) * 0.7);
  for (let y = Math.max(0, cy - reach); y < Math.min(H, cy + reach); y += 1) {
    for (let x = Math.max(0, cx - reach); x < Math.min(W, cx + reach); x += 1) {
      let ink = 0;
      let seen = 0;
      for (let k = 0; k < 9; k += 1) {
        const px = x + ((k % 3) + 0.5) / 3 - cx;
        const py = y + (Math.floor(k / 3) + 0.5) / 3 - cy;
        const here = shape.ink((px * cos + py * sin) / w + 0.5, (py * cos - px * sin) / h + 0.5);
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

const matrix = async (format: Parameters<typeof makeCode>[1], text: string, quiet: number): Promise<Shape> =>
  matrixShape(await makeCode(text, format), quiet);

interface Form {
  readonly name: string;
  readonly shape: Shape;
  readonly sizes: readonly number[];
  /** Maximum rotation in degrees. */
  readonly turn: number;
}

/** Smaller PDF417, MaxiCode and round codes are not readable at rest either. */
const FORMS: readonly Form[] = [
  { name: 'QR', shape: await matrix('QRCode', 'https://evil.example/1', 3), sizes: [90, 160], turn: 180 },
  { name: 'Micro QR', shape: await matrix('MicroQRCode', 'WX8866', 2), sizes: [90, 160], turn: 10 },
  { name: 'rMQR', shape: await matrix('RMQRCode', 'wx.example/7', 2), sizes: [160, 240], turn: 2 },
  {
    name: 'Data Matrix',
    shape: await matrix('DataMatrix', 'https://evil.example/2', 2),
    sizes: [90, 160, 240],
    turn: 180,
  },
  { name: 'Aztec', shape: await matrix('Aztec', 'https://evil.example/3', 1), sizes: [90, 160, 240], turn: 180 },
  { name: 'PDF417', shape: await matrix('PDF417', 'evil.example/4', 2), sizes: [200, 300], turn: 3 },
  { name: 'MaxiCode', shape: await matrix('MaxiCode', 'https://evil.example/5', 1), sizes: [200, 260], turn: 5 },
  { name: 'round', shape: roundShape(5, 54, true), sizes: [140, 220], turn: 10 },
];

t.test('holds back a code of any form that shows in one frame only, whatever moves around it', async (t) => {
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
  const flashes = new Map<number, { name: string; form: Form; size: number }>();
  for (const form of FORMS) {
    for (const size of form.sizes) {
      for (let i = 0; i < PHASES; i += 1) {
        const frame = WARM + flashes.size * APART;
        flashes.set(frame, { name: `${form.name} of ${size} px in frame ${frame % PHASES} of a turn`, form, size });
      }
    }
  }
  const ground = drawGround();
  const canvas = new Uint8Array((W * H * 3) / 2).fill(128);
  const damage = new RectList(1);
  damage.push(0, 0, W, H);
  const causes = new Map<number, string>();
  const release = (): void => {
    const { frame, cause, token } = gate.release();
    causes.set(frame, cause ?? 'released');
    gate.recycle(token);
  };
  const end = WARM + flashes.size * APART;
  for (let n = 0; n < end; n += 1) {
    const dx = Math.round((BEYOND / 2) * (1 + Math.sin(n / 9)));
    const dy = Math.round((BEYOND / 2) * (1 + Math.cos(n / 7)));
    for (let y = 0; y < H; y += 1) {
      const from = (y + dy) * (W + BEYOND) + dx;
      canvas.set(ground.subarray(from, from + W), y * W);
    }
    const flash = flashes.get(n);
    if (flash !== undefined) {
      const { form, size } = flash;
      const room = Math.min(W, H) / 2 - 4;
      const half = Math.min(room, Math.ceil(size * (form.turn > 20 ? 0.78 : 0.6)));
      const x = Math.round(half + random() * (W - 2 * half));
      const y = Math.round(half + random() * (H - 2 * half));
      stamp(canvas, form.shape, x, y, size, (random() * 2 - 1) * form.turn);
    }
    gate.submit(frameIndex(n), canvas, damage, new Float32Array(3200), 1600, SOUND.clean);
    while (gate.ready()) release();
  }
  gate.flush();
  while (gate.ready()) release();
  for (const [frame, { name }] of flashes) t.equal(causes.get(frame), 'violation', name);
  const others = [...causes].filter(([frame]) => frame >= 20 && frame < WARM - 10);
  t.ok(
    others.every(([, cause]) => cause === 'released'),
    'motion alone is shown',
  );
  t.equal(gate.counters.releasedUnjudged, 0);
});
