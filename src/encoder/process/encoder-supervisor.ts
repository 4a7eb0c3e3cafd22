import type { Encoder, EncoderPatch } from '../../config/sections/encoder.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import type { Codec, CursorOptions, EncodedPacket, PacketCursor, PacketSource } from '../../core/media/packets.js';
import { type FrameRate, SAMPLE_RATE_HZ } from '../../core/time.js';
import type { ParameterSets } from '../avc-config.js';
import { aacReader, OpusOnDemand, opusReader, videoReader } from '../stream-readers.js';
import { PacketRing } from '../packet-ring.js';
import { gopFrames, LOOKAHEAD_FRAMES, pictureSent, type PictureSent } from '../adapt-bitrate.js';
import { StreamEncoder } from '../stream-encoder.js';
import { aacArgs, opusArgs, videoArgs } from './encoder-args.js';
import type { EncoderLink } from './encoder-link.js';
import type { FfmpegInfo } from './find-ffmpeg.js';

/**
 * Merges the packets of several encoders into one order.
 *
 * Problem: video leaves its encoder ten frames after its input, sound at once, and muxed outputs want one rising
 * sequence of timestamps.
 * Demands: rising times across video and AAC, and always within a stream; no stream may hold the others for long when
 * its encoder has died.
 * Rule: a packet passes once the other main stream has reached its time; a packet that waited longer than the limit
 * passes anyway. Opus follows the video like AAC but holds nothing back.
 * Numbers: the limit is the video's look-ahead plus 600 ms (a restart takes less).
 */

interface Waiting {
  readonly packet: EncodedPacket;
  readonly sinceMs: number;
}

export class Interleaver {
  private readonly queue: Waiting[] = [];
  private videoPts = -Infinity;
  private aacPts = -Infinity;
  private opusPts = -Infinity;
  /** Late packets: older than their stream's last one (the end of a replaced encoder). */
  outdated = 0;

  constructor(
    private readonly maxWaitMs: number,
    private readonly emit: (packet: EncodedPacket) => void,
  ) {}

  push(packet: EncodedPacket, nowMs: number): void {
    if (packet.pts <= this.newest(packet)) {
      this.outdated += 1;
      return;
    }
    if (packet.codec === 'h264') this.videoPts = packet.pts;
    else if (packet.codec === 'aac') this.aacPts = packet.pts;
    else this.opusPts = packet.pts;
    let at = this.queue.length;
    while (at > 0 && this.queue[at - 1]!.packet.pts > packet.pts) at -= 1;
    this.queue.splice(at, 0, { packet, sinceMs: nowMs });
    this.flush(nowMs);
  }

  /** Releases every packet that may go; also called periodically while nothing arrives. */
  flush(nowMs: number): void {
    let ready = 0;
    for (let i = 0; i < this.queue.length; i += 1) {
      const { packet, sinceMs } = this.queue[i]!;
      const other = packet.codec === 'h264' ? this.aacPts : this.videoPts;
      if (other >= packet.pts || nowMs - sinceMs >= this.maxWaitMs) ready = i + 1;
      else break;
    }
    if (ready === 0) return;
    for (const { packet } of this.queue.splice(0, ready)) this.emit(packet);
  }

  private newest(packet: EncodedPacket): number {
    if (packet.codec === 'h264') return this.videoPts;
    return packet.codec === 'aac' ? this.aacPts : this.opusPts;
  }
}

const BUCKET_MS = 250;
const BUCKETS = 12;

/** Bytes per time over the last three seconds. */
class RateMeter {
  private readonly bytes = new Float64Array(BUCKETS);
  private newest = -1;
  private oldest = -1;

  add(bytes: number, nowMs: number): void {
    this.advance(nowMs);
    this.bytes[this.newest % BUCKETS]! += bytes;
  }

  kbitPerSecond(nowMs: number): number {
    if (this.newest < 0) return 0;
    this.advance(nowMs);
    let sum = 0;
    // The bucket being filled is left out.
    const from = Math.max(this.oldest, this.newest - BUCKETS + 1);
    for (let b = from; b < this.newest; b += 1) sum += this.bytes[b % BUCKETS]!;
    const ms = (this.newest - from) * BUCKET_MS;
    return ms === 0 ? 0 : Math.round((sum * 8) / ms);
  }

  private advance(nowMs: number): void {
    const bucket = Math.floor(nowMs / BUCKET_MS);
    if (this.newest < 0) {
      this.oldest = bucket;
      this.newest = bucket;
      return;
    }
    const steps = Math.min(bucket - this.newest, BUCKETS);
    for (let i = 0; i < steps; i += 1) this.bytes[(bucket - i) % BUCKETS] = 0;
    this.newest = Math.max(this.newest, bucket);
  }
}

