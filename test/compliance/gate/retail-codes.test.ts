import t from 'tap';
import { InlineScanner } from '../../../scripts/bench/scan-replay/inline-scanner.js';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { ZxingReader } from '../../../src/codescan/decoders/zxing-reader.js';
import { Gate } from '../../../src/compliance/gate/gate.js';
import { gateBuffers } from '../../../src/compliance/gate/buffers/gate-buffers.js';
import type { GateEvent } from '../../../src/compliance/gate/gate-event.js';
import { RectList } from '../../../src/core/media/picture.js';
import { frameIndex } from '../../../src/core/time.js';
import { type FrameHit, SOUND } from '../../../src/core/verdict.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { plainFrame } from '../../kit/draw-code.js';
import { barsOf, RETAIL_FORMS } from '../../codescan/draw-retail.js';
import { paintModules } from '../../codescan/paint-modules.js';
import { sampled } from '../../kit/whole.js';

const W = 640;
const H = 480;
const K = 8;
const kernels = loadKernels();
const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
t.teardown(() => zxing.close());

/** Shows a product box with a barcode in some frames of a show and returns the releases. */
async function show(
  retail: boolean,
  form: (typeof RETAIL_FORMS)[number],
  degrees: number,
  onCode: 'slate' | 'blur' = 'slate',
) {
  const hits: FrameHit[] = [];
  const onEvent = (event: GateEvent): void => {
    if (event.type === 'violation') hits.push(...event.hits);
  };
  const scan = new LiveScan(kernels, zxing, W, H, undefined, retail);
  const gate = new Gate({
    width: W,
    height: H,
    rate: { num: 30, den: 1 },
    lookAheadFrames: K,
    kernels,
    scanner: new InlineScanner(scan, W, H, gateBuffers(K, 2)),
    slate: new Uint8Array((W * H * 3) / 2),
    onCode,
    minimumHoldMs: 0,
    maxSamplesPerFrame: 1600,
    poolExtraFrames: 2,
    onEvent,
  });
  const bars = await barsOf(form);
  const plain = plainFrame(W, H, [190, 120, 136]);
  const withCode = plain.slice();
  paintModules(withCode.subarray(0, W * H), W, H, bars, { x: 320, y: 240, module: 2, degrees, dark: 30 });
  const causes = new Map<number, string>();
  const pictures = new Map<number, Uint8Array>();
  const release = (): void => {
    const { frame, cause, picture, token } = gate.release();
    causes.set(frame, cause ?? 'released');
    pictures.set(frame, picture.slice());
    gate.recycle(token);
  };
  const damage = new RectList(1);
  for (let n = 0; n < 90; n += 1) {
    damage.clear();
    if (n === 0) damage.push(0, 0, W, H);
    // Frames in which the box appears and disappears.
    if (n === 40 || n === 50) damage.push(100, 20, 440, 440);
    const canvas = n >= 40 && n < 50 ? withCode : plain;
    gate.submit(frameIndex(n), canvas, damage, new Float32Array(3200), 1600, SOUND.clean);
    while (gate.ready()) release();
  }
  gate.flush();
  while (gate.ready()) release();
  return { causes, hits, pictures, plain, counters: gate.counters };
}

t.test('releases no frame with a refused retail code, and names it for the ledger', async (t) => {
  for (const form of sampled(RETAIL_FORMS, 2)) {
    for (const degrees of [0, 90]) {
      const { causes, hits, counters } = await show(true, form, degrees);
      for (let n = 40; n < 50; n += 1) t.equal(causes.get(n), 'violation', `${form[0]}, ${degrees}°, frame ${n}`);
      t.equal(causes.get(20), 'released');
      t.equal(causes.get(89), 'released', 'and the show is back');
      t.match(hits, [{ rule: '3.3', kind: form[2], text: String }], `${form[0]}, ${degrees}°`);
      t.equal(counters.releasedUnjudged, 0);
    }
  }
});

t.test('shows retail codes by default', async (t) => {
  const { counters, hits } = await show(false, RETAIL_FORMS[0], 0);
  t.strictSame([counters.released, counters.replaced, hits], [90, 0, []]);
});

t.test('"blur" obscures a retail code and keeps its surroundings', async (t) => {
  const { pictures, plain, counters } = await show(true, RETAIL_FORMS[0], 0, 'blur');
  const judge = new LiveScan(kernels, zxing, W, H, undefined, true);
  const whole = new RectList(1);
  whole.push(0, 0, W, H);
  for (let n = 40; n < 50; n += 1) {
    judge.run(pictures.get(n)!, whole, whole.items, EFFORT.deep | EFFORT.exact);
    t.strictSame(judge.hits, [], `frame ${n}`);
  }
  const late = pictures.get(47)!;
  const sameTo = (rows: number): boolean =>
    Buffer.compare(late.subarray(0, rows * W), plain.subarray(0, rows * W)) === 0;
  t.ok(sameTo(100), 'the rest is the picture');
  t.notOk(sameTo(H), 'and it has content');
  t.equal(counters.releasedUnjudged, 0);
});
