// frame path
/**
 * Hands frames and sound to the encoder processes from inside the tick.
 *
 * Problem: a frame is a megabyte and a pipe takes it at the encoder's pace, but the loop may not wait.
 * Demands: never block, never copy the picture, never write half a frame (a torn frame shifts every later
 * one), never grow, and tell the caller at once when a frame does not fit.
 * Rule: writes are asynchronous and one at a time per stream, each continued until its frame is whole. A full
 * queue refuses the new frame, as the queued ones are older and already promised to the log. A dead pipe
 * gives back all it held and refuses until the next link.
 * Numbers: 3 frames of video (100 ms at 30 fps), 1 s of sound.
 *
 * Sound of a generation starts on the codec's frame grid counted from sample 0, so that packet times of
 * all generations lie on one grid.
 */
import { close, write } from 'node:fs';
import { SAMPLE_RATE_HZ, type FrameIndex, type SampleIndex } from '../core/time.js';
import { InputLog, type EncoderLink, type StreamKind } from './encoder-link.js';

const VIDEO_QUEUE = 3;
const CHANNELS = 2;
const AUDIO_FLOATS = SAMPLE_RATE_HZ * CHANNELS;
/** A pipe that would block (only seen when it was made non-blocking) is tried again after this. */
const RETRY_MS = 2;
const AAC_FRAME = 1024;
const OPUS_FRAME = 960;

export interface FeedCounters {
  framesWritten: number;
  framesRefused: number;
  audioRefused: number;
  /** Pipes that broke under a write. */
  broken: number;
}

/** One descriptor with one write in flight at most. Closes itself once idle after `release()`. */
abstract class Pipe {
  readonly log: InputLog;
  broken = false;
  protected busy = false;
  private released = false;
  private closed = false;
  private buffer: Uint8Array | undefined;
  private offset = 0;
  private end = 0;

  constructor(
    readonly link: EncoderLink,
    protected readonly counters: FeedCounters,
    private readonly onClosed: (pipe: Pipe) => void,
  ) {
    this.log = new InputLog(link.log);
  }

  /** A write has ended: true when it was whole, false when the pipe broke. */
  protected abstract written(whole: boolean): void;

  protected send(buffer: Uint8Array, start: number, end: number): void {
    this.busy = true;
    this.buffer = buffer;
    this.offset = start;
    this.end = end;
    write(this.link.fd, buffer, start, end - start, null, this.onWrite);
  }

  private readonly retry = (): void => {
    if (this.buffer !== undefined) {
      write(this.link.fd, this.buffer, this.offset, this.end - this.offset, null, this.onWrite);
    }
  };

  private readonly onWrite = (error: NodeJS.ErrnoException | null, bytes: number): void => {
    if (error === null) {
      this.offset += bytes;
      if (this.offset < this.end) {
        this.retry();
        return;
      }
    } else if (error.code === 'EAGAIN' || error.code === 'EINTR') {
      setTimeout(this.retry, RETRY_MS);
      return;
    } else {
      this.broken = true;
      this.counters.broken += 1;
    }
    this.busy = false;
    this.buffer = undefined;
    this.written(error === null);
    if ((this.released || this.broken) && !this.busy) this.closeNow();
  };

  /** No more input; what is queued still goes out, then the descriptor is closed. */
  release(): void {
    this.released = true;
    if (!this.busy) this.closeNow();
  }

  private closeNow(): void {
    if (this.closed) return;
    this.closed = true;
    close(this.link.fd, () => this.onClosed(this));
  }
}

class VideoPipe extends Pipe {
  private readonly pictures: (Uint8Array | undefined)[] = Array.from({ length: VIDEO_QUEUE });
  private readonly tokens = new Int32Array(VIDEO_QUEUE);
  private head = 0;
  private count = 0;
  private readonly step = this.link.frameStep ?? 1;
  recycle: (token: number) => void = ignoreToken;

  write(n: FrameIndex, picture: Uint8Array, token: number): boolean {
    if (this.step > 1 && n % this.step !== 0) {
      this.recycle(token);
      return true;
    }
    this.log.offer();
    if (this.broken || this.count === VIDEO_QUEUE) return false;
    const at = (this.head + this.count) % VIDEO_QUEUE;
    this.pictures[at] = picture;
    this.tokens[at] = token;
    this.count += 1;
    this.log.push(n, 0);
    if (!this.busy) this.send(picture, 0, picture.byteLength);
    return true;
  }

