import t from 'tap';
import { RectList } from '../../../src/core/picture.js';
import { frameIndex } from '../../../src/core/time.js';
import { OUTCOME } from '../../../src/compliance/frame/scan-memory.js';
import { DelayedGate } from '../../../src/compliance/gate/delayed-gate.js';
import type { FrameGate } from '../../../src/compliance/gate/frame-gate.js';
import { Gate } from '../../../src/compliance/gate/gate.js';
import { gateBuffers } from '../../../src/compliance/gate/gate-buffers.js';
import type { GateOptions } from '../../../src/compliance/gate/gate-options.js';
import type { GateEvent } from '../../../src/compliance/gate/gate-event.js';
import { twinKernels } from '../../../src/native/twin/twin-kernels.js';
import { FakeScanner } from './fake-scanner.js';

const W = 320;
const H = 192;
const K = 8;
const SAMPLES = 1600;
const SLATE = new Uint8Array((W * H * 3) / 2).fill(7);
const kernels = twinKernels();

interface Left {
  readonly frame: number;
  readonly cause: string | undefined;
  /** First byte of the picture. */
  readonly shade: number;
  readonly peak: number;
  readonly first: number;
}

/** A gate whose frame n is of shade n and whose sound is a steady 0.5; all scans end clean unless told. */
class Rig {
  readonly scanner: FakeScanner;
  readonly events: GateEvent[] = [];
  readonly left: Left[] = [];
  readonly gate: FrameGate;
  private readonly canvas = new Uint8Array((W * H * 3) / 2);
  private readonly sound = new Float32Array(SAMPLES * 2).fill(0.5);
  n = 0;
  /** The encoder gives nothing back. */
  keepsTokens = false;
  readonly pictures: Uint8Array[] = [];

  constructor(windowFrames = 0) {
    this.scanner = new FakeScanner(W, H, gateBuffers(K, 2));
    const options: GateOptions = {
      width: W,
      height: H,
      rate: { num: 30, den: 1 },
      lookAheadFrames: K,
      kernels,
      scanner: this.scanner,
      slate: SLATE,
      onCode: 'slate',
      minimumHoldMs: 1000,
      maxSamplesPerFrame: SAMPLES,
      poolExtraFrames: 2,
      onEvent: (e: GateEvent) => this.events.push(e),
    };
    this.gate = windowFrames > K ? new DelayedGate({ ...options, kernels, windowFrames }) : new Gate(options);
  }

  tick(times: number, code = false): void {
    for (let i = 0; i < times; i += 1) {
      this.canvas.fill(shadeOf(this.n));
      const damage = new RectList(4);
      damage.push(0, 0, W, H);
      this.gate.submit(frameIndex(this.n), this.canvas, damage, this.sound, SAMPLES);
      if (code) this.scanner.finish(this.n, OUTCOME.violation, [[64, 64, 64, 64]]);
      this.n += 1;
      this.scanner.finishAll();
      this.release();
    }
  }

  drain(): void {
    this.gate.flush();
    this.release();
  }

  private release(): void {
    while (this.gate.ready()) {
      const { frame, cause, picture, audio, samples, token } = this.gate.release();
      const pcm = audio.subarray(0, samples * 2);
      this.left.push({ frame, cause, shade: picture[0]!, peak: Math.max(...pcm), first: pcm[0]! });
      if (!this.keepsTokens) this.gate.recycle(token);
      else if (token >= 0) this.pictures.push(picture);
    }
  }
}

const shadeOf = (n: number): number => 40 + (n % 150);

for (const windowFrames of [0, 60]) {
  const depth = Math.max(K, windowFrames);
  t.test(`a dump takes back exactly the ${depth} frames that have not left, and their sound`, async (t) => {
    const rig = new Rig(windowFrames);
    rig.tick(100);
    t.equal(rig.left.length, 100 - depth, 'the window has the asked depth');
    t.equal(rig.gate.dump(), depth);
    rig.tick(20);
    rig.drain();
    t.strictSame(
      rig.left.map((l) => l.frame),
      Array.from({ length: 120 }, (_, i) => i),
      'every frame has its place, in order',
    );
    const from = 100 - depth;
    for (const l of rig.left) {
      const dumped = l.frame >= from && l.frame < 100;
      t.match(l, { cause: dumped ? 'operator' : undefined, shade: dumped ? 7 : shadeOf(l.frame) });
      if (dumped) t.equal(l.peak, 0, 'not a sample of it is heard');
      else if (l.frame < from || l.frame >= 104) t.equal(l.peak, 0.5, 'what is around it is heard in full');
    }
    t.ok(rig.left[100]!.first < 0.01 && rig.left[100]!.peak > 0.01, 'the sound after it comes back with a ramp');
    const { rendered, released, replaced, releasedUnjudged, byCause } = rig.gate.counters;
    t.strictSame(
      { rendered, released, replaced, releasedUnjudged, operator: byCause.operator },
      {
        rendered: 120,
        released: 120 - depth,
        replaced: depth,
        releasedUnjudged: 0,
        operator: depth,
      },
    );
    t.match(rig.events, [
      { type: 'dumped', frame: from, frames: depth },
      { type: 'replacing', frame: from, cause: 'operator' },
      { type: 'resumed', frame: 100, replacedFrames: depth },
    ]);
  });
}

