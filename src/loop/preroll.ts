/**
 * Preroll: makes the first frames of a show before its clock runs.
 *
 * Problem: a frame leaves one look-ahead window after it is drawn, plus the encoder's look-ahead: thirty slots. During
 * that second viewers of a restarted room see nothing while the machine is idle. Every frame must be judged as usual.
 * Nothing may be overrun: coalesced scans cost frames their verdicts, a full encoder queue refuses pictures, and clips
 * are read from files.
 * Rule: the next frame is made as soon as the previous ones are accepted and its clips are read. When every frame is
 * entirely new (film of noise), this takes longer than the slots, but no frame is late. The clock begins with the slot
 * after the preroll, at the latest after twice its duration. Window and encoder hold as many frames as without
 * preroll, so that every frame leaves at the same delay after its slot.
 */
import { fullCollector, youngCollector } from '../core/collect-garbage.js';
import { frameIndex, type FrameIndex } from '../core/time.js';
import { ringBytes } from '../scene/clips/clip-ring.js';
import type { ShowCommand } from '../show/show-command.js';

/**
 * Frees the loop's share of the memory of finished lines and captions; the engine's thread frees its own
 * (BufferCollector).
 *
 * Problem: a line's sound and a caption's pictures are megabytes behind a few small objects. They were allocated on
 * another thread, so V8 does not count them here, and a loop that allocates nothing gives V8 no reason to collect:
 * memory grows by 13 MB a minute. It must stay bounded, and a collection must rarely make a tick late.
 * Rule: the young generation is collected every few seconds, which frees short-lived objects. Once enough bytes have
 * arrived, a full collection replaces it, right after a tick.
 * Numbers: full after 12 MiB, about once a minute; 4 to 20 ms of the slot's 33, depending on load.
 */
const FULL_AFTER_BYTES = 12 << 20;

export class SharedBytes {
  private readonly collectYoung = youngCollector();
  private readonly collectAll = fullCollector();
  private passed = 0;
  /** Number of full collections. */
  collections = 0;

  /** Counts an arriving command. */
  take(command: ShowCommand): void {
    if (command.type === 'speak') this.passed += command.pcm.byteLength;
    else if (command.type === 'scene') {
      for (const { bitmap } of command.update.bitmaps) this.passed += bitmap.data.byteLength;
      for (const { clips } of command.update.layers) this.passed += clips === null ? 0 : ringBytes(clips.items);
    }
  }

  /** Counts further memory that has become free or will. */
  add(bytes: number): void {
    this.passed += bytes;
  }

  /** Call it every YOUNG_COLLECTION_MS, when no tick is due for a while. */
  collect(): void {
    if (this.passed < FULL_AFTER_BYTES) {
      this.collectYoung();
      return;
    }
    this.passed = 0;
    this.collections += 1;
    this.collectAll();
  }
}

interface HeadStartOptions {
  /** Number of frames made ahead. */
  readonly frames: number;
  readonly slotMs: number;
  /** Previous frames are not accepted yet, or this frame's clips are not read. */
  readonly busy: (n: FrameIndex) => boolean;
  readonly step: (n: FrameIndex) => void;
  /** The clock may begin with this slot. */
  readonly done: (next: FrameIndex) => void;
}

const STEP_MS = 1;
/** Maximum duration of the preroll, as a factor of its slots. */
const LONGEST = 2;

export class Preroll {
  private made = 0;
  private beganMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: HeadStartOptions) {}

  begin(): void {
    if (this.timer !== undefined) return;
    this.beganMs = performance.now();
    this.timer = setTimeout(this.step, 0);
  }

  cancel(): void {
    clearTimeout(this.timer);
  }

  private readonly step = (): void => {
    const { frames, slotMs, busy, step, done } = this.options;
    if (this.made >= frames || performance.now() - this.beganMs > LONGEST * frames * slotMs) {
      done(frameIndex(this.made));
      return;
    }
    const n = frameIndex(this.made);
    if (!busy(n)) {
      step(n);
      this.made += 1;
    }
    this.timer = setTimeout(this.step, STEP_MS);
  };
}

interface HeadStartRoom {
  readonly lookAheadFrames: number;
  readonly windowFrames?: number;
  readonly encoderFrames?: number;
}

/** Number of preroll frames. None with a dump window, whose seconds are for people to react. */
export function framesAhead({ lookAheadFrames, windowFrames = 0, encoderFrames = 0 }: HeadStartRoom): number {
  return windowFrames > lookAheadFrames ? 0 : lookAheadFrames + encoderFrames;
}
