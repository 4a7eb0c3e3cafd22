import t from 'tap';
import { EFFORT, OUTCOME } from '../../../src/codescan/jobs/scan-memory.js';
import { SharedFrameScannerClient } from '../../../src/codescan/jobs/frame-scanner-client.js';
import { FrameScanner } from '../../../src/codescan/jobs/frame-scanner.js';
import { Gate } from '../../../src/compliance/gate/gate.js';
import { gateBuffers } from '../../../src/compliance/gate/buffers/gate-buffers.js';
import type { GateOptions } from '../../../src/compliance/gate/frame-gate.js';
import { obscure } from '../../../src/compliance/gate/obscurer.js';
import { silentLog } from '../../../src/core/log.js';
import { RectList } from '../../../src/core/media/picture.js';
import { seededRandom } from '../../../src/core/random.js';
import { frameIndex } from '../../../src/core/time.js';
import { SOUND } from '../../../src/core/verdict.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { drawCode, makeCode, plainFrame } from '../../kit/draw-code.js';
import { FakeScanner } from './fake-scanner.js';
import { gateOptions, H, K, W } from './gate-rig.js';

const SIZE = (W * H * 3) / 2;
const kernels = loadKernels();

class Rig {
  readonly scanner = new FakeScanner(W, H, gateBuffers(K, 2));
  readonly canvas = new Uint8Array(SIZE);
  readonly left: { frame: number; cause: string | undefined; shown: string; picture: Uint8Array }[] = [];
  readonly gate: Gate;
  private readonly silence = new Float32Array(3200);
  n = 0;

  constructor(options: Partial<GateOptions> = {}) {
    const random = seededRandom(1);
    for (let i = 0; i < SIZE; i += 1) this.canvas[i] = 60 + Math.floor(random() * 100);
    const blurring: Partial<GateOptions> = { kernels, onCode: 'blur', minimumHoldMs: 300 };
    this.gate = new Gate({ ...gateOptions(this.scanner), ...blurring, ...options });
  }

  /** One tick. `judge` ends the open scans: it gets each frame with a scan, and whether that is a proof. */
  tick(damage: number[], judge: (frame: number, proof: boolean) => 'clean' | 'code' | 'wait' | 'failed'): void {
    const list = new RectList(4);
    if (damage.length > 0) list.push(damage[0]!, damage[1]!, damage[2]!, damage[3]!);
    this.gate.submit(frameIndex(this.n), this.canvas, list, this.silence, 1600, SOUND.clean);
    for (const job of this.scanner.jobs) {
      if (job === undefined || job.done) continue;
      const verdict = judge(job.frame, (job.effort & EFFORT.exact) !== 0);
      if (verdict === 'clean') this.scanner.finish(job.frame);
      if (verdict === 'code') this.scanner.finish(job.frame, OUTCOME.violation, [CODE]);
      if (verdict === 'failed') this.scanner.finish(job.frame, OUTCOME.failed);
    }
    this.n += 1;
    if (!this.gate.ready()) return;
    const { frame, cause, picture, token } = this.gate.release();
    const here = (p: Uint8Array): number => variance(p, 150, 90);
    const shown = picture[0] === 7 ? 'slate' : cause === undefined ? 'own' : here(picture) < 20 ? 'obscured' : 'held';
    this.left.push({ frame, cause, shown, picture: picture.slice() });
    this.gate.recycle(token);
  }

  shown(from: number, to: number): string[] {
    return [...new Set(this.left.filter((l) => l.frame >= from && l.frame <= to).map((l) => l.shown))];
  }
}

const CODE = [130, 70, 40, 40];
const WHOLE = [0, 0, W, H];
const CORNER = [0, 160, 32, 32];

/** Variance of the luma in 16 × 16 pixels. */
function variance(picture: Uint8Array, x: number, y: number): number {
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < 16; row += 1) {
    for (let column = 0; column < 16; column += 1) {
      const v = picture[(y + row) * W + x + column]!;
      sum += v;
      squares += v * v;
    }
  }
  return squares / 256 - (sum / 256) ** 2;
}

t.test('leaves fewer parts than any code has modules, and the surroundings unchanged', async (t) => {
  for (const smooth of [false, true]) {
    const random = seededRandom(3);
    const frame = Uint8Array.from({ length: SIZE }, () => Math.floor(random() * 256));
    const before = frame.slice();
    obscure(frame, W, H, 40, 20, 120, 80, smooth);
    const row = (y: number): number[] => Array.from({ length: 120 }, (_, i) => frame[y * W + 40 + i]!);
    const turns = row(60).filter((v, i, all) => i > 1 && (v - all[i - 1]!) * (all[i - 1]! - all[i - 2]!) < 0);
    t.ok(turns.length <= 6, `${turns.length} changes of brightness in a row`);
    if (!smooth) t.ok(new Set(row(60)).size <= 6);
    let outside = 0;
    for (let y = 0; y < H; y += 1) {
      for (let x = 0; x < W; x += 1) {
        const inside = x >= 40 && x < 160 && y >= 20 && y < 100;
        if (!inside && frame[y * W + x] !== before[y * W + x]) outside += 1;
      }
    }
    t.equal(outside, 0);
    // Not by tap, which would take ten seconds to work out the difference.
    t.not(Buffer.compare(frame.subarray(W * H), before.subarray(W * H)), 0, 'colour is obscured as well');
  }
});