  protected written(whole: boolean): void {
    if (whole) this.counters.framesWritten += 1;
    do {
      const token = this.tokens[this.head]!;
      this.pictures[this.head] = undefined;
      this.head = (this.head + 1) % VIDEO_QUEUE;
      this.count -= 1;
      this.recycle(token);
    } while (!whole && this.count > 0);
    const next = this.pictures[this.head];
    if (this.count > 0 && next !== undefined && !this.busy) this.send(next, 0, next.byteLength);
  }
}

class AudioPipe extends Pipe {
  private readonly ring = new Float32Array(AUDIO_FLOATS);
  private readonly bytes = new Uint8Array(this.ring.buffer);
  private readonly grid: number;
  private readAt = 0;
  private writeAt = 0;
  private held = 0;
  private sending = 0;
  private samplesIn = 0;
  private expected = -1;

  constructor(link: EncoderLink, counters: FeedCounters, onClosed: (pipe: Pipe) => void) {
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

  protected written(whole: boolean): void {
    this.held -= this.sending;
    this.readAt = (this.readAt + this.sending) % AUDIO_FLOATS;
    this.sending = 0;
    if (whole && this.held > 0) this.drain();
  }
}

const ignoreToken = (_token: number): void => undefined;

/** The loop thread's side of all encoders of a room. */
export class EncoderFeed {
  readonly counters: FeedCounters = { framesWritten: 0, framesRefused: 0, audioRefused: 0, broken: 0 };
  private recycle: (token: number) => void = ignoreToken;
  private video: VideoPipe | undefined;
  private aac: AudioPipe | undefined;
  private opus: AudioPipe | undefined;
  private readonly open = new Set<Pipe>();
  private whenClosed: (() => void) | undefined;
  private closing = false;

  /** Called with the token of every accepted frame once its picture may be written to again. */
  set onRecycle(recycle: (token: number) => void) {
    this.recycle = recycle;
    if (this.video !== undefined) this.video.recycle = recycle;
  }

  /** Takes over the descriptor of a new encoder; the one it replaces is drained and closed. */
  attach(link: EncoderLink): void {
    this.detach(link.stream);
    if (link.fd < 0) return;
    if (link.stream === 'video') {
      this.video = new VideoPipe(link, this.counters, this.onPipeClosed);
      this.video.recycle = this.recycle;
      this.adopt(this.video);
    } else {
      const pipe = new AudioPipe(link, this.counters, this.onPipeClosed);
      if (link.stream === 'aac') this.aac = pipe;
      else this.opus = pipe;
      this.adopt(pipe);
    }
  }

  /** Ends one stream: its encoder gets the end of its input. */
  detach(stream: StreamKind): void {
    if (stream === 'video') {
      this.video?.release();
      this.video = undefined;
    } else if (stream === 'aac') {
      this.aac?.release();
      this.aac = undefined;
    } else {
      this.opus?.release();
      this.opus = undefined;
    }
  }

  /**
   * Offers I420 frame n. True: it will be written whole, and `onRecycle(token)` tells when the picture is
   * free. False: it is not taken (queue full, no encoder) and the picture stays the caller's.
   */
  writeVideo(n: FrameIndex, picture: Uint8Array, token: number): boolean {
    if (this.video !== undefined && this.video.write(n, picture, token)) return true;
    this.counters.framesRefused += 1;
    return false;
  }

  /** Offers interleaved stereo at 48 kHz; the samples are copied. False when an encoder could not take them. */
  writeAudio(startSample: SampleIndex, pcm: Float32Array, samples: number): boolean {
    let taken = this.aac !== undefined && this.aac.write(startSample, pcm, samples);
    if (this.opus !== undefined && !this.opus.write(startSample, pcm, samples)) taken = false;
    if (!taken) this.counters.audioRefused += 1;
    return taken;
  }

  /** Resolves once every descriptor is closed. Encoders that hang must be killed for that. */
  close(): Promise<void> {
    this.closing = true;
    this.detach('video');
    this.detach('aac');
    this.detach('opus');
    return new Promise((resolve) => {
      if (this.open.size === 0) resolve();
      else this.whenClosed = chain(this.whenClosed, resolve);
    });
  }

  private adopt(pipe: Pipe): void {
    this.open.add(pipe);
    if (this.closing) this.detach(pipe.link.stream);
  }

  private readonly onPipeClosed = (pipe: Pipe): void => {
    this.open.delete(pipe);
    if (this.open.size === 0) this.whenClosed?.();
  };
}

function chain(first: (() => void) | undefined, second: () => void): () => void {
  if (first === undefined) return second;
  return () => {
    first();
    second();
  };
}
