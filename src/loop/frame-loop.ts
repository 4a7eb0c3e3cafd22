// frame path
/**
 * Makes one slot of the show, from its number to the encoder.
 *
 * Path: draw list → damage → compose → sound → gate → (k slots later) encoder.
 * Rule: the loop knows no wall clock. The live worker calls `step` when a slot is due, the offline renderer as fast as
 * it can, and both produce the same bytes. Nothing here waits or allocates. Frames and sound that the encoder cannot
 * accept are dropped and counted, since waiting for one encoder would delay all outputs.
 */
import type { Mixer } from '../audio/mixer.js';
import type { EncoderSink } from './show-taker.js';
import type { FrameGate, Released } from '../compliance/gate/frame-gate.js';
import type { PictureWatch } from '../compliance/watch/picture-watch.js';
import type { SoundWatch } from '../compliance/watch/sound-watch.js';
import type { Kernels } from '../core/kernels.js';
import { REPLACE_CAUSES, type ReplaceCause } from '../core/verdict.js';
import { DrawList, i420Size, RectList, type PresenterPainter } from '../core/media/picture.js';
import { frameIndex, frameToSample, type FrameIndex, type FrameRate } from '../core/time.js';
import type { ClipRateControl } from '../scene/runtime/clip-rate-control.js';
import type { SceneRuntime } from '../scene/scene-runtime.js';
import type { FrameSteps, LoadCounters } from './frame-steps.js';
import type { LoopBoard } from './loop-board.js';

export interface FrameLoopParts {
  readonly width: number;
  readonly height: number;
  readonly rate: FrameRate;
  readonly kernels: Kernels;
  readonly scene: SceneRuntime;
  readonly presenter: PresenterPainter;
  readonly assistant?: PresenterPainter;
  readonly mixer: Mixer;
  readonly gate: FrameGate;
  /** Watches the drawn picture and the mixed sound; undefined offline. */
  readonly watch?: { readonly picture: PictureWatch; readonly sound: SoundWatch };
  /** Slows large clips down while the scan is behind; undefined offline, where frames wait for it. */
  readonly pace?: ClipRateControl;
  /** Draws fewer frames while the machine is too busy; undefined offline. */
  readonly steps?: FrameSteps;
  readonly sink: EncoderSink;
  readonly board: LoopBoard;
  /** Milliseconds, monotonic; for metrics only. */
  readonly nowMs: () => number;
}

/** Rectangles of admitted areas; what finds no room is scanned. */
const MAX_SETTLED = 96;
const NOT_FED = 0;
const REPEATED = 1;
const DRAWN = 2;
/** Frames whose release may be outstanding; a power of two above the longest window. */
const RING = 1024;

export class FrameLoop {
  private readonly list = new DrawList();
  private readonly damage = new RectList();
  private readonly settled = new RectList(MAX_SETTLED);
  private readonly moved = new RectList();
  private readonly canvas: Uint8Array;
  private readonly audio: Float32Array;
  /** Stage times of the last step, for the cause of a late tick. */
  lastScanMs = 0;
  lastRenderMs = 0;
  /** The last released picture; its buffer is reused later. */
  lastReleased: Uint8Array | undefined;

  /** Why the last released frame was the slate. */
  private slateCause: ReplaceCause | undefined = undefined;
  /** By frame: whether the encoder is to get its picture. */
  private readonly fed = new Uint8Array(RING).fill(DRAWN);
  /** A drawn picture had no verdict at its release; the first repeat of it that has one takes its place. */
  private isOwed = false;
  private clockRuns = false;
  private readonly load: LoadCounters = { unjudged: 0, joined: 0, refused: 0, overrun: 0 };

  constructor(private readonly parts: FrameLoopParts) {
    this.canvas = new Uint8Array(new SharedArrayBuffer(i420Size(parts.width, parts.height)));
    const perFrame = frameToSample(frameIndex(parts.rate.num), parts.rate) / parts.rate.num;
    this.audio = new Float32Array(2 * (Math.ceil(perFrame) + 1));
  }

  /**
   * Makes slot n and releases all frames that the gate has ready. A missed slot, and on a busy machine others, repeats
   * the previous picture with new sound, at almost no cost.
   */
  step(n: FrameIndex, onTime: boolean): void {
    const { scene, presenter, assistant, kernels, mixer, gate, watch, pace, steps, board, rate, width, height, nowMs } =
      this.parts;
    steps?.plan(!onTime);
    const draw = steps?.draws ?? onTime;
    this.fed[n & (RING - 1)] = steps === undefined || steps.feeds ? (draw ? DRAWN : REPEATED) : NOT_FED;
    const began = nowMs();
    let posed = began;
    if (draw) {
      const film = scene.playsLargeClip(n) || presenter.playsFilm === true;
      if (pace?.look(n, gate.pending(), gate.counters.scanJoined, film)) {
        scene.clipStep = pace.step;
        presenter.filmStep = pace.step;
      }
      scene.draw(n, presenter, this.list, assistant);
      scene.damage(this.damage);
      scene.movedBy(this.moved);
      scene.settled(this.list, this.settled);
      posed = nowMs();
      kernels.compose(this.canvas, width, height, this.damage, this.list, scene.bitmaps);
    } else {
      pace?.skip(n);
      this.damage.clear();
      this.moved.clear();
    }
    const composed = nowMs();
    const startSample = frameToSample(n, rate);
    const samples = frameToSample(frameIndex(n + 1), rate) - startSample;
    if (draw) mixer.countDown(scene.secondsLeft, startSample);
    mixer.mix(startSample, samples, this.audio);
    const mixed = nowMs();
    gate.submit(n, this.canvas, this.damage, this.audio, samples, mixer.sound, this.settled, this.moved, !draw);
    const scanned = nowMs();
    if (watch !== undefined) {
      if (draw) watch.picture.look(n, this.canvas, this.damage);
      watch.sound.hear(n, this.audio, samples);
      board.stages.watch.record((nowMs() - scanned) * 1000);
    }
    board.stages.pose.record((posed - began) * 1000);
    board.stages.compose.record((composed - posed) * 1000);
    board.stages.mix.record((mixed - composed) * 1000);
    board.stages.scan.record((scanned - mixed) * 1000);
    this.lastRenderMs = mixed - began;
    this.lastScanMs = scanned - mixed;
    this.release();
    if (steps === undefined || !this.clockRuns) return;
    const { load } = this;
    load.unjudged = gate.counters.byCause.unjudged;
    load.joined = gate.counters.scanJoined;
    const film = scene.playsLargeClip(n) || presenter.playsFilm === true;
    steps.look(n, load, film && pace !== undefined && !pace.isSlowest);
  }

