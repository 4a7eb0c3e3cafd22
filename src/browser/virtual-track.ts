import type { Scope, TrackGenerator } from './device-list.js';
import {
  audioCapabilities,
  SAMPLE_RATE_HZ,
  settleAudio,
  settleVideo,
  videoCapabilities,
  type AudioSettings,
  type CameraLimits,
  type ConstraintSet,
  type Settled,
  type VideoSettings,
} from './constraints.js';
import type { RoomFeed } from './room-feed.js';

/** Maximum queue of a track before new frames are dropped. */
const QUEUE = 3;

/**
 * The state behind one track of a page. The track itself is a plain MediaStreamTrack, a clone of a generator that the
 * page never sees.
 */
export abstract class VirtualTrack<S extends VideoSettings | AudioSettings> {
  readonly track: MediaStreamTrack;
  constraints: ConstraintSet;
  protected readonly generator: TrackGenerator<VideoFrame | AudioData>;
  private readonly writer: WritableStreamDefaultWriter<VideoFrame | AudioData>;
  private remove: () => void = () => undefined;
  private over = false;

  constructor(
    protected readonly scope: Scope,
    protected readonly feed: RoomFeed,
    readonly kind: 'video' | 'audio',
    readonly label: string,
    public settings: S,
    constraints: ConstraintSet,
  ) {
    this.constraints = constraints;
    this.generator = new scope.MediaStreamTrackGenerator!({ kind }) as TrackGenerator<VideoFrame | AudioData>;
    this.track = this.generator.clone();
    this.writer = this.generator.writable.getWriter();
    this.writer.closed.catch(() => this.close());
  }

  abstract capabilities(): Record<string, unknown>;
  abstract settle(constraints: ConstraintSet): Settled<S>;
  /** Another track of the same source with the same settings, for `clone()`. */
  abstract copy(): VirtualTrack<S>;
  protected abstract connect(): () => void;

  /** Call once, when the track is handed out. */
  start(): void {
    this.remove = this.connect();
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.remove();
    this.writer.close().catch(() => undefined);
  }

  /** Ends the track like an unplugged camera: the page gets the event. */
  unplug(): void {
    this.close();
    this.generator.stop();
  }

  /** Writes a frame, or drops it when the page does not take it. The frame belongs to the track from here on. */
  protected write(data: VideoFrame | AudioData): void {
    if (this.over || (this.writer.desiredSize ?? -QUEUE) <= -QUEUE) return data.close();
    this.writer.write(data).catch(() => this.close());
  }
}

/** Side of the small copy that, enlarged, forms the soft background of a picture with another aspect ratio. */
const GROUND_PX = 16;
/** Aspect ratios this close are stretched: the difference is invisible, and no hairline of background shows. */
const SAME_SHAPE = 0.01;

/**
 * Frames in the size a page requested. Nothing is cropped, since the AI label may stand at any edge: a picture with
 * another aspect ratio is shown whole on a soft, dark copy of itself.
 */
class PictureFitter {
  private canvas: OffscreenCanvas | undefined;
  private ground: OffscreenCanvas | undefined;

  constructor(private readonly scope: Scope) {}

  /** A new frame, which the caller must close; the given one stays the caller's, too. */
  fit(frame: VideoFrame, width: number, height: number): VideoFrame {
    if (frame.displayWidth === width && frame.displayHeight === height) return frame.clone();
    const { timestamp } = frame;
    this.canvas ??= new this.scope.OffscreenCanvas(width, height);
    const { canvas } = this;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const to = canvas.getContext('2d', { alpha: false })!;
    to.imageSmoothingQuality = 'high';
    const shape = frame.displayWidth / frame.displayHeight;
    if (Math.abs(width / height / shape - 1) < SAME_SHAPE) {
      to.drawImage(frame, 0, 0, width, height);
    } else {
      this.paintGround(frame, to, width, height);
      const w = Math.min(width, height * shape);
      const h = Math.min(height, width / shape);
      to.drawImage(frame, (width - w) / 2, (height - h) / 2, w, h);
    }
    return new this.scope.VideoFrame(canvas, { timestamp, alpha: 'discard' });
  }

  private paintGround(frame: VideoFrame, to: OffscreenCanvasRenderingContext2D, width: number, height: number): void {
    this.ground ??= new this.scope.OffscreenCanvas(GROUND_PX, GROUND_PX);
    const small = this.ground.getContext('2d', { alpha: false })!;
    small.drawImage(frame, 0, 0, GROUND_PX, GROUND_PX);
    to.drawImage(this.ground, 0, 0, width, height);
    to.fillStyle = '#0006';
    to.fillRect(0, 0, width, height);
  }
}

export class VirtualVideo extends VirtualTrack<VideoSettings> {
  private readonly fitter: PictureFitter;
  private nextUs = 0;

  constructor(
    scope: Scope,
    feed: RoomFeed,
    label: string,
    settings: VideoSettings,
    constraints: ConstraintSet,
    private readonly limits: () => CameraLimits,
  ) {
    super(scope, feed, 'video', label, settings, constraints);
    this.fitter = new PictureFitter(scope);
  }

  override capabilities(): Record<string, unknown> {
    return videoCapabilities(this.limits());
  }
  override settle(constraints: ConstraintSet): Settled<VideoSettings> {
    return settleVideo(constraints, this.limits());
  }
  override copy(): VirtualVideo {
    const { scope, feed, label, settings, constraints, limits } = this;
    return new VirtualVideo(scope, feed, label, settings, constraints, limits);
  }

  protected override connect(): () => void {
    return this.feed.add('video', (frame) => {
      if (!this.due(frame.timestamp)) return;
      const { width, height } = this.settings;
      this.write(this.fitter.fit(frame, width, height));
    });
  }

  /** Lets the requested number of frames through, evenly. */
  private due(timestampUs: number): boolean {
    const { frameRate } = this.settings;
    const native = this.limits().frameRate;
    if (frameRate >= native) return true;
    const stepUs = 1e6 / frameRate;
    if (timestampUs < this.nextUs - 5e5 / native) return false;
    this.nextUs = Math.max(this.nextUs + stepUs, timestampUs - stepUs);
    return true;
  }
}

export class VirtualAudio extends VirtualTrack<AudioSettings> {
  constructor(scope: Scope, feed: RoomFeed, label: string, settings: AudioSettings, constraints: ConstraintSet) {
    super(scope, feed, 'audio', label, settings, constraints);
  }

  override capabilities(): Record<string, unknown> {
    return audioCapabilities(this.settings);
  }
  override settle(constraints: ConstraintSet): Settled<AudioSettings> {
    return settleAudio(constraints, this.settings);
  }
  override copy(): VirtualAudio {
    const { scope, feed, label, settings, constraints } = this;
    return new VirtualAudio(scope, feed, label, settings, constraints);
  }

  protected override connect(): () => void {
    return this.feed.add('audio', (stereo, timestamp) => {
      const numberOfChannels = this.settings.channelCount;
      const data = numberOfChannels === 1 ? mono(stereo) : stereo;
      const numberOfFrames = data.length / numberOfChannels;
      const init = { format: 'f32' as const, sampleRate: SAMPLE_RATE_HZ, numberOfFrames, numberOfChannels, timestamp };
      this.write(new this.scope.AudioData({ ...init, data: data as Float32Array<ArrayBuffer> }));
    });
  }
}

function mono(stereo: Float32Array): Float32Array {
  const out = new Float32Array(stereo.length / 2);
  for (let i = 0; i < out.length; i += 1) out[i] = (stereo[2 * i]! + stereo[2 * i + 1]!) / 2;
  return out;
}