interface EncoderSupervisorOptions {
  width: number;
  height: number;
  rate: FrameRate;
  encoder: Encoder;
  ffmpeg: FfmpegInfo;
  kernels: Kernels;
  log: Log;
  /** Receives every new encoder, to be posted to the loop thread and attached to its EncoderFeed. */
  onLink: (link: EncoderLink) => void;
}

interface EncoderStats {
  /** Of the video encoder. */
  readonly generation: number;
  /** Of all encoders together. */
  readonly restarts: number;
  /** Video and AAC over the last seconds. */
  readonly kbitPerSecond: number;
  readonly videoPackets: number;
  readonly keyFrames: number;
  readonly aacPackets: number;
  readonly opusPackets: number;
  readonly opusUsers: number;
  readonly ringBytes: number;
  readonly keyFrameRequests: number;
  /** Empty when nothing has failed. */
  readonly lastError: string;
  readonly pids: { readonly video?: number; readonly aac?: number; readonly opus?: number };
}

const WATCH_MS = 100;
const RESTART_GAP_MS = 600;

/** The encoders of a room, and the ring their packets go to. Lives on the main thread. */
export class EncoderSupervisor implements PacketSource, Closeable {
  private encoder: Encoder;
  private readonly ring = new PacketRing();
  private readonly meter = new RateMeter();
  private readonly interleaver: Interleaver;
  private readonly video: StreamEncoder;
  private readonly aacEncoder: StreamEncoder;
  private readonly opus: StreamEncoder;
  private sets: ParameterSets | undefined;
  private aacConfig: Uint8Array | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly opusOnDemand: OpusOnDemand;
  private keyFrameRequests = 0;
  private changing: Promise<unknown> = Promise.resolve();
  private readonly counts = { h264: 0, aac: 0, opus: 0, keys: 0 };
  private closed = false;

  constructor(private readonly options: EncoderSupervisorOptions) {
    const { rate, ffmpeg, width, height } = options;
    this.encoder = options.encoder;
    const lookaheadMs = (LOOKAHEAD_FRAMES * 1000 * rate.den) / rate.num;
    this.interleaver = new Interleaver(lookaheadMs + RESTART_GAP_MS, (packet) => this.ring.push(packet));
    const common = { program: ffmpeg.path, kernels: options.kernels, log: options.log, onLink: options.onLink };
    this.video = new StreamEncoder({
      ...common,
      stream: 'video',
      // The longest look-ahead, and the few frames ffmpeg holds between its own threads.
      delayInputs: LOOKAHEAD_FRAMES + 8,
      args: () => videoArgs(ffmpeg, this.encoder, width, height, rate),
      reader: (generation, inputs, packetOut) =>
        videoReader(
          rate,
          generation,
          inputs,
          (sets) => (this.sets = sets),
          (packet) => this.packet(packet, packetOut),
          this.encoder.frameStep,
        ),
      frameStep: () => this.encoder.frameStep ?? 1,
    });
    this.aacEncoder = new StreamEncoder({
      ...common,
      stream: 'aac',
      delayInputs: 20,
      args: () => aacArgs(this.encoder),
      reader: (generation, inputs, packetOut) =>
        aacReader(
          generation,
          inputs,
          (config) => (this.aacConfig = config),
          (packet) => this.packet(packet, packetOut),
        ),
    });
    this.opus = new StreamEncoder({
      ...common,
      stream: 'opus',
      delayInputs: 20,
      args: () => opusArgs(this.encoder),
      reader: (generation, inputs, packetOut) =>
        opusReader(generation, inputs, (packet) => this.packet(packet, packetOut)),
    });
    this.opusOnDemand = new OpusOnDemand(this.opus);
  }

  start(): void {
    if (this.timer !== undefined || this.closed) return;
    this.video.start();
    this.aacEncoder.start();
    this.timer = setInterval(() => {
      const nowMs = performance.now();
      this.video.watch(nowMs);
      this.aacEncoder.watch(nowMs);
      this.opus.watch(nowMs);
      this.interleaver.flush(nowMs);
    }, WATCH_MS);
  }

  /**
   * Resolves when encoders started by `start()` have loaded. Frames written earlier fill the short queue and are
   * refused, so a room begins its first frame after this.
   */
  async ready(): Promise<void> {
    await Promise.all([this.video.loaded(), this.aacEncoder.loaded()]);
  }

  /** Next generation of video and sound; outputs stay connected. */
  restart(reason: string): void {
    for (const stream of [this.video, this.aacEncoder, this.opus]) {
      stream
        .restart(reason)
        .catch((e: unknown) => this.options.log.warn({ reason: String(e) }, 'encoder not replaced'));
    }
  }

