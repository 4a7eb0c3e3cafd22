// frame path
import { RectList, RECT_STRIDE } from '../../core/media/picture.js';
import { type FrameIndex, millisecondsToFrames } from '../../core/time.js';
import type { HoldCause } from '../../core/verdict.js';
import type { Kernels } from '../../core/kernels.js';
import type { FrameScannerClient } from '../../codescan/index.js';
import { BufferPool } from './buffers/buffer-pool.js';
import { type FrameGate, type Released, SLATE_TOKEN, type GateOptions } from './frame-gate.js';
import { gateBuffers } from './buffers/gate-buffers.js';
import { countPicture, countSound, type GateCounters, newGateCounters } from './gate-event.js';
import { GateCommands } from './gate-commands.js';
import { Judge } from './judge.js';
import { Obscurer } from './obscurer.js';
import { JUDGED, Replacement } from './replacement.js';
import { ScanPlan } from './scan-plan.js';
import { muteCause, SoundRing } from './buffers/sound-ring.js';
import { TileGrid } from '../../core/media/tile-grid.js';

/**
 * Verifies at the release that a picture carries its own verdict.
 *
 * It compares the frame number in the buffer with the recorded verdict of that frame, independent of the gate's
 * decision. A repeated picture must have been vouched for at its own release and must not have been overwritten since.
 * So any fault in between (a wrong buffer, a buffer in use twice, a decision against the verdict) is counted.
 */
class ReleaseCheck {
  /** By buffer: the frame that was vouched for in it. */
  private readonly seals: Float64Array;

  constructor(
    private readonly pool: BufferPool,
    private readonly judge: Judge,
    private readonly obscurer: Obscurer | undefined,
  ) {
    this.seals = new Float64Array(pool.size).fill(-1);
  }

  /** True when the picture in this buffer may be released in place of a frame; a negative buffer is the slate. */
  covers(buffer: number, sequence: number): boolean {
    if (buffer < 0) return true;
    const held = this.pool.heldBy(buffer);
    if (held !== sequence) return held >= 0 && this.seals[buffer] === held;
    if (!this.isClean(buffer, sequence) && this.obscurer?.proven(sequence) !== true) return false;
    this.seals[buffer] = held;
    return true;
  }

  private isClean(buffer: number, sequence: number): boolean {
    const { records } = this.judge;
    return (
      records.buffer(sequence) === buffer &&
      this.judge.isSettled(sequence) &&
      records.verdicts[records.slot(sequence)] === JUDGED.clean &&
      this.judge.isRead(sequence)
    );
  }
}

/**
 * Makes a buffer equal to the canvas. Copying whole frames costs more than drawing them, so only the tiles changed
 * since the buffer was filled last are copied (`BufferPool`).
 */
class CanvasCopy {
  private readonly list = new RectList(256);

  constructor(
    private readonly kernels: Pick<Kernels, 'copyRects'>,
    private readonly scanner: FrameScannerClient,
    private readonly grid: TileGrid,
    private readonly pool: BufferPool,
    private readonly counters: GateCounters,
  ) {}

  /** The buffer must be free. */
  fill(buffer: number, canvas: Uint8Array): void {
    const { grid, pool, list } = this;
    grid.toRects(pool.stale, buffer * grid.words, list);
    grid.clear(pool.stale, buffer * grid.words);
    if (list.count === 0) return;
    this.kernels.copyRects(canvas, this.scanner.picture(buffer), grid.width, grid.height, list);
    for (let i = 0; i < list.count; i += 1) {
      const r = i * RECT_STRIDE;
      this.counters.copiedBytes += list.items[r + 2]! * list.items[r + 3]! * 1.5;
    }
  }
}

const OFFLINE_WAIT_MS = 30_000;
/** How long the last judged picture stands in for frames that a busy machine does not judge in time. */
const HELD_MS = 10_000;

