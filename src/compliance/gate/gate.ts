// frame path
import type { Kernels } from '../../core/kernels.js';
import { RectList, RECT_STRIDE } from '../../core/picture.js';
import { type FrameIndex, type FrameRate, millisecondsToFrames, SAMPLE_RATE_HZ } from '../../core/time.js';
import type { ReplaceCause } from '../../core/verdict.js';
import type { FrameScannerClient } from '../frame/frame-scanner-client.js';
import { BufferPool } from './buffer-pool.js';
import { type GateCounters, type GateEvent, newGateCounters } from './gate-event.js';
import { Judge } from './judge.js';
import { MuteRamp } from './mute-ramp.js';
import { Obscurer } from './obscurer.js';
import { JUDGED, type OnCode, Replacement } from './replacement.js';
import { ScanPlan } from './scan-plan.js';
import { TileGrid } from './tile-grid.js';

export interface GateOptions {
  width: number;
  height: number;
  rate: FrameRate;
  /** Frames in which a verdict must arrive. */
  lookAheadFrames: number;
  kernels: Pick<Kernels, 'copyRects'>;
  scanner: FrameScannerClient;
  /** I420, of the canvas' size. */
  slate: Uint8Array;
  onCode: OnCode;
  minimumHoldMs: number;
  /** Largest number of samples per channel that one frame brings. */
  maxSamplesPerFrame: number;
  /** Buffers that the encoder may hold at the same time. */
  poolExtraFrames: number;
  onEvent(event: GateEvent): void;
  /** `offline`: verdicts are waited for, so that a room gives the same frames every time. Default `live`. */
  mode?: 'live' | 'offline';
}

/** One frame as it leaves. The object is used again by the next `release`. */
export interface Released {
  frame: FrameIndex;
  /** I420; stays as it is until `recycle(token)`. */
  picture: Uint8Array;
  /** Interleaved stereo; valid for `poolExtraFrames` further releases. */
  audio: Float32Array;
  /** Per channel. */
  samples: number;
  outcome: 'released' | 'replaced';
  cause: ReplaceCause | undefined;
  /** Handed back with `recycle`, once a release. */
  token: number;
}

/** Buffers a scanner must have for such a gate: window, encoder, last clean picture, two scans that are late. */
export const gateBuffers = (lookAheadFrames: number, poolExtraFrames: number): number =>
  lookAheadFrames + 1 + poolExtraFrames + 1 + 2;

/** A gate as the loop uses it. */
export type FrameGate = Pick<
  Gate,
  | 'counters'
  | 'submit'
  | 'pending'
  | 'ready'
  | 'release'
  | 'recycle'
  | 'setBlank'
  | 'setMute'
  | 'setRisk'
  | 'setSlate'
  | 'copyOf'
  | 'dump'
  | 'flush'
>;

const SLATE_TOKEN = -1;
const OFFLINE_WAIT_MS = 30_000;

/**
 * Every frame and audio block enters here and leaves a window of frames later, judged, or is replaced.
 *
 * Conflicting demands: a violation may not be seen, not even in the first frame that shows it; the loop
 * can't wait for a decoder that takes tens of milliseconds; and copying and scanning whole frames costs
 * more than drawing them.
 *
 * The rule: a frame leaves as drawn only when a verdict "clean" stands for every part of it. Parts that
 * did not change keep the verdict they have (`OpenAreas`), verdicts are taken in strictly in frame order
 * (`Judge`), and a code found in a later frame of the window condemns the frames before it as well.
 * Whatever goes wrong, a thread killed, a scan overdue, no buffer left, ends as "not clean", so the
 * frame is replaced. A late verdict still counts for the frames after it.
 *
 * What a person drops (`dump`) is all that is in the window at that moment: those frames leave as the slate
 * and in silence, cut off without a ramp, whatever their verdict. Scans and judgements go on underneath, so
 * the frame after them needs no new start. The window is as deep as the look-ahead; a deeper one, in which a person has
 * time to think, is `DelayedGate`.
 */
export class Gate {
  readonly counters: GateCounters = newGateCounters();
  private readonly grid: TileGrid;
  private readonly pool: BufferPool;
  private readonly judge: Judge;
  private readonly plan: ScanPlan;
  private readonly replacement: Replacement;
  private readonly obscurer: Obscurer | undefined;
  private readonly ramp: MuteRamp;
  private readonly copyList = new RectList(256);
  private readonly audio: Float32Array[];
  private readonly out: Released;
  private slate: Uint8Array;
  private readonly window: number;
  private blank = false;
  private risk = false;
  private muted = false;
  /** Frames before this one were dumped. */
  private dumpedTo = 0;
  private flushing = false;
  private submitted = 0;
  private releasedTo = 0;

