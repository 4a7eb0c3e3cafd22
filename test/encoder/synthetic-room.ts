import type { Encoder } from '../../src/config/sections/encoder.js';
import { encoder as encoderSchema } from '../../src/config/sections/encoder.js';
import type { Kernels } from '../../src/core/kernels.js';
import { seededRandom } from '../../src/core/random.js';
import { silentLog, type Log } from '../../src/core/log.js';
import { frameIndex, frameToSample, type FrameRate } from '../../src/core/time.js';
import { EncoderFeed } from '../../src/encoder/encoder-feed.js';
import { EncoderSupervisor } from '../../src/encoder/process/encoder-supervisor.js';
import { findFfmpeg, type FfmpegInfo } from '../../src/encoder/process/find-ffmpeg.js';

/** Only the kernels' pipe is used here; without it the encoder uses a FIFO. */
export const pipelessKernels = { openPipe: () => undefined } as unknown as Kernels;

export interface SyntheticOptions {
  width?: number;
  height?: number;
  rate?: FrameRate;
  encoder?: Partial<Encoder>;
  ffmpeg?: FfmpegInfo;
  log?: Log;
  kernels?: Kernels;
  /** Frame the room starts at. */
  from?: number;
  /** Noise all over the picture, so that the bitrate is really used. */
  noise?: boolean;
}

/**
 * A room without an engine: paced frames with a moving bar, and once a second a white flash and a 1 kHz
 * beep that begin at the same instant and last 100 ms.
 */
export class SyntheticRoom {
  readonly feed = new EncoderFeed();
  readonly width: number;
  readonly height: number;
  readonly rate: FrameRate;
  readonly supervisor: EncoderSupervisor;
  n: number;
  private readonly startFrame: number;
  private readonly noise: Uint8Array | undefined;
  private startMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly free: number[] = [];
  private readonly pictures: Uint8Array[] = [];
  /** Numbers of the frames that no encoder took. */
  readonly refusedFrames = new Set<number>();

  constructor(options: SyntheticOptions & { ffmpeg: FfmpegInfo }) {
    this.width = options.width ?? 320;
    this.height = options.height ?? 180;
    this.rate = options.rate ?? { num: 30, den: 1 };
    this.n = options.from ?? 0;
    this.startFrame = this.n;
    if (options.noise === true) {
      const random = seededRandom(7);
      this.noise = Uint8Array.from({ length: this.width * this.height * 2 }, () => 60 + Math.floor(random() * 100));
    }
    for (let i = 0; i < 6; i += 1) {
      this.pictures.push(new Uint8Array(new SharedArrayBuffer((this.width * this.height * 3) / 2)));
      this.free.push(i);
    }
    this.feed.onRecycle = (token) => this.free.push(token);
    this.supervisor = new EncoderSupervisor({
      width: this.width,
      height: this.height,
      rate: this.rate,
      encoder: { ...encoderSchema.parse({ videoKbps: 600 }), ...options.encoder },
      ffmpeg: options.ffmpeg,
      kernels: options.kernels ?? pipelessKernels,
      log: options.log ?? silentLog,
      onLink: (link) => this.feed.attach(link),
    });
  }

  static async start(options: SyntheticOptions = {}): Promise<SyntheticRoom> {
    const room = new SyntheticRoom({ ...options, ffmpeg: options.ffmpeg ?? (await findFfmpeg()) });
    room.supervisor.start();
    await room.supervisor.ready();
    room.startMs = performance.now();
    room.tick();
    return room;
  }

  private readonly tick = (): void => {
    this.frame();
    const due = this.startMs + ((this.n - this.startFrame) * 1000 * this.rate.den) / this.rate.num;
    this.timer = setTimeout(this.tick, Math.max(0, due - performance.now()));
  };

  get refused(): number {
    return this.refusedFrames.size;
  }

  /** One frame and its sound, at once. */
  frame(): void {
    const { n } = this;
    const token = this.free.pop();
    if (token !== undefined) {
      const picture = this.pictures[token]!;
      this.draw(picture, n);
      if (!this.feed.writeVideo(frameIndex(n), picture, token)) {
        this.free.push(token);
        this.refusedFrames.add(n);
      }
    } else {
      this.refusedFrames.add(n);
    }
    const from = frameToSample(frameIndex(n), this.rate);
    const samples = frameToSample(frameIndex(n + 1), this.rate) - from;
    const pcm = new Float32Array(samples * 2);
    for (let i = 0; i < samples; i += 1) {
      const inSecond = (from + i) % 48_000;
      const v = inSecond < 4800 ? 0.5 * Math.sin((2 * Math.PI * 1000 * inSecond) / 48_000) : 0;
      pcm[i * 2] = v;
      pcm[i * 2 + 1] = v;
    }
    this.feed.writeAudio(from, pcm, samples);
    this.n += 1;
  }

  private draw(picture: Uint8Array, n: number): void {
    const { width, height } = this;
    const luma = width * height;
    const inSecond = frameToSample(frameIndex(n), this.rate) % 48_000;
    const flash = inSecond < 4800;
    picture.fill(flash ? 235 : 40, 0, luma);
    picture.fill(128, luma);
    if (this.noise !== undefined) {
      const at = (n * 7919) % luma;
      picture.set(this.noise.subarray(at, at + luma));
    }
    const x = (n * 4) % (width - 16);
    for (let y = 0; y < height; y += 1) picture.fill(flash ? 200 : 90, y * width + x, y * width + x + 16);
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await Promise.all([this.supervisor.close(), this.feed.close()]);
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A busy machine takes longer; where a time matters, the test measures it. */
const PATIENCE = 4;

/** Waits for a condition; false on timeout. */
export async function until(condition: () => boolean, ms: number): Promise<boolean> {
  const end = performance.now() + ms * PATIENCE;
  while (!condition()) {
    if (performance.now() > end) return false;
    await sleep(20);
  }
  return true;
}
