import t from 'tap';
import { makeCode, type Modules } from '../../../scripts/scan-bench/make-code.js';
import { DotLattice } from '../../../src/codescan/matrix/dot-lattice.js';
import { LONGEST_DOTS } from '../../../src/codescan/matrix/dot-reader.js';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { RectList } from '../../../src/core/media/picture.js';
import { seededRandom } from '../../../src/core/random.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { plainFrame } from '../../kit/draw-code.js';
import { type PaintedModules, paintModules } from '../paint-modules.js';

const W = 560;
const H = 480;
/** Radius of a dot, in modules: gaps of 28 % of a module. */
const DOT = 0.36;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());
const whole = new RectList(1);
whole.push(0, 0, W, H);

const seenFromBehind = ({ width, height, dark }: Modules): Modules => ({
  width,
  height,
  dark: dark.map((_, i) => dark[i - (i % width) + width - 1 - (i % width)]!),
});

const wide = await makeCode('a7k2m9q4x1', 'DataMatrix', 'forceSquare=false,version=26');
const codes: readonly (readonly [kind: string, code: Modules])[] = [
  ['data-matrix', await makeCode('24B8nh7js', 'DataMatrix')],
  ['data-matrix', wide],
  ['data-matrix', seenFromBehind(wide)],
  ['aztec', await makeCode('24B8nh7js', 'Aztec')],
  ['micro-qr', await makeCode('24B8N', 'MicroQRCode')],
  ['rmqr', await makeCode('24B8N', 'RMQRCode')],
];

function frameWith(code: Modules, ground: number, painted: Partial<PaintedModules>): Uint8Array {
  const frame = plainFrame(W, H, [ground, 128, 128]);
  paintModules(frame.subarray(0, W * H), W, H, code, { x: 280, y: 240, module: 6, dot: DOT, dark: 20, ...painted });
  return frame;
}

for (const prefer of ['native', 'twin'] as const) {
  const kernels = loadKernels({ prefer });
  const look = (frame: Uint8Array): { kinds: string[]; boxes: { width: number; height: number }[] } => {
    const scan = new LiveScan(kernels, zxing, W, H);
    scan.run(frame, whole, new Int32Array(4), EFFORT.deep);
    return { kinds: scan.hits.map((h) => h.kind), boxes: scan.hits.map((h) => h.box!) };
  };

  t.test(`${prefer}: a code of dots that do not touch is read, whatever its form and size`, async (t) => {
    for (const [i, [kind, code]] of codes.entries()) {
      for (const module of [4, 7, 11]) {
        const { kinds } = look(frameWith(code, 230, { module, degrees: 4 * i }));
        t.strictSame(kinds, [kind], `${kind}, ${code.width} × ${code.height}, ${module} px a module`);
      }
    }
  });

  t.test(`${prefer}: so is one of light dots on dark, and one in forty levels of grey`, async (t) => {
    for (const [kind, code] of codes) {
      t.strictSame(look(frameWith(code, 30, { dark: 220 })).kinds, [kind], `${kind}, light`);
      t.strictSame(look(frameWith(code, 150, { dark: 110 })).kinds, [kind], `${kind}, faint`);
    }
  });

  t.test(`${prefer}: its place is that of its dots`, async (t) => {
    const [box] = look(frameWith(codes[0]![1], 230, { module: 7 })).boxes;
    const side = codes[0]![1].width * 7;
    t.ok(Math.abs(box!.width - side) < 24 && Math.abs(box!.height - side) < 24, `${box!.width} of ${side} px`);
  });

  t.test(`${prefer}: dots in any order, in rows without gaps and beside a lattice are none`, async (t) => {
    const random = seededRandom(11);
    const size = { width: 30, height: 30 };
    const bits = { ...size, dark: Uint8Array.from({ length: 900 }, () => (random() < 0.5 ? 1 : 0)) };
    t.strictSame(look(frameWith(bits, 230, {})).kinds, [], 'dots by chance');
    t.strictSame(look(frameWith({ ...size, dark: new Uint8Array(900).fill(1) }, 230, {})).kinds, [], 'a grille');
  });
}

t.test('a lattice is followed over light modules, where it leans and where other dots stand beside it', async (t) => {
  const [, code] = codes[0]!;
  const luma = new Uint8Array(W * H).fill(230);
  paintModules(luma, W, H, code, { x: 280, y: 240, module: 5, degrees: 31, dot: DOT, dark: 20 });
  const random = seededRandom(3);
  const one: Modules = { width: 1, height: 1, dark: Uint8Array.of(1) };
  for (let i = 0; i < 30; i += 1) {
    const [x, y] = [20 + Math.floor(random() * 520), random() < 0.5 ? 40 : 440];
    paintModules(luma, W, H, one, { x, y, module: 5, dot: DOT, dark: 20 });
  }
  const lattice = new DotLattice(600);
  t.ok(lattice.find(luma, W, H, 210));
  t.strictSame([lattice.columns, lattice.rows], [code.width, code.height]);
  t.equal(
    lattice.dots,
    code.dark.reduce((sum, v) => sum + v, 0),
  );
});

t.test('so is one in a place as long as any that is read', async (t) => {
  const [w, h] = [LONGEST_DOTS, 120];
  const luma = new Uint8Array(w * h).fill(230);
  const random = seededRandom(9);
  const long: Modules = {
    width: 120,
    height: 12,
    dark: Uint8Array.from({ length: 1440 }, () => (random() < 0.5 ? 1 : 0)),
  };
  long.dark.fill(1, 0, 120);
  paintModules(luma, w, h, long, { x: 320, y: 60, module: 5, dot: DOT, dark: 20 });
  const lattice = new DotLattice(LONGEST_DOTS);
  t.ok(lattice.find(luma, w, h, 210));
  t.strictSame([lattice.columns, lattice.rows], [120, 12]);
});

t.test('dots that stand nowhere in particular are on none', async (t) => {
  const random = seededRandom(5);
  const luma = new Uint8Array(W * H).fill(230);
  const one: Modules = { width: 1, height: 1, dark: Uint8Array.of(1) };
  for (let i = 0; i < 900; i += 1) {
    const [x, y] = [20 + Math.floor(random() * 520), 20 + Math.floor(random() * 440)];
    paintModules(luma, W, H, one, { x, y, module: 5, dot: DOT, dark: 20 });
  }
  t.notOk(new DotLattice(600).find(luma, W, H, 210));
});

for (const prefer of ['native', 'twin'] as const) {
  t.test(`${prefer}: a rectangular Data Matrix is read as seen from behind`, async (t) => {
    const scan = new LiveScan(loadKernels({ prefer }), zxing, W, H);
    const behind = seenFromBehind(wide);
    for (const [module, degrees] of [
      [4, 3],
      [4, 24],
      [6, 200],
    ] as const) {
      scan.run(frameWith(behind, 230, { module, degrees, dot: 0 }), whole, new Int32Array(4), EFFORT.deep);
      t.strictSame(
        scan.hits.map((h) => h.kind),
        ['data-matrix'],
        `${module} px a module, ${degrees}°`,
      );
    }
  });
}
