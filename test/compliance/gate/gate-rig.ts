import { RectList } from '../../../src/core/media/picture.js';
import { frameIndex } from '../../../src/core/time.js';
import { SOUND } from '../../../src/core/verdict.js';
import { Gate } from '../../../src/compliance/gate/gate.js';
import { gateBuffers } from '../../../src/compliance/gate/buffers/gate-buffers.js';
import type { GateOptions } from '../../../src/compliance/gate/frame-gate.js';
import type { GateEvent } from '../../../src/compliance/gate/gate-event.js';
import { twinKernels } from '../../../src/native/twin/twin-kernels.js';
import { FakeScanner } from './fake-scanner.js';

export const W = 320;
export const H = 192;
export const K = 8;
const kernels = twinKernels();
const SLATE = new Uint8Array((W * H * 3) / 2).fill(7);

/** Options of a gate for pictures of W × H with a look-ahead of K frames. */
export const gateOptions = (scanner: FakeScanner): GateOptions => ({
  width: W,
  height: H,
  rate: { num: 30, den: 1 },
  lookAheadFrames: K,
  kernels,
  scanner,
  slate: SLATE,
  onCode: 'slate',
  minimumHoldMs: 1000,
  maxSamplesPerFrame: 1600,
  poolExtraFrames: 2,
  onEvent: () => undefined,
});

/** A gate over a scanner controlled by the test, and its released frames. */
export class Rig {
  readonly scanner: FakeScanner;
  readonly events: GateEvent[] = [];
  readonly gate: Gate;
  readonly canvas = new Uint8Array((W * H * 3) / 2).fill(50);
  readonly left: { frame: number; outcome: string; cause: string | undefined; picture: Uint8Array }[] = [];
  readonly silence = new Float32Array(3200);
  n = 0;

  constructor(options: Partial<GateOptions> = {}) {
    this.scanner = new FakeScanner(W, H, gateBuffers(options.lookAheadFrames ?? K, 2));
    this.gate = new Gate({ ...gateOptions(this.scanner), onEvent: (e) => this.events.push(e), ...options });
  }

  submit(...damage: number[][]): number {
    const list = new RectList(16);
    for (const [x = 0, y = 0, w = 0, h = 0] of damage) list.push(x, y, w, h);
    this.gate.submit(frameIndex(this.n), this.canvas, list, this.silence, 1600, SOUND.clean);
    return this.n++;
  }

  release(): void {
    if (!this.gate.ready()) return;
    const { frame, outcome, cause, picture, token } = this.gate.release();
    this.left.push({ frame, outcome, cause, picture: picture.slice() });
    this.gate.recycle(token);
  }

  /** One tick in which all open scans end clean. */
  clean(...damage: number[][]): number {
    const n = this.submit(...damage);
    this.scanner.finishAll();
    this.release();
    return n;
  }

  drain(): void {
    this.gate.flush();
    while (this.gate.ready()) this.release();
  }

  outcomes(from: number, to: number): string[] {
    return this.left.filter((r) => r.frame >= from && r.frame <= to).map((r) => r.cause ?? 'released');
  }
}

export const WHOLE = [0, 0, W, H];
