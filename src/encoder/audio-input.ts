// frame path
import { writeSync } from 'node:fs';
import { SAMPLE_RATE_HZ, type SampleIndex } from '../core/time.js';
import type { EncoderLink } from './process/encoder-link.js';
import { type FeedCounters, InputWriter } from './input-writer.js';

const CHANNELS = 2;
const AUDIO_FLOATS = SAMPLE_RATE_HZ * CHANNELS;
const AAC_FRAME = 1024;
const OPUS_FRAME = 960;

/**
 * Sound for one encoder process, from a ring of one second. A generation's sound starts on the codec's frame grid
 * counted from sample 0, so the packet times of all generations lie on one grid.
 */
export class AudioInput extends InputWriter {
  private readonly ring = new Float32Array(AUDIO_FLOATS);
  private readonly bytes = new Uint8Array(this.ring.buffer);
  private readonly grid: number;
  private readAt = 0;
  private writeAt = 0;
  private held = 0;
  private sending = 0;
  private samplesIn = 0;
  private expected = -1;

  constructor(link: EncoderLink, counters: FeedCounters, onClosed: (writer: InputWriter) => void) {
    super(link, counters, onClosed);
    this.grid = link.stream === 'aac' ? AAC_FRAME : OPUS_FRAME;
  }

  write(startSample: SampleIndex, pcm: Float32Array, samples: number): boolean {
    this.log.offer();
    if (this.broken) return false;
    let skip = 0;
    if (this.expected < 0) skip = Math.min(samples, (this.grid - (startSample % this.grid)) % this.grid);
    const floats = (samples - skip) * CHANNELS;
    if (floats === 0) return true;
    if (this.held + floats > AUDIO_FLOATS) return false;
    const start = startSample + skip;
    if (start !== this.expected) this.log.push(this.samplesIn, start);
    this.expected = startSample + samples;
    this.samplesIn += samples - skip;
    let from = skip * CHANNELS;
    const to = samples * CHANNELS;
    while (from < to) {
      const run = Math.min(to - from, AUDIO_FLOATS - this.writeAt);
      for (let i = 0; i < run; i += 1) this.ring[this.writeAt + i] = pcm[from + i]!;
      this.writeAt = (this.writeAt + run) % AUDIO_FLOATS;
      from += run;
    }
    this.held += floats;
    if (!this.busy) this.drain();
    return true;
  }

  private drain(): void {
    this.sending = Math.min(this.held, AUDIO_FLOATS - this.readAt);
    this.send(this.bytes, this.readAt * 4, (this.readAt + this.sending) * 4);
  }

  /**
   * Twelve kilobytes thirty times a second: waking a thread for each takes ten times as long as the write. A full pipe
   * returns at once.
   */
  protected override transfer(buffer: Uint8Array, start: number, end: number): void {
    let bytes: number;
    try {
      bytes = writeSync(this.link.fd, buffer, start, end - start);
    } catch (error) {
      this.failed(error);
      return;
    }
    this.taken(bytes, 'yes');
  }

  protected written(whole: boolean): void {
    this.held -= this.sending;
    this.readAt = (this.readAt + this.sending) % AUDIO_FLOATS;
    this.sending = 0;
    if (whole && this.held > 0) this.drain();
  }
}