  constructor(private readonly options: GateOptions) {
    const { width, height, rate, lookAheadFrames, poolExtraFrames, scanner, slate } = options;
    this.window = lookAheadFrames;
    const needed = gateBuffers(this.window, poolExtraFrames);
    if (scanner.buffers < needed) throw new RangeError(`the scanner has ${scanner.buffers} buffers, ${needed} needed`);
    if (slate.length !== scanner.picture(0).length) throw new RangeError('the slate does not have the size of a frame');
    this.grid = new TileGrid(width, height);
    this.pool = new BufferPool(scanner.buffers, this.grid);
    this.judge = new Judge({ ...options, grid: this.grid, pool: this.pool, counters: this.counters });
    this.plan = new ScanPlan(this.grid, lookAheadFrames, rate);
    this.replacement = new Replacement(
      options.onCode,
      Math.round((options.minimumHoldMs * rate.num) / (rate.den * 1000)),
      millisecondsToFrames(250, rate),
      millisecondsToFrames(1000, rate),
    );
    const { onCode } = options;
    if (onCode === 'blur' || onCode === 'pixelate') {
      const { grid, pool, judge, counters } = this;
      this.obscurer = new Obscurer({
        smooth: onCode === 'blur',
        lookAheadFrames,
        scanner,
        grid,
        pool,
        judge,
        counters,
      });
    }
    this.ramp = new MuteRamp(Math.max(1, Math.round((3 * SAMPLE_RATE_HZ * rate.den) / rate.num)));
    this.slate = slate;
    const blocks = this.window + poolExtraFrames + 2;
    this.audio = Array.from({ length: blocks }, () => new Float32Array(options.maxSamplesPerFrame * 2));
    this.out = {
      frame: 0 as FrameIndex,
      picture: slate,
      audio: this.audio[0]!,
      samples: 0,
      outcome: 'replaced',
      cause: undefined,
      token: SLATE_TOKEN,
    };
  }

  /**
   * Takes frame n: the canvas as it is now, the even rectangles in which it differs from the canvas of the
   * call before, and its stereo samples. At most one frame more than the window has may wait for release.
   */
  submit(n: FrameIndex, canvas: Uint8Array, damage: RectList, audio: Float32Array, samples: number): void {
    const { scanner } = this.options;
    const sequence = this.submitted;
    if (sequence - this.releasedTo > this.window) throw new RangeError('release() is behind submit()');
    if (this.options.mode === 'offline') this.judge.waitAll(OFFLINE_WAIT_MS);
    this.judge.advance(this.releasedTo);
    this.obscurer?.prepare(this.releasedTo, sequence);
    const at = this.judge.begin(sequence, n, damage);
    this.pool.damage(this.judge.tiles, at);
    let buffer = this.pool.take(sequence);
    if (buffer < 0 && this.judge.makeRoom(this.releasedTo)) buffer = this.pool.take(sequence);
    if (buffer >= 0) {
      this.copyCanvas(canvas, buffer);
      this.plan.make(sequence, damage, this.judge.tiles, at, this.judge.areas);
      if (this.plan.rects.count > 0 || this.plan.other[2]! > 0) {
        scanner.post(buffer, n, this.plan.rects, this.plan.other, this.plan.effort);
        this.pool.setScanning(buffer, true);
        this.judge.posted(sequence, buffer);
      } else {
        this.judge.unchanged(sequence, buffer);
      }
    } else {
      this.counters.noBuffer += 1;
    }
    this.audio[sequence % this.audio.length]!.set(audio.subarray(0, samples * 2));
    this.judge.setSamples(sequence, samples);
    this.submitted = sequence + 1;
    this.counters.rendered += 1;
    this.counters.inWindow += 1;
  }

  /** Takes in the verdicts that stand; how many scans are not finished. */
  pending(): number {
    this.judge.advance(this.releasedTo);
    return this.counters.scanPending;
  }

  /** True when the oldest frame has been in the window for its whole length. */
  ready(): boolean {
    const waiting = this.submitted - this.releasedTo;
    return this.flushing ? waiting > 0 : waiting > this.window;
  }