  /**
   * Applies new settings: streams whose command line changes get their next generation, the others continue. Resolves
   * when the first packets of the new ones are out. Changes run one after another. Throws E_BAD_REQUEST for invalid
   * settings, and E_ENCODER_DIED when an encoder refused them; the old settings then stay in force.
   */
  change(patch: EncoderPatch, reason: string): Promise<PictureSent> {
    const change = this.changing.then(() => this.changeNow(patch, reason));
    this.changing = change.catch(() => undefined); // failures go to the caller; the queue continues
    return change;
  }

  private async changeNow(patch: EncoderPatch, reason: string): Promise<PictureSent> {
    if (this.closed) throw new EngineError('E_CLOSED', { where: 'encoder', found: 'a room that is closing' });
    const before = this.encoder;
    const after: Encoder = { ...before, ...patch };
    const { ffmpeg, width, height, rate } = this.options;
    const sent = pictureSent(after, width, height, rate);
    const differs = (args: (encoder: Encoder) => readonly string[]): boolean =>
      args(before).join(' ') !== args(after).join(' ');
    const streams = [
      ...(differs((e) => videoArgs(ffmpeg, e, width, height, rate)) ? [this.video] : []),
      ...(differs(aacArgs) ? [this.aacEncoder] : []),
      ...(differs(opusArgs) ? [this.opus] : []),
    ];
    this.encoder = after;
    const results = await Promise.allSettled(streams.map((stream) => stream.restart(reason)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) return sent;
    this.encoder = before;
    const changed = streams.filter((_, i) => results[i]!.status === 'fulfilled');
    await Promise.allSettled(changed.map((stream) => stream.restart('the change failed')));
    throw failed.reason;
  }

  /** The settings in force. */
  get settings(): Encoder {
    return this.encoder;
  }

  /** The picture receivers get at present. */
  get sent(): PictureSent {
    const { width, height, rate } = this.options;
    return pictureSent(this.encoder, width, height, rate);
  }

  stats(): EncoderStats {
    const { video, aacEncoder, opus } = this;
    return {
      generation: video.generation,
      restarts: video.restarts + aacEncoder.restarts + opus.restarts,
      kbitPerSecond: this.meter.kbitPerSecond(performance.now()),
      videoPackets: this.counts.h264,
      keyFrames: this.counts.keys,
      aacPackets: this.counts.aac,
      opusPackets: this.counts.opus,
      opusUsers: this.opusOnDemand.users,
      ringBytes: this.ring.heldBytes,
      keyFrameRequests: this.keyFrameRequests,
      lastError: video.lastError || aacEncoder.lastError || opus.lastError,
      pids: { video: video.pid, aac: aacEncoder.pid, opus: opus.pid },
    };
  }

  /** Longest time between two IDRs, in ms. */
  get keyFrameIntervalMs(): number {
    const { rate } = this.sent;
    return (gopFrames(this.encoder, rate) * 1000 * rate.den) / rate.num;
  }

  open(options: CursorOptions): PacketCursor {
    return this.ring.open(options);
  }

  /**
   * The next IDR is at most one GOP away (2 s, or 1 s with low latency): an encoder process accepts no commands, and a
   * new generation for one viewer would cost all others bits. Requests are counted, which shows a GOP that is too long
   * for its viewers.
   */
  requestKeyFrame(): void {
    this.keyFrameRequests += 1;
  }

  h264(): ParameterSets | undefined {
    return this.sets;
  }

  aac(): { config: Uint8Array; sampleRateHz: number; channels: number } | undefined {
    return this.aacConfig && { config: this.aacConfig, sampleRateHz: SAMPLE_RATE_HZ, channels: 2 };
  }

  async acquire(codec: Codec): Promise<() => void> {
    return codec === 'opus' ? this.opusOnDemand.acquire() : () => undefined;
  }

  /** Ends a recording: once all inputs are closed, waits until every packet is in the ring. */
  async finish(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([this.video.finish(), this.aacEncoder.finish(), this.opus.finish()]);
    this.interleaver.flush(Infinity);
  }

  /** The room is stopping: encoders that end from now on are neither replaced nor reported. */
  expectEnd(): void {
    for (const stream of [this.video, this.aacEncoder, this.opus]) stream.expectEnd();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    this.ring.close();
    await this.opusOnDemand.close();
    await Promise.all([this.video.close(), this.aacEncoder.close(), this.opus.close()]);
  }

  private packet(packet: EncodedPacket, packetOut: () => void): void {
    const nowMs = performance.now();
    packetOut();
    this.counts[packet.codec] += 1;
    if (packet.codec === 'h264' && packet.key) this.counts.keys += 1;
    if (packet.codec !== 'opus') this.meter.add(packet.data.byteLength, nowMs);
    this.interleaver.push(packet, nowMs);
    if (packet.codec === 'opus') this.opusOnDemand.packetOut();
  }
}
