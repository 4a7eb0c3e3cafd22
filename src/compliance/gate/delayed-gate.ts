// frame path
import { type Kernels, packedLimit } from '../../core/kernels.js';
import type { RectList } from '../../core/media/picture.js';
import type { FrameIndex } from '../../core/time.js';
import type { HoldCause, ReplaceCause } from '../../core/verdict.js';
import { type FrameGate, type Released, SLATE_TOKEN, type GateOptions } from './frame-gate.js';
import { Gate } from './gate.js';
import { countPicture, countSound, type GateCounters, type GateEvent } from './gate-event.js';
import { GateCommands } from './gate-commands.js';
import { SoundRing } from './buffers/sound-ring.js';

export interface DelayedGateOptions extends GateOptions {
  /** Frames between drawing and release; more than the look-ahead. */
  windowFrames: number;
  kernels: Pick<Kernels, 'copyRects' | 'packChanges' | 'unpackChanges'>;
}

/** Memory is allocated in blocks of this size, or of a frame where that is larger. */
const BLOCK_BYTES = 4 * 1024 * 1024;
/** Empty blocks kept for reuse. */
const SPARE_BLOCKS = 1;

interface Block {
  readonly bytes: Uint8Array;
  used: number;
  /** Stored frames in the block. */
  frames: number;
}

/**
 * A queue of frames, stored as the changes from one frame to the next.
 *
 * Problem: an operator wants ten seconds to react, 300 raw frames take 415 MB, and compressing them well would cost
 * more than drawing them.
 * Rule: only the 16-byte units that differ from the frame before are stored, uncoded (`Kernels.packChanges`); both ends
 * keep one whole frame. The result is exact. It costs one comparison and two copies of the changes, and one whole copy
 * at the end.
 * Numbers: memory follows the motion, 50 kB a frame on the demo scene at 720p, and never exceeds a raw frame each.
 * Blocks are allocated and freed on demand.
 */
export class FrameStore {
  count = 0;
  /** Bytes of the stored changes. */
  bytes = 0;
  private readonly newest: Uint8Array;
  private readonly oldest: Uint8Array;
  private readonly limit: number;
  private readonly blocks: Block[];
  private readonly offsets: Float64Array;
  private readonly lengths: Float64Array;
  /** The block of each frame. */
  private readonly places: (Block | undefined)[];
  private readonly views: (Uint8Array | undefined)[];
  private current: Block;
  private first = 0;

  constructor(
    frameBytes: number,
    /** Maximum number of frames. */
    private readonly capacity: number,
    private readonly kernels: Pick<Kernels, 'packChanges' | 'unpackChanges'>,
  ) {
    this.newest = new Uint8Array(frameBytes);
    this.oldest = new Uint8Array(frameBytes);
    this.limit = packedLimit(frameBytes);
    this.current = this.newBlock();
    this.blocks = [this.current];
    this.offsets = new Float64Array(capacity);
    this.lengths = new Float64Array(capacity);
    this.places = Array.from({ length: capacity }, () => undefined);
    this.views = Array.from({ length: capacity }, () => undefined);
  }

  /** Bytes of the allocated blocks. */
  get heldBytes(): number {
    let sum = 0;
    for (let i = 0; i < this.blocks.length; i += 1) sum += this.blocks[i]!.bytes.length;
    return sum;
  }

  push(frame: Uint8Array): void {
    if (this.count === this.capacity) throw new RangeError('the frame store is full');
    if (this.current.bytes.length - this.current.used < this.limit) this.current = this.freeBlock();
    const block = this.current;
    const slot = (this.first + this.count) % this.capacity;
    const room = block.bytes.subarray(block.used, block.used + this.limit);
    const length = this.kernels.packChanges(this.newest, frame, room);
    this.kernels.unpackChanges(room, length, this.newest);
    this.offsets[slot] = block.used;
    this.lengths[slot] = length;
    this.places[slot] = block;
    this.views[slot] = room;
    block.used += length;
    block.frames += 1;
    this.count += 1;
    this.bytes += length;
  }

