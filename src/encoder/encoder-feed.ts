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
import type { PageLender } from '../core/page-lender.js';
import type { FrameIndex, SampleIndex } from '../core/time.js';
import { AudioInput } from './audio-input.js';
import type { EncoderLink, StreamKind } from './process/encoder-link.js';
import type { FeedCounters, InputWriter } from './input-writer.js';
import { ignoreToken, VideoInput } from './video-input.js';

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