/**
 * Every frame and sound block enters here and is released a window of frames later, judged or replaced.
 *
 * Problem: a violation must not be seen, not even in the first frame that shows it. The loop cannot wait for a decoder
 * that takes tens of milliseconds, and copying and scanning whole frames costs more than drawing them.
 *
 * Rule: a frame is released as drawn only when every part of it has the verdict "clean". Unchanged parts keep their
 * verdict (`OpenAreas`), verdicts are taken in strictly in frame order (`Judge`), and a code found in a later frame of
 * the window condemns earlier frames as well (`LookBack`). Every failure (a dead thread, an overdue scan, no free
 * buffer) ends as "not clean", so the frame is replaced. A late verdict still counts for the frames after it.
 *
 * A `dump` takes everything in the window at that moment: those frames are released as the slate and in silence,
 * whatever their verdict (`GateCommands`). Scans and judgements continue, so later frames need no new start. The window
 * is as deep as the look-ahead; `DelayedGate` has a deeper one for human reaction.
 */
export class Gate implements FrameGate {
  readonly counters: GateCounters = newGateCounters();
  private readonly pool: BufferPool;
  private readonly copy: CanvasCopy;
  private readonly judge: Judge;
  private readonly plan: ScanPlan;
  private readonly replacement: Replacement;
  private readonly obscurer: Obscurer | undefined;
  private readonly orders: GateCommands;
  private readonly voucher: ReleaseCheck;
  private readonly sound: SoundRing;
  private readonly out: Released;
  private slate: Uint8Array;
  private readonly window: number;
  private flushing = false;
  private submitted = 0;
  private releasedTo = 0;