  /** Removes the oldest frame and writes it to `out`, if given. */
  shift(out: Uint8Array | undefined): void {
    if (this.count === 0) throw new RangeError('the frame store is empty');
    const slot = this.first;
    const block = this.places[slot]!;
    this.kernels.unpackChanges(this.views[slot]!, this.lengths[slot]!, this.oldest);
    out?.set(this.oldest);
    this.views[slot] = undefined;
    this.places[slot] = undefined;
    this.bytes -= this.lengths[slot]!;
    this.first = (slot + 1) % this.capacity;
    this.count -= 1;
    block.frames -= 1;
    if (block.frames === 0) this.empty(block);
  }

  private empty(block: Block): void {
    block.used = 0;
    if (block === this.current) return;
    let spare = 0;
    for (let i = 0; i < this.blocks.length; i += 1) {
      if (this.blocks[i]!.frames === 0 && this.blocks[i] !== this.current) spare += 1;
    }
    if (spare > SPARE_BLOCKS) this.blocks.splice(this.blocks.indexOf(block), 1);
  }

  private freeBlock(): Block {
    for (let i = 0; i < this.blocks.length; i += 1) {
      const block = this.blocks[i]!;
      if (block.frames === 0 && block !== this.current) return block;
    }
    const block = this.newBlock();
    this.blocks.push(block);
    return block;
  }

  private newBlock(): Block {
    return { bytes: new Uint8Array(Math.max(BLOCK_BYTES, this.limit)), used: 0, frames: 0 };
  }
}

/**
 * A gate with a window for human reaction: judged frames wait in it, in compact form, until they are released.
 *
 * Judging works at the look-ahead as without a window, so verdicts, hold times and the scan's memory do not grow with
 * it. Requests of a person or the risk score (slate, silence, a dump of everything unreleased) apply to the next
 * released frame, so they are executed at the end of the window. A frame counts as in the window until its release
 * there.
 */
export class DelayedGate implements FrameGate {
  readonly counters: GateCounters;
  private readonly inner: Gate;
  private readonly store: FrameStore;
  private readonly orders: GateCommands;
  private readonly buffers: Uint8Array[];
  private readonly lent: Uint8Array;
  private readonly ring: number;
  private readonly frames: Float64Array;
  private readonly causes: (ReplaceCause | undefined)[];
  /** 1: the picture carried its verdict when the gate released it. */
  private readonly vouched: Uint8Array;
  private readonly slates: Uint8Array;
  private readonly sound: SoundRing;
  private readonly out: Released;
  private slate: Uint8Array;
  private flushing = false;
  private submitted = 0;
  private accepted = 0;
  private releasedTo = 0;
  /** Consecutive replaced frames at release. */
  private run = 0;