t.test('a second dump takes only what was made since the first', async (t) => {
  const rig = new Rig();
  t.equal(rig.gate.dump(), 0, 'before the first frame there is nothing to drop');
  rig.tick(20);
  t.equal(rig.gate.dump(), K);
  t.equal(rig.gate.dump(), 0);
  rig.tick(3);
  t.equal(rig.gate.dump(), 3);
  rig.tick(20);
  t.equal(rig.gate.counters.byCause.operator, K + 3);
  t.equal(rig.events.filter((e) => e.type === 'dumped').length, 2);
});

t.test('a code found in a dumped frame still holds back what follows it', async (t) => {
  const rig = new Rig();
  rig.tick(40);
  rig.tick(1, true);
  rig.gate.dump();
  rig.tick(60);
  rig.drain();
  t.equal(rig.left[40]!.cause, 'operator');
  t.equal(rig.left[41]!.cause, 'hold-time');
  t.equal(rig.gate.counters.releasedUnjudged, 0);
  t.equal(rig.left.at(-1)!.cause, undefined);
});

t.test('in a deep window the slate does not stay for a code that is far behind', async (t) => {
  const rig = new Rig(120);
  rig.tick(30);
  rig.tick(1, true);
  rig.tick(89);
  rig.tick(1, true);
  rig.tick(200);
  rig.drain();
  const released = rig.left.filter((l) => l.frame > 31 && l.frame < 110 && l.cause === undefined).length;
  t.ok(released > 35, `${released} frames between the two codes left as drawn`);
  t.equal(rig.left[30]!.cause, 'violation');
  t.equal(rig.left[120]!.cause, 'violation');
});

t.test('at the risk limit picture and sound stop until it is taken back, and the operator comes first', async (t) => {
  const rig = new Rig();
  rig.tick(20);
  rig.gate.setRisk(true);
  rig.tick(10);
  rig.gate.setBlank(true);
  rig.tick(5);
  rig.gate.setBlank(false);
  rig.tick(5);
  t.ok(rig.left.slice(-20).every((l) => l.shade === 7));
  t.ok(
    rig.left.slice(-17).every((l) => l.peak === 0),
    'silent after a ramp of three frames',
  );
  rig.gate.setRisk(false);
  rig.tick(10);
  t.match(rig.left.at(-10), { cause: undefined }, 'the picture is back at once');
  t.equal(rig.left.at(-1)!.peak, 0.5);
  const { released, replaced, byCause, inWindow, rendered, releasedUnjudged } = rig.gate.counters;
  t.strictSame([byCause.risk, byCause.operator, replaced], [15, 5, 20]);
  t.equal(released + replaced + inWindow, rendered);
  t.equal(releasedUnjudged, 0);
});

t.test('blank and mute act on what leaves, not on what is drawn, in a deep window too', async (t) => {
  const rig = new Rig(60);
  rig.tick(80);
  rig.gate.setBlank(true);
  rig.gate.setMute(true);
  rig.tick(10);
  t.ok(
    rig.left.slice(-10).every((l) => l.shade === 7 && l.cause === 'operator'),
    'at once',
  );
  t.equal(rig.left.at(-1)!.peak, 0);
  rig.gate.setBlank(false);
  rig.gate.setMute(false);
  rig.tick(10);
  t.match(
    rig.left.at(-10),
    { cause: undefined, shade: shadeOf(rig.left.at(-10)!.frame) },
    'and the picture is back at once',
  );
  const { released, replaced, byCause, inWindow, rendered } = rig.gate.counters;
  t.equal(byCause.operator, 10);
  t.equal(inWindow, 60);
  t.equal(released + replaced + inWindow, rendered);
});

t.test('while the encoder holds all pictures, the slate leaves and no picture is written over', async (t) => {
  const rig = new Rig(20);
  rig.keepsTokens = true;
  rig.tick(40);
  const held = rig.left.filter((l) => l.shade !== 7);
  t.equal(held.length, 3, 'as many as the encoder may hold, and one');
  t.ok(rig.left.slice(3).every((l) => l.cause === 'unjudged' && l.shade === 7));
  t.same(
    rig.pictures.map((p) => p[0]),
    [shadeOf(0), shadeOf(1), shadeOf(2)],
    'what was handed out is as it was',
  );
});
