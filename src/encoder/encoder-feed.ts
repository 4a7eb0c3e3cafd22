// frame path
/**
 * Hands frames and sound to the encoder processes from inside the tick.
 *
 * Problem: a frame is a megabyte and a pipe takes it at the encoder's pace, but the loop must not wait.
 * Demands: never block, never copy the picture, never write half a frame (a torn frame shifts every later one), never
 * grow, and report at once when a frame does not fit.
 * Rule: writes are asynchronous and one at a time per stream, each continued until its frame is whole. A full queue
 * refuses the new frame, since the queued ones are older and already in the log. A dead pipe returns everything it held
 * and refuses frames until the next link.
 * Numbers: 3 frames of video (100 ms at 30 fps), 1 s of sound.
 */
import { writeSync } from 'node:fs';
import type { PageLender } from '../core/kernels.js';
import { type FrameIndex, SAMPLE_RATE_HZ, type SampleIndex } from '../core/time.js';
import { type FeedCounters, InputWriter } from './input-writer.js';
import type { EncoderLink, StreamKind } from './process/encoder-link.js';

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

/**
 * Pictures for one encoder process.
 *
 * Problem: a picture of 720p is 1.4 MB; writing it to a pipe copies it into fresh kernel pages, which costs as much as
 * composing it.
 * Demands: no copy on the engine's side, and no picture may change before the encoder has read it: an unjudged picture
 * would be sent.
 * Rule: pages are lent to the pipe where possible (`PageLender`). A pipe holds no more than its capacity, so a lent
 * picture has been read once another whole picture of at least that size has gone in after it; it is then returned. One
 * more picture is therefore in flight. The last picture is returned when the pipe is empty or its reader gone. A
 * picture smaller than the pipe is written as usual.
 * Numbers: on two cores of 2026, 1.4 MB at 30 a second, CPU of the writer 0.32 ms a picture when written, 0.07 when
 * lent.
 */

const VIDEO_QUEUE = 3;
const EINTR = 4;
const EAGAIN = 11;
const EPIPE = 32;
/** Interval for checking whether the last picture was read. */
const DRAIN_CHECK_MS = 5;

const ignoreToken = (_token: number): void => undefined;

export class VideoInput extends InputWriter {
  private readonly pictures: (Uint8Array | undefined)[] = Array.from({ length: VIDEO_QUEUE });
  private readonly tokens = new Int32Array(VIDEO_QUEUE);
  private head = 0;
  private count = 0;
  private readonly step = this.link.frameStep ?? 1;
  recycle: (token: number) => void = ignoreToken;
  /** The pipe holds, or may hold, pages of this picture. */
  private lent: Uint8Array | undefined;
  private lentToken = 0;
  private lends: boolean;
  private readonly capacity: number;

  constructor(
    link: EncoderLink,
    counters: FeedCounters,
    onClosed: (writer: InputWriter) => void,
    private readonly lender?: PageLender,
  ) {
    super(link, counters, onClosed);
    this.capacity = lender?.capacity(link.fd) ?? 0;
    this.lends = this.capacity > 0;
  }

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

  /** Pictures not yet written whole. */
  get waiting(): number {
    return this.count;
  }

  protected override transfer(buffer: Uint8Array, start: number, end: number): void {
    if (this.lends && buffer.byteLength >= this.capacity) {
      this.lender!.lend(this.link.fd, buffer, start, end, this.onLent);
    } else super.transfer(buffer, start, end);
  }

  private readonly onLent = (errno: number, bytes: number): void => {
    if (errno === 0) this.taken(bytes, 'yes');
    else if (errno === EAGAIN || errno === EINTR) this.taken(bytes, 'later');
    else if (errno === EPIPE) this.taken(bytes, 'no');
    else {
      // This kernel, or this kind of memory, cannot lend: the rest is written.
      this.lends = false;
      this.taken(bytes, 'yes');
    }
  };

