import t from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { RectList } from '../../../src/core/media/picture.js';
import { frameIndex } from '../../../src/core/time.js';
import { SOUND } from '../../../src/core/verdict.js';
import { SharedFrameScannerClient } from '../../../src/codescan/jobs/frame-scanner-client.js';
import { FrameScanner } from '../../../src/codescan/jobs/frame-scanner.js';
import { EFFORT, JOB, OUTCOME, ScanMemory } from '../../../src/codescan/jobs/scan-memory.js';
import { Gate } from '../../../src/compliance/gate/gate.js';
import { gateBuffers } from '../../../src/compliance/gate/buffers/gate-buffers.js';
import type { GateOptions } from '../../../src/compliance/gate/frame-gate.js';
import type { GateEvent } from '../../../src/compliance/gate/gate-event.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { BLACK, drawCode, makeCode, type Modules, plainFrame, type Placing, type Yuv } from '../../kit/draw-code.js';

const W = 1280;
const H = 720;
const K = 8;
const RATE = { num: 30, den: 1 };
const GREY: Yuv = [120, 128, 128];
const WHOLE: [number, number, number, number] = [0, 0, W, H];
const kernels = loadKernels();
const silence = new Float32Array(3200);

const scanner = await FrameScanner.open({
  width: W,
  height: H,
  buffers: gateBuffers(K, 2),
  threads: 1,
  log: silentLog,
  stallMs: 3000,
});
t.teardown(() => scanner.close());
const client = new SharedFrameScannerClient(scanner.handle);
const qr = await makeCode('https://example.com/join?group=42');

function rects(...list: [number, number, number, number][]): RectList {
  const out = new RectList(8);
  for (const r of list) out.push(...r);
  return out;
}

/** Scans one picture on buffer 0, by default the whole of it. */
async function look(frame: Uint8Array, where = WHOLE, other = WHOLE) {
  client.picture(0).set(frame);
  client.post(0, 1, rects(where), Int32Array.from(other), EFFORT.deep);
  if (!client.waitUntilDone(0, 10_000)) throw new Error('no verdict');
  const result = { outcome: client.outcome(0), hits: client.describe(0), candidates: client.candidates(0) };
  client.retire(0);
  return result;
}

const withCode = (code: Modules, placing: Placing, ground = GREY): Uint8Array => {
  const frame = plainFrame(W, H, ground);
  drawCode(frame, W, H, code, placing);
  return frame;
};

t.test('covers every code with a box when there are more codes than a job has room for', async (t) => {
  const frame = plainFrame(W, H, GREY);
  const at = Array.from({ length: 12 }, (_, i) => ({ x: 40 + (i % 6) * 200, y: 80 + Math.floor(i / 6) * 400 }));
  for (const { x, y } of at) drawCode(frame, W, H, qr, { x, y, module: 4 });
  const { hits } = await look(frame);
  t.equal(hits.length, 8);
  for (const { x, y } of at) {
    const [cx, cy] = [x + 60, y + 60];
    t.ok(
      hits.some(({ box }) => box!.x < cx && box!.y < cy && box!.x + box!.width > cx && box!.y + box!.height > cy),
      `the one at ${x}, ${y}`,
    );
  }
});

t.test('finds a QR code with its text and position', async (t) => {
  const { outcome, hits } = await look(withCode(qr, { x: 400, y: 200, module: 6 }));
  t.equal(outcome, OUTCOME.violation);
  t.match(hits, [{ rule: '3.3', kind: 'qr', text: 'https://example.com/join?group=42' }]);
  const { x, y, width } = hits[0]!.box!;
  t.ok(Math.abs(x - 424) < 12 && Math.abs(y - 224) < 12 && Math.abs(width - qr.width * 6) < 24, `${x}, ${y}, ${width}`);
});