  constructor(private readonly options: DelayedGateOptions) {
    const { windowFrames, slate, rate, poolExtraFrames, maxSamplesPerFrame, kernels } = options;
    this.inner = new Gate({ ...options, onEvent: (event) => this.pass(event) });
    this.counters = this.inner.counters;
    this.ring = windowFrames + poolExtraFrames + 2;
    this.store = new FrameStore(slate.length, this.ring, kernels);
    this.buffers = Array.from(
      { length: poolExtraFrames + 1 },
      () => new Uint8Array(new SharedArrayBuffer(slate.length)),
    );
    this.lent = new Uint8Array(this.buffers.length);
    this.frames = new Float64Array(this.ring);
    this.vouched = new Uint8Array(this.ring);
    this.causes = Array.from({ length: this.ring }, () => undefined);
    this.slates = new Uint8Array(this.ring);
    this.sound = new SoundRing(this.ring, maxSamplesPerFrame);
    this.orders = new GateCommands(rate);
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

  /** Bytes of the frames in the window, including partly filled blocks. */
  get heldBytes(): number {
    return this.store.heldBytes;
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
    if (this.submitted - this.releasedTo > this.options.windowFrames) {
      throw new RangeError('release() is behind submit()');
    }
    this.frames[this.submitted % this.ring] = n;
    this.submitted += 1;
    this.inner.submit(n, canvas, damage, audio, samples, sound, settled, moved, repeats);
    this.pump();
  }

  pending(): number {
    return this.inner.pending();
  }

  ready(): boolean {
    const waiting = this.submitted - this.releasedTo;
    return this.flushing ? waiting > 0 : waiting > this.options.windowFrames;
  }

  release(): Released {
    const { counters, out, sound } = this;
    const sequence = this.releasedTo;
    if (sequence >= this.accepted) throw new RangeError('release() without a frame in the window');
    const slot = sequence % this.ring;
    const order = this.orders.slateFor(sequence);
    const token = this.freeBuffer();
    // Each frame is made from the one before it, so hidden frames are unpacked as well.
    this.store.shift(token < 0 ? undefined : this.buffers[token]);
    let cause = order ?? this.causes[slot];
    if (token < 0 && cause === undefined) {
      counters.noBuffer += 1;
      cause = 'unjudged';
    }
    const own = order === undefined && token >= 0;
    out.token = own ? token : SLATE_TOKEN;
    out.picture = own ? this.buffers[token]! : this.slate;
    if (own) this.lent[token] = 1;
    out.frame = this.frames[slot]! as FrameIndex;
    out.cause = cause;
    out.slate = !own || this.slates[slot] === 1;
    out.outcome = cause === undefined ? 'released' : 'replaced';
    countPicture(counters, cause, 1);
    out.vouched = !own || this.vouched[slot] === 1;
    if (!out.vouched) counters.releasedUnjudged += 1;
    this.report(cause);
    out.audio = sound.audio(sequence);
    out.samples = sound.samples(sequence);
    out.muted = this.orders.silence(sequence, out.audio, out.samples) ?? sound.cause(sequence);
    countSound(counters, out.muted, 1);
    this.releasedTo = sequence + 1;
    return out;
  }

  recycle(token: number): void {
    if (token >= 0) this.lent[token] = 0;
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

  copyOf(buffer: number): Uint8Array {
    return this.inner.copyOf(buffer);
  }

  dump(): number {
    const frames = this.orders.dump(this.releasedTo, this.submitted);
    if (frames === 0) return 0;
    const frame = this.frames[(this.submitted - frames) % this.ring]! as FrameIndex;
    this.options.onEvent({ type: 'dumped', frame, frames });
    return frames;
  }

  setSlate(picture: Uint8Array): void {
    this.inner.setSlate(picture);
    this.slate = picture;
  }

  flush(): void {
    this.flushing = true;
    this.inner.flush();
    this.pump();
  }

  /** Moves released frames of the gate into the window. */
  private pump(): void {
    const { inner, store, counters } = this;
    while (inner.ready()) {
      const { picture, audio, samples, cause, muted, slate, vouched, token } = inner.release();
      store.push(picture);
      this.sound.put(this.accepted, audio, samples, muted);
      this.causes[this.accepted % this.ring] = cause;
      this.vouched[this.accepted % this.ring] = vouched ? 1 : 0;
      this.slates[this.accepted % this.ring] = slate ? 1 : 0;
      this.accepted += 1;
      // A picture counts at its final release, where its cause may differ.
      countPicture(counters, cause, -1);
      countSound(counters, muted, -1);
      if (!vouched) counters.releasedUnjudged -= 1;
      inner.recycle(token);
    }
  }

  /** Reports a change of the shown picture at the final release. */
  private report(cause: ReplaceCause | undefined): void {
    const { frame } = this.out;
    if (cause !== undefined) {
      this.run += 1;
      if (this.run === 1) this.options.onEvent({ type: 'replacing', frame, cause });
    } else if (this.run > 0) {
      this.options.onEvent({ type: 'resumed', frame, replacedFrames: this.run });
      this.run = 0;
    }
  }

  private pass(event: GateEvent): void {
    if (event.type !== 'replacing' && event.type !== 'resumed') this.options.onEvent(event);
  }

  private freeBuffer(): number {
    for (let i = 0; i < this.lent.length; i += 1) if (this.lent[i] === 0) return i;
    return -1;
  }
}
