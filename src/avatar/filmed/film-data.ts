import type { GestureName } from '../../cast/pack-voices.js';
import type { SetLight } from '../../core/media/set-light.js';
import type { FrameRate } from '../../core/time.js';
import type { Box } from '../../core/verdict.js';
import { FilmFile } from './film-file.js';
import { FilmRing } from './film-ring.js';

/** Jobs and reports of the threads that make and read a decoded film. */

export interface FilmJob {
  readonly ffmpegPath: string;
  readonly args: readonly string[];
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly alpha: boolean;
  readonly frames: number;
  /** Of the set in which a cut-out person stands. */
  readonly light: SetLight | undefined;
}
export type FilmJobReport =
  | { readonly type: 'done' }
  | { readonly type: 'progress'; readonly frames: number }
  | { readonly type: 'failed'; readonly found: string };

export type FilmFeedReport = { readonly type: 'filled' } | { readonly type: 'failed'; readonly error: string };

/** A part of the film that shows a gesture: frames [from, to). */
export interface FilmGesture {
  readonly name: GestureName;
  readonly from: number;
  readonly to: number;
}

/** Mouths of a bank, one number each. */
export interface MouthFeatures {
  /** Index into VISEMES. */
  readonly viseme: Uint8Array;
  readonly openness: Uint8Array;
  readonly spread: Float32Array;
  /** The mouth that follows it in the footage, −1 for none. */
  readonly next: Int16Array;
}

/** A filmed presenter ready for the frame path: plain data on shared memory. */
export interface FilmData {
  /** Raw frames at the size of the box. */
  readonly path: string;
  readonly frames: number;
  readonly rate: FrameRate;
  /** Of a frame, even. */
  readonly width: number;
  readonly height: number;
  readonly opaque: boolean;
  /** Place on the canvas, even. */
  readonly x: number;
  readonly y: number;
  /** What plays to and fro at rest: frames [from, to). */
  readonly loopFrom: number;
  readonly loopTo: number;
  readonly gestures: readonly FilmGesture[];
  /** See FilmRing. */
  readonly control: SharedArrayBuffer;
  readonly slots: readonly SharedArrayBuffer[];
  /** Indices into `sprites` of the presenter: the first frame, two for each slot, and those that mouths are drawn into. */
  readonly still: number;
  readonly firstSlot: number;
  readonly firstPatch: number;
  /** Six numbers a frame: from a mouth's picture to the frame's pixels. */
  readonly poses: Float32Array;
  readonly usable: Uint8Array;
  /** Two references and the weight of the second (0–256) a frame. */
  readonly blends: Uint16Array;
  readonly tones: Int8Array;
  /** A mouth is drawn in silence as well. */
  readonly always: boolean;
  /** Pictures of mouths, premultiplied YUVA, by mouth × references + reference. */
  readonly bank: Uint8Array;
  readonly patchWidth: number;
  readonly patchHeight: number;
  readonly references: number;
  readonly mouths: MouthFeatures;
  /** All mouths are warps of one picture, so that a change goes through the warps between. */
  readonly isWarped: boolean;
  /** Eyes, nose and mouth on the canvas. */
  readonly face: Box;
}

export type FilmSource = Pick<FilmData, 'path' | 'frames' | 'width' | 'height' | 'opaque' | 'control' | 'slots'>;

/** Reads frames of a film into its ring: a thread ahead of time, an offline render on demand. */
export class FilmReader {
  readonly ring: FilmRing;
  private file: FilmFile | undefined;
  private readonly filled: boolean[];

  constructor(private readonly film: FilmSource) {
    this.ring = new FilmRing(film.control);
    this.filled = film.slots.map(() => false);
  }

  /** Reads one missing frame; false when there is nothing to do. Passes on read errors: the file may be gone. */
  step(): boolean {
    const frame = this.ring.missing();
    if (frame < 0) return false;
    const slot = this.ring.claim();
    if (slot < 0) return false;
    try {
      this.read(frame, slot);
    } catch (error) {
      this.ring.empty(slot);
      throw error;
    }
    this.ring.fill(slot, frame);
    return true;
  }

  close(): void {
    this.file?.close();
    this.file = undefined;
  }

  private read(frame: number, slot: number): void {
    const { path, opaque, slots, ...shape } = this.film;
    this.file ??= FilmFile.open(path, { ...shape, alpha: !opaque });
    this.file.read(frame, new Uint8Array(slots[slot]!), this.filled[slot]!);
    this.filled[slot] = true;
  }
}