t.test('counts steps while a thread works', async (t) => {
  const frame = plainFrame(W, H, GREY);
  for (let i = 0; i < W * H; i += 1) frame[i] = (Math.imul(i, 0x9e3779b1) >>> 24) & 255;
  const memory = new ScanMemory(scanner.handle);
  const before = memory.jobs[memory.jobAt(0) + JOB.steps]!;
  await look(frame);
  t.ok(memory.jobs[memory.jobAt(0) + JOB.steps]! > before + 10);
});

t.test('finds inverted, faint and small codes', async (t) => {
  const cases: [string, Placing][] = [
    ['inverted', { x: 400, y: 200, module: 4, light: BLACK, dark: [235, 128, 128] }],
    ['at 20 % opacity', { x: 400, y: 200, module: 6, opacity: 0.2 }],
    ['two pixels per module', { x: 100, y: 500, module: 2 }],
    ['without quiet zone', { x: 100, y: 100, module: 6, quiet: 0, light: [235, 128, 128] }],
  ];
  for (const [name, placing] of cases) t.equal((await look(withCode(qr, placing))).outcome, OUTCOME.violation, name);
});

t.test('finds an equiluminant code', async (t) => {
  for (const module of [4, 6, 10]) {
    const red: Yuv = [81, 90, 200];
    const green: Yuv = [81, 90, 60];
    const { outcome, hits } = await look(withCode(qr, { x: 300, y: 100, module, light: green, dark: red }));
    t.equal(outcome, OUTCOME.violation, `${module} px per module`);
    t.match(hits, [{ kind: /qr|undecoded-code/ }]);
  }
});

t.test('finds codes of other formats in the requested rectangles', async (t) => {
  for (const format of ['DataMatrix', 'Aztec', 'PDF417'] as const) {
    const code = await makeCode('join us 4711', format);
    const frame = withCode(code, { x: 300, y: 200, module: 4 });
    t.equal((await look(frame, WHOLE, WHOLE)).outcome, OUTCOME.violation, format);
  }
});

t.test('passes a frame without a code', async (t) => {
  const frame = plainFrame(W, H, GREY);
  for (let i = 0; i < W * H; i += 1) frame[i] = 100 + ((i * 7919) % 61) + (((i / W) | 0) % 40);
  t.strictSame((await look(frame, WHOLE, WHOLE)).outcome, OUTCOME.clean);
});

/** A room on the real scanner: ticks at 30 fps would be slow, so each waits for its scans. */
class Room {
  readonly canvas = plainFrame(W, H, GREY);
  readonly left: string[] = [];
  readonly events: GateEvent[] = [];
  readonly gate: Gate;
  n = 0;

  constructor(options: Partial<GateOptions> = {}) {
    this.gate = new Gate({
      width: W,
      height: H,
      rate: RATE,
      lookAheadFrames: K,
      kernels,
      scanner: client,
      slate: plainFrame(W, H, BLACK),
      onCode: 'slate',
      minimumHoldMs: 300,
      maxSamplesPerFrame: 1600,
      poolExtraFrames: 2,
      onEvent: (e) => this.events.push(e),
      ...options,
    });
  }

  tick(...damage: [number, number, number, number][]): void {
    const first: [number, number, number, number][] = this.n === 0 ? [WHOLE] : [];
    this.gate.submit(frameIndex(this.n), this.canvas, rects(...first, ...damage), silence, 1600, SOUND.clean);
    this.n += 1;
    if (this.gate.ready()) this.release();
  }

  release(): void {
    const { frame, cause, token } = this.gate.release();
    this.left[frame] = cause ?? 'released';
    this.gate.recycle(token);
  }

  end(): void {
    this.gate.flush();
    while (this.gate.ready()) this.release();
  }
}

