import { RectList } from '../../../src/core/media/picture.js';
import { frameIndex } from '../../../src/core/time.js';
import { type MuteCause, SOUND } from '../../../src/core/verdict.js';
import { OUTCOME } from '../../../src/codescan/jobs/scan-memory.js';
import { DelayedGate } from '../../../src/compliance/gate/delayed-gate.js';
import type { FrameGate } from '../../../src/compliance/gate/frame-gate.js';
import { Gate } from '../../../src/compliance/gate/gate.js';
import { gateBuffers } from '../../../src/compliance/gate/buffers/gate-buffers.js';
import type { GateEvent } from '../../../src/compliance/gate/gate-event.js';
import { twinKernels } from '../../../src/native/twin/twin-kernels.js';
import { FakeScanner } from './fake-scanner.js';
import { gateOptions, H, K, W } from './gate-rig.js';

export { K };

const SAMPLES = 1600;
const kernels = twinKernels();

export interface Left {
  readonly frame: number;
  readonly cause: string | undefined;
  readonly muted: MuteCause | undefined;
  readonly slate: boolean;
  /** First byte of the picture. */
  readonly shade: number;
  readonly peak: number;
  readonly first: number;
}

/** A gate whose frame n has shade n and a steady sound of 0.5; all scans end clean by default. */
export class OrderRig {
  readonly scanner: FakeScanner;
  readonly events: GateEvent[] = [];
  readonly left: Left[] = [];
  readonly gate: FrameGate;
  private readonly canvas = new Uint8Array((W * H * 3) / 2);
  private readonly sound = new Float32Array(SAMPLES * 2).fill(0.5);
  n = 0;
  /** The encoder returns no buffer. */
  keepsTokens = false;
  readonly pictures: Uint8Array[] = [];

  constructor(windowFrames = 0) {
    this.scanner = new FakeScanner(W, H, gateBuffers(K, 2));
    const options = { ...gateOptions(this.scanner), onEvent: (e: GateEvent) => this.events.push(e) };
    this.gate = windowFrames > K ? new DelayedGate({ ...options, kernels, windowFrames }) : new Gate(options);
  }

  tick(times: number, code = false, sound: number = SOUND.clean): void {
    for (let i = 0; i < times; i += 1) {
      this.canvas.fill(shadeOf(this.n));
      const damage = new RectList(4);
      damage.push(0, 0, W, H);
      this.gate.submit(frameIndex(this.n), this.canvas, damage, this.sound, SAMPLES, sound);
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
      const { frame, cause, muted, slate, picture, audio, samples, token } = this.gate.release();
      const pcm = audio.subarray(0, samples * 2);
      this.left.push({ frame, cause, muted, slate, shade: picture[0]!, peak: Math.max(...pcm), first: pcm[0]! });
      if (!this.keepsTokens) this.gate.recycle(token);
      else if (token >= 0) this.pictures.push(picture);
    }
  }
}

export const shadeOf = (n: number): number => 40 + (n % 150);
