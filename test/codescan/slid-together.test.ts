import t from 'tap';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { EFFORT, findersOnly, slotEffort } from '../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../src/codescan/decoders/zxing-reader.js';
import { RectList } from '../../src/core/media/picture.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { drawCode, type Modules, plainFrame } from '../kit/draw-code.js';
import { makeCode } from '../../scripts/bench/scan/make-code.js';

const W = 720;
const H = 320;
const MODULE = 5;
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());

function half(code: Modules, first: number): Modules {
  const width = code.width / 2;
  const dark = new Uint8Array(width * code.height);
  for (let y = 0; y < code.height; y += 1) {
    for (let x = 0; x < width; x += 1) dark[y * width + x] = code.dark[y * code.width + first + x]!;
  }
  return { width, height: code.height, dark };
}

for (const prefer of ['native', 'twin'] as const) {
  t.test(`reads a low Data Matrix that slid together before its frames leave (${prefer})`, async (t) => {
    const code = (await makeCode('https://evil.example/m1', 'DataMatrix', 'version=32')) as Modules;
    t.ok(code.width > 3 * code.height, `${code.width} × ${code.height} modules`);
    const scan = new LiveScan(loadKernels({ prefer }), zxing, W, H);
    const whole = new RectList(1);
    whole.push(0, 0, W, H);
    const found: number[] = [];
    for (let n = 0; n < 30; n += 1) {
      const frame = plainFrame(W, H, [180, 128, 128]);
      const slide = Math.max(0, 10 - n);
      const width = (code.width / 2) * MODULE;
      drawCode(frame, W, H, half(code, 0), { x: 60, y: 100, module: MODULE, quiet: 0 });
      drawCode(frame, W, H, half(code, code.width / 2), { x: 60 + width + slide, y: 100, module: MODULE, quiet: 0 });
      // Only the locator search, as between the round-robin slots that read every moving part.
      scan.run(frame, whole, new Int32Array(4), EFFORT.deep | slotEffort(0, 0) | findersOnly(1));
      if (scan.hits.length > 0) found.push(n);
    }
    t.ok(found.length > 0 && found[0]! <= 10 + 12, `complete in frame 10, read in ${found[0]}`);
  });
}