  /** The oldest frame, judged or replaced. Call only when `ready()`. */
  release(): Released {
    const { counters, judge, out, pool, replacement } = this;
    const sequence = this.releasedTo;
    if (sequence >= this.submitted) throw new RangeError('release() without a frame in the window');
    if (this.options.mode === 'offline') judge.waitAll(OFFLINE_WAIT_MS);
    judge.advance(sequence);
    const buffer = judge.buffer(sequence);
    const judged = buffer < 0 ? JUDGED.unjudged : judge.verdict(sequence);
    const wasReplacing = replacement.run;
    const dumped = sequence < this.dumpedTo;
    const order = this.blank || dumped ? 'operator' : this.risk ? 'risk' : undefined;
    const horizon = Math.min(this.submitted, sequence + this.options.lookAheadFrames + 1);
    replacement.step(
      judged,
      order,
      judge.violationAhead(sequence, horizon),
      pool.clean >= 0,
      this.canObscure(sequence, judged),
    );

    out.frame = judge.frame(sequence);
    out.cause = replacement.cause;
    if (buffer >= 0) pool.leaveWindow(buffer);
    if (replacement.shown === 'own') {
      if (judged !== JUDGED.clean) counters.releasedUnjudged += 1;
      out.outcome = 'released';
      counters.released += 1;
      pool.keep(buffer);
      this.hand(buffer);
      if (wasReplacing > 0) this.options.onEvent({ type: 'resumed', frame: out.frame, replacedFrames: wasReplacing });
    } else {
      out.outcome = 'replaced';
      counters.replaced += 1;
      counters.byCause[replacement.cause!] += 1;
      if (replacement.shown === 'slate') this.hand(SLATE_TOKEN);
      else if (replacement.shown === 'obscured') {
        if (judged === JUDGED.clean) this.obscurer!.cover(buffer);
        pool.keep(buffer);
        this.hand(buffer);
      } else this.hand(pool.clean);
      if (wasReplacing === 0) {
        this.options.onEvent({ type: 'replacing', frame: out.frame, cause: replacement.cause! });
      }
    }
    counters.inWindow -= 1;
    out.audio = this.audio[sequence % this.audio.length]!;
    out.samples = judge.samples(sequence);
    if (dumped) this.ramp.cut();
    else this.ramp.set(this.muted || this.risk);
    this.ramp.apply(out.audio, out.samples);
    this.releasedTo = sequence + 1;
    return out;
  }

  /** The encoder has taken the bytes of this release. */
  recycle(token: number): void {
    if (token >= 0) this.pool.giveBack(token);
  }

  /** The operator's slate: from the next release on, so what is in the window is covered too. */
  setBlank(on: boolean): void {
    this.blank = on;
  }

  /** The operator's mute, with a ramp of three frames from the next release on. */
  setMute(on: boolean): void {
    this.muted = on;
  }

  /** The room's risk is at its limit: slate and silence from the next release on, until it is taken back. */
  setRisk(on: boolean): void {
    this.risk = on;
  }

  /** A copy of the frame in a buffer, for evidence: rare. */
  copyOf(buffer: number): Uint8Array {
    return this.options.scanner.picture(buffer).slice();
  }

  /** Drops everything that is in the window, picture and sound; returns how many frames that are. */
  dump(): number {
    const frames = this.submitted - Math.max(this.releasedTo, this.dumpedTo);
    if (frames === 0) return 0;
    const frame = this.judge.frame(this.submitted - frames);
    this.dumpedTo = this.submitted;
    this.options.onEvent({ type: 'dumped', frame, frames });
    return frames;
  }

  /** Another slate. The old one may still be with the encoder, so it is not written to. */
  setSlate(picture: Uint8Array): void {
    if (picture.length !== this.slate.length) throw new RangeError('the slate does not have the size of a frame');
    this.slate = picture;
  }

  /** No more frames will come: `ready()` holds until the window is empty. */
  flush(): void {
    this.flushing = true;
  }

  /** Whether the frame can leave with its codes unreadable; a clean one while that lasts. */
  private canObscure(sequence: number, judged: number): boolean {
    const { obscurer } = this;
    if (obscurer === undefined) return false;
    if (this.options.mode === 'offline') {
      obscurer.prepare(sequence, this.submitted + this.options.lookAheadFrames);
      obscurer.waitAll(OFFLINE_WAIT_MS);
    }
    if (judged === JUDGED.violation) return obscurer.proven(sequence);
    if (judged !== JUDGED.clean) return false;
    if (!this.replacement.lasts) obscurer.forget();
    return obscurer.hasPlaces;
  }

  private hand(token: number): void {
    this.out.token = token;
    if (token < 0) {
      this.out.picture = this.slate;
      return;
    }
    this.pool.lend(token);
    this.out.picture = this.options.scanner.picture(token);
  }

  private copyCanvas(canvas: Uint8Array, buffer: number): void {
    const { grid, pool, copyList } = this;
    const { kernels, scanner, width, height } = this.options;
    grid.toRects(pool.stale, buffer * grid.words, copyList);
    grid.clear(pool.stale, buffer * grid.words);
    if (copyList.count === 0) return;
    kernels.copyRects(canvas, scanner.picture(buffer), width, height, copyList);
    for (let i = 0; i < copyList.count; i += 1) {
      const r = i * RECT_STRIDE;
      this.counters.copiedBytes += copyList.items[r + 2]! * copyList.items[r + 3]! * 1.5;
    }
  }
}