  constructor(private readonly options: GateOptions) {
    const { width, height, rate, lookAheadFrames, poolExtraFrames, scanner, slate, onCode } = options;
    this.window = lookAheadFrames;
    const needed = gateBuffers(this.window, poolExtraFrames);
    if (scanner.buffers < needed) throw new RangeError(`the scanner has ${scanner.buffers} buffers, ${needed} needed`);
    if (slate.length !== scanner.picture(0).length) throw new RangeError('the slate does not have the size of a frame');
    const grid = new TileGrid(width, height);
    this.pool = new BufferPool(scanner.buffers, grid);
    const { pool, counters } = this;
    this.copy = new CanvasCopy(options.kernels, scanner, grid, pool, counters);
    this.judge = new Judge({ ...options, grid, pool, counters });
    this.plan = new ScanPlan(grid, lookAheadFrames, rate);
    this.replacement = new Replacement(
      onCode,
      Math.round((options.minimumHoldMs * rate.num) / (rate.den * 1000)),
      millisecondsToFrames(250, rate),
      millisecondsToFrames(1000, rate),
      millisecondsToFrames(HELD_MS, rate),
    );
    if (onCode === 'blur' || onCode === 'pixelate') {
      const { judge } = this;
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
    this.voucher = new ReleaseCheck(pool, this.judge, this.obscurer);
    this.orders = new GateCommands(rate);
    this.sound = new SoundRing(this.window + poolExtraFrames + 2, options.maxSamplesPerFrame);
    this.slate = slate;
    this.out = {
      frame: 0 as FrameIndex,
      picture: slate,
      audio: this.sound.audio(0),
      samples: 0,
      outcome: 'replaced',
      cause: undefined,
      muted: undefined,
      vouched: true,
      slate: true,
      token: SLATE_TOKEN,
    };
  }

  submit(
    n: FrameIndex,
    canvas: Uint8Array,
    damage: RectList,
    audio: Float32Array,
    samples: number,
    sound: number,
    settled?: RectList,
    moved?: RectList,
    repeats = false,
  ): void {
    const { judge, pool } = this;
    const sequence = this.submitted;
    if (sequence - this.releasedTo > this.window) throw new RangeError('release() is behind submit()');
    if (this.options.mode === 'offline') judge.waitAll(OFFLINE_WAIT_MS);
    judge.advance(this.releasedTo);
    this.obscurer?.prepare(this.releasedTo, sequence);
    const at = judge.begin(sequence, n, damage);
    pool.damage(judge.records.tiles, at);
    let buffer = pool.take(sequence);
    if (buffer < 0 && judge.makeRoom(this.releasedTo)) buffer = pool.take(sequence);
    if (buffer >= 0) {
      this.copy.fill(buffer, canvas);
      this.scan(sequence, n, buffer, damage, at, settled, moved, repeats);
    } else {
      this.counters.noBuffer += 1;
    }
    this.sound.put(sequence, audio, samples, muteCause(sound));
    this.submitted = sequence + 1;
    this.counters.rendered += 1;
    this.counters.inWindow += 1;
    this.counters.sound.rendered += 1;
    this.counters.sound.inWindow += 1;
  }

  pending(): number {
    this.judge.advance(this.releasedTo);
    return this.counters.scanPending;
  }

  ready(): boolean {
    const waiting = this.submitted - this.releasedTo;
    return this.flushing ? waiting > 0 : waiting > this.window;
  }

  release(): Released {
    const { counters, judge, orders, out, pool, replacement, sound } = this;
    const sequence = this.releasedTo;
    if (sequence >= this.submitted) throw new RangeError('release() without a frame in the window');
    if (this.options.mode === 'offline') judge.waitAll(OFFLINE_WAIT_MS);
    judge.advance(sequence);
    const buffer = judge.records.buffer(sequence);
    const judged = buffer < 0 ? JUDGED.unjudged : judge.verdict(sequence);
    const wasReplacing = replacement.run;
    const horizon = Math.min(this.submitted, sequence + this.options.lookAheadFrames + 1);
    replacement.step(
      judged,
      orders.slateFor(sequence),
      judge.violationAhead(sequence, horizon),
      pool.clean >= 0,
      this.canObscure(sequence, judged),
    );

    out.frame = judge.records.frame(sequence);
    out.cause = replacement.cause;
    out.slate = replacement.shown === 'slate';
    if (buffer >= 0) pool.leaveWindow(buffer);
    if (replacement.shown === 'own') {
      out.outcome = 'released';
      pool.keep(buffer);
      this.hand(buffer);
      if (wasReplacing > 0) this.options.onEvent({ type: 'resumed', frame: out.frame, replacedFrames: wasReplacing });
    } else {
      out.outcome = 'replaced';
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
    countPicture(counters, out.cause, 1);
    out.vouched = this.voucher.covers(out.token, sequence);
    if (!out.vouched) counters.releasedUnjudged += 1;
    out.audio = sound.audio(sequence);
    out.samples = sound.samples(sequence);
    out.muted = orders.silence(sequence, out.audio, out.samples) ?? sound.cause(sequence);
    countSound(counters, out.muted, 1);
    this.releasedTo = sequence + 1;
    return out;
  }

  recycle(token: number): void {
    if (token >= 0) this.pool.giveBack(token);
  }

  setBlank(on: boolean): void {
    this.orders.setBlank(on);
  }

  setMute(on: boolean): void {
    this.orders.setMute(on);
  }

  setRisk(on: boolean): void {
    this.orders.setRisk(on);
  }

  setHold(cause: HoldCause | undefined): void {
    this.orders.setHold(cause);
  }

  setSlate(picture: Uint8Array): void {
    if (picture.length !== this.slate.length) throw new RangeError('the slate does not have the size of a frame');
    this.slate = picture;
  }

  copyOf(buffer: number): Uint8Array {
    return this.options.scanner.picture(buffer).slice();
  }

  dump(): number {
    const frames = this.orders.dump(this.releasedTo, this.submitted);
    if (frames === 0) return 0;
    const frame = this.judge.records.frame(this.submitted - frames);
    this.options.onEvent({ type: 'dumped', frame, frames });
    return frames;
  }

  flush(): void {
    this.flushing = true;
  }

  /** Asks for the scan of the possibly new parts in the picture of this buffer. */
  private scan(
    sequence: number,
    n: FrameIndex,
    buffer: number,
    damage: RectList,
    at: number,
    settled: RectList | undefined,
    moved: RectList | undefined,
    repeats: boolean,
  ): void {
    const { judge, plan } = this;
    plan.make(sequence, damage, judge.records.tiles, at, judge.areas, settled, moved, repeats);
    if (plan.rects.count > 0 || plan.parts[2]! > 0) {
      this.options.scanner.post(buffer, n, plan.rects, plan.parts, plan.effort);
      this.pool.setScanning(buffer, true);
      judge.posted(sequence, buffer);
    } else {
      judge.unchanged(sequence, buffer);
    }
  }

  /**
   * Whether the frame can be released with its codes obscured; a clean frame is obscured as long as the replacement
   * lasts.
   */
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
}