  /** A slot was missed because the one before took too long. */
  overran(): void {
    this.load.overrun += 1;
  }

  /** From the next step on slots are due on the clock; earlier ones waited for their scans. */
  clockBegins(): void {
    this.clockRuns = true;
    this.parts.pace?.begin();
  }

  /** The last drawn picture, I420. */
  get drawn(): Uint8Array {
    return this.canvas;
  }

  /** Releases every frame that the gate has ready. */
  release(): void {
    const { gate, sink, board, rate, nowMs } = this.parts;
    while (gate.ready()) {
      const began = nowMs();
      const out = gate.release();
      const released = nowMs();
      this.lastReleased = out.picture;
      this.slateCause = out.slate ? out.cause : undefined;
      if (!this.feeds(out)) gate.recycle(out.token);
      else if (!sink.writeVideo(out.frame, out.picture, out.token)) {
        gate.recycle(out.token);
        board.add('lateEncode');
        board.add('lateTotal');
        this.load.refused += 1;
      }
      sink.writeAudio(frameToSample(out.frame, rate), out.audio, out.samples);
      board.stages.gate.record((released - began) * 1000);
      board.stages.handover.record((nowMs() - released) * 1000);
    }
  }

  /** Whether the encoder gets this picture. */
  private feeds({ frame, outcome }: Released): boolean {
    const { steps, sink } = this.parts;
    if (steps === undefined) return true;
    const fed = this.fed[frame & (RING - 1)]!;
    if (fed === DRAWN) {
      this.isOwed = outcome === 'replaced';
      return true;
    }
    if (this.isOwed && outcome === 'released') {
      this.isOwed = false;
      return true;
    }
    // A repeat never takes the place of a new picture in a queue that is late.
    return fed === REPEATED && (steps.isFull || (sink.waiting ?? 0) === 0);
  }

  /** Copies the counters of the parts to the board. */
  publish(n: FrameIndex): void {
    const { gate, mixer, board, scene } = this.parts;
    const c = gate.counters;
    const { sound } = c;
    board.begin();
    board.set('frame', n);
    board.set('rendered', c.rendered);
    board.set('released', c.released);
    board.set('replaced', c.replaced);
    board.set('inWindow', c.inWindow);
    board.set('releasedUnjudged', c.releasedUnjudged);
    board.set('byViolation', c.byCause.violation);
    board.set('byUnjudged', c.byCause.unjudged);
    board.set('byHoldTime', c.byCause['hold-time']);
    board.set('byOperator', c.byCause.operator);
    board.set('byRisk', c.byCause.risk);
    board.set('byWords', c.byCause.words);
    board.set('byCodes', c.byCause.codes);
    board.set('byStalled', c.byCause.stalled);
    board.set('slateCause', this.slateCause === undefined ? 0 : REPLACE_CAUSES.indexOf(this.slateCause) + 1);
    board.set('byDumped', c.byCause.dumped);
    board.set('soundRendered', sound.rendered);
    board.set('soundReleased', sound.released);
    board.set('soundMuted', sound.muted);
    board.set('soundInWindow', sound.inWindow);
    board.set('mutedForViolation', sound.byCause.violation);
    board.set('mutedUnjudged', sound.byCause.unjudged);
    board.set('mutedByOperator', sound.byCause.operator);
    board.set('mutedByRisk', sound.byCause.risk);
    board.set('mutedDumped', sound.byCause.dumped);
    board.set('candidates', c.candidates);
    board.set('decoded', c.decoded);
    board.set('scanPending', c.scanPending);
    board.set('scanFailed', c.scanFailed);
    board.set('lateClipFrames', scene.lateClipFrames);
    board.set('clipStep', scene.clipStep);
    board.set('pictureFps', this.parts.steps?.fps ?? this.parts.rate.num / this.parts.rate.den);
    const levels = mixer.levels();
    board.set('momentaryLufs', levels.momentaryLufs);
    board.set('integratedLufs', levels.integratedLufs);
    board.set('peakDbfs', levels.peakDbfs);
    board.set('leftDbfs', levels.leftDbfs);
    board.set('rightDbfs', levels.rightDbfs);
    board.end();
  }
}
