/**
 * The host's lines as one stream of sound, read in real time.
 *
 * Problem: the other engine needs a line `leadMs` before viewers hear it, and must hear no word that viewers do not hear.
 * Rule: a line begins `leadMs` before its first frame, or at once when it is known later than that; it never overlaps the line before it.
 * Muted spans are silent. A cut ends a line as early before its own frame, and at once where that time is over.
 */
import { SAMPLE_RATE_HZ } from '../../core/time.js';
import type { CutCommand, SpeakCommand } from './avatar-speech.js';

const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1000;

interface Line {
  readonly id: string;
  readonly startFrame: number;
  readonly startSample: number;
  readonly pcm: Float32Array;
  readonly mutes: SpeakCommand['mutes'];
  /** Sample that is read next; a line that has not begun is at 0. */
  at: number;
  begun: boolean;
  /** First sample of the fade, and the first one after it. */
  fadeFrom: number;
  end: number;
}

export interface SpeechTimelineOptions {
  /** When a line is to be read that begins in a frame, by the clock of `read`. */
  readonly startMs: (frame: number) => number;
  readonly onBegin: () => void;
}

export class SpeechTimeline {
  private lines: Line[] = [];

  constructor(private readonly options: SpeechTimelineOptions) {}

  add({ id, startFrame, startSample, pcm, mutes }: SpeakCommand): void {
    const { length } = pcm;
    const times = { startFrame, startSample, at: 0, begun: false, fadeFrom: length, end: length };
    this.lines.push({ id, pcm, mutes, ...times });
    this.lines.sort((a, b) => a.startFrame - b.startFrame);
  }

  cut({ id, startFrame, atSample, fadeSamples }: CutCommand): void {
    const line = this.lines.find((one) => one.id === id && one.startFrame === startFrame);
    if (line === undefined) return;
    const from = Math.max(atSample - line.startSample, line.at);
    if (from <= 0 && !line.begun) {
      this.lines = this.lines.filter((one) => one !== line);
      return;
    }
    line.fadeFrom = Math.min(line.fadeFrom, from);
    line.end = Math.min(line.end, from + fadeSamples);
  }

  /** Fills a block whose first sample is heard at `atMs`. */
  read(block: Float32Array, atMs: number): void {
    block.fill(0);
    let free = 0;
    let over = 0;
    for (const line of this.lines) {
      const wanted = line.begun ? 0 : Math.round((this.options.startMs(line.startFrame) - atMs) * SAMPLES_PER_MS);
      const from = Math.max(free, wanted);
      if (!(from < block.length)) break;
      if (!line.begun) this.options.onBegin();
      line.begun = true;
      const count = Math.min(block.length - from, line.end - line.at);
      copy(line, block, from, count);
      line.at += count;
      free = from + count;
      if (line.at < line.end) break;
      over += 1;
    }
    if (over > 0) this.lines.splice(0, over);
  }
}

function copy({ pcm, mutes, at, fadeFrom, end }: Line, block: Float32Array, from: number, count: number): void {
  block.set(pcm.subarray(at, at + count), from);
  for (const { startSample, endSample } of mutes) {
    const first = Math.max(startSample, at);
    const last = Math.min(endSample, at + count);
    if (first < last) block.fill(0, from + first - at, from + last - at);
  }
  for (let i = Math.max(fadeFrom, at); i < at + count; i += 1)
    block[from + i - at] = block[from + i - at]! * ((end - i) / (end - fadeFrom));
}