t.test('replaces a code shown for a single frame, offline, with the same result twice', async (t) => {
  const runs = [0, 1].map(() => {
    const room = new Room({ mode: 'offline' });
    for (let i = 0; i < 20; i += 1) room.tick([0, 0, 64, 64]);
    const before = room.canvas.slice();
    const where = drawCode(room.canvas, W, H, qr, { x: 640, y: 200, module: 6 });
    const bad = room.n;
    room.tick(where);
    room.canvas.set(before);
    room.tick(where);
    for (let i = 0; i < 30; i += 1) room.tick([0, 0, 64, 64]);
    room.end();
    t.equal(room.left[bad], 'violation');
    t.equal(room.left[bad + 1], 'hold-time');
    t.equal(room.left.at(-1), 'released');
    t.equal(room.left[bad - K - 2], 'released');
    const c = room.gate.counters;
    t.equal(c.released + c.replaced, c.rendered);
    t.equal(c.releasedUnjudged, 0);
    t.match(
      room.events.filter((e) => e.type === 'violation'),
      [{ frame: bad, hits: [{ kind: 'qr' }] }],
    );
    return room.left;
  });
  t.strictSame(runs[0], runs[1]);
});

t.test('never shows a readable state of a code that fades in, stays and fades out', async (t) => {
  const room = new Room({ mode: 'offline' });
  const ground = room.canvas.slice();
  for (let i = 0; i < 20; i += 1) room.tick([0, 0, 64, 64]);
  const opacity: number[] = [];
  for (let i = 0; i < 40; i += 1) {
    opacity[room.n] = Math.min(1, (i + 1) / 15, (40 - i) / 15);
    room.canvas.set(ground);
    room.tick(drawCode(room.canvas, W, H, qr, { x: 640, y: 200, module: 6, opacity: opacity[room.n]! }));
  }
  room.canvas.set(ground);
  room.tick([600, 160, 400, 400]);
  for (let i = 0; i < 40; i += 1) room.tick([0, 0, 64, 64]);
  room.end();
  const leaked = opacity.flatMap((o, n) => (o > 0.05 && room.left[n] === 'released' ? [n] : []));
  t.strictSame(leaked, []);
  t.equal(room.left.at(-1), 'released');
});

t.test("stops a code uncovered strip by strip that is never whole in one frame's damage", async (t) => {
  const room = new Room({ mode: 'offline' });
  for (let i = 0; i < 20; i += 1) room.tick([0, 0, 64, 64]);
  const shown = room.canvas.slice();
  const [x, y, w, h] = drawCode(shown, W, H, qr, { x: 500, y: 100, module: 8 });
  let readableFrom = 0;
  for (let strip = 0; strip < w; strip += 8) {
    for (let row = y; row < y + h; row += 1) {
      const at = row * W + x + strip;
      room.canvas.set(shown.subarray(at, at + 8), at);
    }
    readableFrom = room.n;
    room.tick([x + strip, y, 8, h]);
  }
  for (let i = 0; i < 12; i += 1) room.tick([0, 0, 64, 64]);
  room.end();
  t.strictSame([...new Set(room.left.slice(readableFrom))], ['violation']);
});

t.test('replaces frames while a killed scan thread is restarted, then shows pictures again', async (t) => {
  const room = new Room();
  const tick = async (): Promise<void> => {
    room.tick([0, 0, 64, 64]);
    await new Promise((done) => setTimeout(done, 15));
  };
  for (let i = 0; i < 400 && !(room.n >= 40 && room.left.at(-1) === 'released'); i += 1) await tick();
  t.equal(room.left.at(-1), 'released');
  const [before] = scanner.threadIds;
  const restarts = scanner.restarts;
  const killedAt = room.n;
  await scanner.kill(0);
  for (let i = 0; i < 400 && !(room.n > killedAt + 60 && room.left.at(-1) === 'released'); i += 1) await tick();
  t.equal(scanner.restarts, restarts + 1);
  t.not(scanner.threadIds[0], before);
  t.ok(room.left.slice(killedAt).includes('unjudged'), 'no unjudged frame left');
  t.equal(room.left.at(-1), 'released');
  t.equal(room.gate.counters.releasedUnjudged, 0);
  t.equal((await look(withCode(qr, { x: 10, y: 10, module: 6 }))).outcome, OUTCOME.violation, 'the new thread decodes');
});
