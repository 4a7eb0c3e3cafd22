/**
 * Cuts a voice into pieces at its pauses.
 *
 * Problem: a piece can be heard only when it has been written down and judged as a whole, so long pieces cost delay; a cut
 * inside a word spoils the word for the recogniser.
 * Rule: a piece begins with speech and ends at a pause once it is long enough, at a long pause in any case, and at its
 * maximum length at its quietest moment. Silence between pieces is in none of them.
 * Numbers: frames of 20 ms; speech is 9 dB above the floor of the room's noise, which rises by 1 dB a second, and above
 * −52 dBFS.
 */

import { SAMPLE_RATE_HZ } from '../core/time.js';

export interface VoicePiece {
  /** Mono, 48 kHz. */
  readonly pcm: Float32Array;
  /** Its first sample, counted from the beginning of the voice. */
  readonly startSample: number;
}

export interface ChunkLimits {
  /** A pause ends a piece of this length. */
  readonly minMs: number;
  readonly maxMs: number;
}

export const LIVE_LIMITS: ChunkLimits = { minMs: 2000, maxMs: 6000 };

const FRAME_MS = 20;
export const VOICE_FRAME = (SAMPLE_RATE_HZ * FRAME_MS) / 1000;
const PAUSE_FRAMES = 200 / FRAME_MS;
const LONG_PAUSE_FRAMES = 700 / FRAME_MS;
const PREROLL_FRAMES = 160 / FRAME_MS;
const TAIL_FRAMES = 160 / FRAME_MS;
const ONSET_FRAMES = 2;
/** A click is no speech. */
const MIN_SPEECH_FRAMES = 4;
const ABOVE_FLOOR_DB = 9;
const MIN_SPEECH_DB = -52;
const MAX_FIRST_FLOOR_DB = -42;
const FLOOR_RISE_DB = 0.02;
const FLOOR_FALL = 0.25;
/** The quietest moment is looked for at the end of a piece that is too long. */
const SEARCH_MS = 1600;

interface Frame {
  readonly pcm: Float32Array;
  readonly levelDb: number;
  readonly isSpeech: boolean;
  readonly at: number;
}

export class VoiceChunker {
  private rest = new Float32Array(0);
  private at = 0;
  private floorDb: number | undefined;
  private frames: Frame[] = [];
  private speaking = false;
  private onset = 0;
  private quiet = 0;

  constructor(
    private readonly onPiece: (piece: VoicePiece) => void,
    private readonly limits: ChunkLimits = LIVE_LIMITS,
  ) {}

  /** Whether a piece is being collected. */
  get isSpeaking(): boolean {
    return this.speaking;
  }

  push(pcm: Float32Array): void {
    const data = new Float32Array(this.rest.length + pcm.length);
    data.set(this.rest);
    data.set(pcm, this.rest.length);
    let from = 0;
    for (; from + VOICE_FRAME <= data.length; from += VOICE_FRAME) this.frame(data.slice(from, from + VOICE_FRAME));
    this.rest = data.slice(from);
  }

  /** The voice has ended: the collected samples are a piece. */
  end(): void {
    if (this.speaking) this.finish(this.frames.length);
    this.frames = [];
    this.speaking = false;
  }

  private frame(pcm: Float32Array): void {
    const levelDb = levelOf(pcm);
    // Somebody who speaks from the first moment on is no noise.
    const before = this.floorDb ?? Math.min(levelDb, MAX_FIRST_FLOOR_DB);
    const floorDb =
      levelDb < before ? before + (levelDb - before) * FLOOR_FALL : Math.min(levelDb, before + FLOOR_RISE_DB);
    this.floorDb = floorDb;
    const isSpeech = levelDb > Math.max(MIN_SPEECH_DB, floorDb + ABOVE_FLOOR_DB);
    this.frames.push({ pcm, levelDb, isSpeech, at: this.at });
    this.at += VOICE_FRAME;
    if (this.speaking) this.collect(isSpeech);
    else this.listen(isSpeech);
  }

  private listen(isSpeech: boolean): void {
    this.onset = isSpeech ? this.onset + 1 : 0;
    while (this.frames.length > PREROLL_FRAMES) this.frames.shift();
    if (this.onset < ONSET_FRAMES) return;
    this.speaking = true;
    this.quiet = 0;
  }

  private collect(isSpeech: boolean): void {
    this.quiet = isSpeech ? 0 : this.quiet + 1;
    const ms = this.frames.length * FRAME_MS;
    const { minMs, maxMs } = this.limits;
    if (this.quiet >= LONG_PAUSE_FRAMES || (ms >= minMs && this.quiet >= PAUSE_FRAMES)) {
      const end = this.frames.length - Math.max(0, this.quiet - TAIL_FRAMES);
      this.finish(end);
      this.frames = this.frames.slice(Math.max(end, this.frames.length - PREROLL_FRAMES));
      this.speaking = false;
      this.onset = 0;
    } else if (ms >= maxMs) {
      const from = this.frames.length - Math.floor(Math.min(SEARCH_MS, maxMs / 2) / FRAME_MS);
      let cut = from;
      for (let i = from; i < this.frames.length; i += 1)
        if (this.frames[i]!.levelDb <= this.frames[cut]!.levelDb) cut = i;
      this.finish(cut);
      this.frames = this.frames.slice(cut);
      this.quiet = 0;
    }
  }

  /** Hands out the first frames. */
  private finish(count: number): void {
    const frames = this.frames.slice(0, count);
    if (frames.filter((one) => one.isSpeech).length < MIN_SPEECH_FRAMES) return;
    const pcm = new Float32Array(frames.length * VOICE_FRAME);
    for (const [i, frame] of frames.entries()) pcm.set(frame.pcm, i * VOICE_FRAME);
    this.onPiece({ pcm, startSample: frames[0]!.at });
  }
}

export function levelOf(pcm: Float32Array): number {
  let sum = 0;
  for (const x of pcm) sum += x * x;
  return sum > 0 ? 10 * Math.log10(sum / pcm.length) : -120;
}

/** A recording in pieces. */
export function piecesOf(pcm: Float32Array, limits: ChunkLimits): VoicePiece[] {
  const pieces: VoicePiece[] = [];
  const chunker = new VoiceChunker((piece) => pieces.push(piece), limits);
  chunker.push(pcm);
  chunker.push(new Float32Array(VOICE_FRAME));
  chunker.end();
  return pieces;
}