  protected written(whole: boolean): void {
    if (whole) this.counters.framesWritten += 1;
    const picture = this.pictures[this.head]!;
    const token = this.shift();
    // Everything before this picture has been read.
    this.giveBackLent();
    if (whole && this.capacity > 0 && picture.byteLength >= this.capacity) {
      this.lent = picture;
      this.lentToken = token;
    } else this.recycle(token);
    while (!whole && this.count > 0) this.recycle(this.shift());
    const next = this.pictures[this.head];
    if (this.count > 0 && next !== undefined && !this.busy) this.send(next, 0, next.byteLength);
  }

  private shift(): number {
    const token = this.tokens[this.head]!;
    this.pictures[this.head] = undefined;
    this.head = (this.head + 1) % VIDEO_QUEUE;
    this.count -= 1;
    return token;
  }

  private giveBackLent(): void {
    if (this.lent === undefined) return;
    this.lent = undefined;
    this.recycle(this.lentToken);
  }

  protected override settle(then: () => void): void {
    if (this.lent !== undefined && !this.broken && this.lender!.held(this.link.fd) > 0) {
      setTimeout(() => this.settle(then), DRAIN_CHECK_MS);
      return;
    }
    this.giveBackLent();
    then();
  }
}

/** The loop thread's side of all encoders of a room. */
export class EncoderFeed {
  readonly counters: FeedCounters = { framesWritten: 0, framesRefused: 0, audioRefused: 0, broken: 0 };
  private recycle: (token: number) => void = ignoreToken;
  private video: VideoInput | undefined;
  private aac: AudioInput | undefined;
  private opus: AudioInput | undefined;
  private readonly open = new Set<InputWriter>();
  private whenClosed: (() => void) | undefined;
  private closing = false;

  /** With a lender, large pictures are lent to the pipes instead of written; each is returned one picture later. */
  constructor(private readonly lender?: PageLender) {}

  /** Called with the token of every accepted frame once its picture may be reused. */
  set onRecycle(recycle: (token: number) => void) {
    this.recycle = recycle;
    if (this.video !== undefined) this.video.recycle = recycle;
  }

  /** Takes over a new encoder's descriptor; the previous one is drained and closed. */
  attach(link: EncoderLink): void {
    this.detach(link.stream);
    if (link.fd < 0) return;
    if (link.stream === 'video') {
      this.video = new VideoInput(link, this.counters, this.onPipeClosed, this.lender);
      this.video.recycle = this.recycle;
      this.adopt(this.video);
    } else {
      const pipe = new AudioInput(link, this.counters, this.onPipeClosed);
      if (link.stream === 'aac') this.aac = pipe;
      else this.opus = pipe;
      this.adopt(pipe);
    }
  }

  /** Ends one stream: closes its encoder's input. */
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
   * Offers I420 frame n. True: it will be written whole, and `onRecycle(token)` reports when the picture is free.
   * False: refused (queue full, no encoder), and the picture stays the caller's.
   */
  writeVideo(n: FrameIndex, picture: Uint8Array, token: number): boolean {
    if (this.video !== undefined && this.video.write(n, picture, token)) return true;
    this.counters.framesRefused += 1;
    return false;
  }

  /** Pictures not yet fully taken by the encoder's pipe. */
  get waiting(): number {
    return this.video?.waiting ?? 0;
  }

  /** Offers interleaved stereo at 48 kHz; the samples are copied. False when an encoder could not take them. */
  writeAudio(startSample: SampleIndex, pcm: Float32Array, samples: number): boolean {
    let taken = this.aac !== undefined && this.aac.write(startSample, pcm, samples);
    if (this.opus !== undefined && !this.opus.write(startSample, pcm, samples)) taken = false;
    if (!taken) this.counters.audioRefused += 1;
    return taken;
  }

  /** Resolves once every descriptor is closed. Hanging encoders must be killed for that. */
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

  private adopt(pipe: InputWriter): void {
    this.open.add(pipe);
    if (this.closing) this.detach(pipe.link.stream);
  }

  private readonly onPipeClosed = (pipe: InputWriter): void => {
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
