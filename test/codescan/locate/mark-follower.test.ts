import t from 'tap';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { EFFORT, findersOnly, slotEffort } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { RectList } from '../../../src/core/media/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { drawCode, type Modules, plainFrame } from '../../kit/draw-code.js';
import { makeCode } from '../../../scripts/bench/scan/make-code.js';

const W = 720;
const H = 480;
const MODULE = 5;
const [X, Y] = [200, 160];
const STEP = 20;
const FRAMES = 5;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());

type Rect = readonly [x: number, y: number, width: number, height: number];

/** The modules of a code within a rectangle. */
function part(code: Modules, [x0, y0, width, height]: Rect): Modules {
  const dark = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) dark[y * width + x] = code.dark[(y0 + y) * code.width + x0 + x]!;
  }
  return { width, height, dark };
}

/** The moving half, and its origin. */
const WAYS = ['right', 'left', 'above', 'below'] as const;

function halves(
  { width: w, height: h }: Modules,
  way: (typeof WAYS)[number],
): { moves: Rect; stands: Rect; dx: number; dy: number } {
  const [cw, ch] = [w >> 1, h >> 1];
  if (way === 'right') return { moves: [cw, 0, w - cw, h], stands: [0, 0, cw, h], dx: 1, dy: 0 };
  if (way === 'left') return { moves: [0, 0, cw, h], stands: [cw, 0, w - cw, h], dx: -1, dy: 0 };
  if (way === 'above') return { moves: [0, 0, w, ch], stands: [0, ch, w, h - ch], dx: 0, dy: -1 };
  return { moves: [0, ch, w, h - ch], stands: [0, 0, w, ch], dx: 0, dy: 1 };
}

for (const [name, format, parameters] of [
  ['low Data Matrix', 'DataMatrix', 'version=32'],
  ['square Data Matrix', 'DataMatrix', 'version=8'],
  ['cut bull’s eye', 'Aztec', ''],
] as const) {
  const code = (await makeCode('https://evil.example/m1', format, parameters)) as Modules;
  // The lower half of the low one, four modules high, has no locator.
  for (const way of WAYS.filter((w) => !name.startsWith('low') || w !== 'above')) {
    t.test(`reads a ${name} in the one frame in which it is whole, when the half from ${way} moves`, async (t) => {
      const scan = new LiveScan(loadKernels(), zxing, W, H);
      const { moves, stands, dx, dy } = halves(code, way);
      const draw = (shift: number): { frame: Uint8Array; damage: RectList } => {
        const frame = plainFrame(W, H, [200, 128, 128]);
        const at = (rect: Rect, by: number) => ({
          x: X + rect[0] * MODULE + dx * by,
          y: Y + rect[1] * MODULE + dy * by,
          module: MODULE,
          quiet: 0,
        });
        drawCode(frame, W, H, part(code, stands), at(stands, 0));
        drawCode(frame, W, H, part(code, moves), at(moves, shift));
        const here = at(moves, shift + STEP / 2);
        const damage = new RectList(1);
        const grow = STEP / 2 + 32;
        damage.push(here.x - grow, here.y - grow, moves[2] * MODULE + 2 * grow, moves[3] * MODULE + 2 * grow);
        return { frame, damage };
      };
      const hits: string[] = [];
      for (let n = -FRAMES; n <= FRAMES; n += 1) {
        const { frame, damage } = draw(Math.abs(n) * STEP);
        if (n === -FRAMES) {
          damage.clear();
          damage.push(0, 0, W, H);
        }
        // Only the locator search, as between the round-robin slots that read every moving part.
        scan.run(frame, damage, new Int32Array(4), EFFORT.deep | slotEffort(0, 0) | findersOnly(1));
        if (scan.hits.length > 0) hits.push(`${n} ${scan.hits[0]!.kind}`);
      }
      t.strictSame(hits, [`0 ${format === 'Aztec' ? 'aztec' : 'data-matrix'}`]);
    });
  }
}