t.test('obscures a lasting code while the rest of the picture goes on', async (t) => {
  const rig = new Rig();
  for (let i = 0; i < 60; i += 1) {
    const coded = i >= 20 && i < 40;
    rig.canvas.fill(i, 160 * W, 160 * W + 32);
    rig.tick(i === 0 || i === 20 || i === 40 ? WHOLE : CORNER, (frame, proof) =>
      !proof && coded && frame >= 20 ? 'code' : 'clean',
    );
  }
  t.same(rig.shown(0, 10), ['own']);
  t.notOk(rig.shown(0, 60).includes('slate'), 'no slate at all');
  t.same(rig.shown(22, 39), ['obscured']);
  const first = rig.left.findIndex((l) => l.shown === 'obscured');
  t.ok(rig.left[first]!.frame <= 21, `obscured from frame ${rig.left[first]!.frame}`);
  t.equal(rig.left.find((l) => l.frame === 30)!.picture[160 * W + 4], 30, 'its surroundings are those of this frame');
  t.same(rig.shown(49, 51), ['own'], 'the whole picture is back after the minimum time');
  const counters = rig.gate.counters;
  t.equal(counters.releasedUnjudged, 0);
  t.equal(counters.released + counters.replaced + counters.inWindow, counters.rendered);
});

t.test('never shows a frame whose proof is late, failed or found a code', async (t) => {
  for (const bad of ['wait', 'code'] as const) {
    const rig = new Rig();
    for (let i = 0; i < 80; i += 1) {
      rig.tick(i === 0 || i === 20 ? WHOLE : CORNER, (_, proof) => (proof ? bad : i >= 20 ? 'code' : 'clean'));
    }
    t.notOk(rig.shown(20, 70).includes('obscured'), `${bad}: nothing unproven left`);
    t.notOk(rig.shown(20, 70).includes('own'));
    t.same(rig.shown(60, 70), ['slate'], 'the slate follows after a second of the last picture');
  }
});

t.test('does not show an obscured frame until the rest of it was read in all planes', async (t) => {
  // Drawing far from the code in frame 45 is read for every form of code in the frames after it.
  for (const after of ['wait', 'failed'] as const) {
    const rig = new Rig();
    for (let i = 0; i < 56; i += 1) {
      if (i === 45) rig.canvas.fill(200, 4 * W, 4 * W + 30);
      rig.tick(i === 0 || i === 35 ? WHOLE : i === 45 ? [0, 0, 30, 30] : CORNER, (frame, proof) => {
        if (!proof && (after === 'wait' ? frame > 45 : frame === 47)) return after;
        return !proof && frame === 35 ? 'code' : 'clean';
      });
    }
    t.same(rig.shown(38, 40), ['obscured']);
    t.not(rig.left.find((l) => l.frame === 45)!.picture[4 * W + 4], 200, after);
  }
});

t.test('holds frames condemned for a later one, because they have no rectangle of their own', async (t) => {
  const rig = new Rig();
  for (let i = 0; i < 40; i += 1) {
    rig.tick(i === 0 || i === 20 ? WHOLE : CORNER, (frame, proof) => (!proof && frame >= 20 ? 'code' : 'clean'));
  }
  t.same(rig.shown(13, 19), ['held'], 'the frames before the code');
  const held = rig.left.find((l) => l.frame === 18)!;
  const clean = rig.left.find((l) => l.frame === 12)!.picture;
  t.equal(Buffer.compare(held.picture, clean), 0, 'show the last clean picture');
});

t.test('leaves no readable code in any frame of real codes', { timeout: 300_000 }, async (t) => {
  const code = await makeCode('https://evil.example/pay');
  const scanner = await FrameScanner.open({
    width: 640,
    height: 640,
    buffers: gateBuffers(K, 2),
    threads: 1,
    log: silentLog,
  });
  t.teardown(() => scanner.close());
  const gate = new Gate({
    width: 640,
    height: 640,
    rate: { num: 30, den: 1 },
    lookAheadFrames: K,
    kernels,
    scanner: new SharedFrameScannerClient(scanner.handle),
    slate: new Uint8Array((640 * 640 * 3) / 2).fill(7),
    onCode: 'pixelate',
    minimumHoldMs: 300,
    maxSamplesPerFrame: 1600,
    poolExtraFrames: 2,
    onEvent: () => undefined,
    mode: 'offline',
  });
  const proof = await FrameScanner.open({ width: 640, height: 640, buffers: 1, threads: 1, log: silentLog });
  t.teardown(() => proof.close());
  const client = new SharedFrameScannerClient(proof.handle);
  const all = new RectList(1);
  all.push(0, 0, 640, 640);
  let obscured = 0;
  let codes = 0;
  const check = (picture: Uint8Array): void => {
    client.picture(0).set(picture);
    client.post(0, 0, all, all.items, 3);
    client.waitUntilDone(0, 20_000);
    if (client.outcome(0) !== OUTCOME.clean) codes += 1;
    client.retire(0);
  };
  for (let n = 0; n < 40; n += 1) {
    const canvas = plainFrame(640, 640, [150, 120, 130]);
    if (n >= 12 && n < 30) drawCode(canvas, 640, 640, code, { x: 120 + n * 6, y: 200, module: 6 });
    gate.submit(frameIndex(n), canvas, all, new Float32Array(3200), 1600, SOUND.clean);
    if (!gate.ready()) continue;
    const { picture, outcome, token } = gate.release();
    if (outcome === 'replaced' && picture[0] !== 7 && picture[320 * 640 + 320] !== undefined) obscured += 1;
    check(picture);
    gate.recycle(token);
  }
  t.equal(codes, 0, 'no code was released');
  t.ok(obscured >= 15, `${obscured} frames were released obscured or held`);
});
