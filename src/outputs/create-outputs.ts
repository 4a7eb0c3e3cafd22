import type { OutputConfig, OutputConfigOf } from '../config/sections/output.js';
import { PLATFORMS } from '../config/sections/platform.js';
import type { Log } from '../core/log.js';
import type { PacketSource } from '../core/media/packets.js';
import type { FrameRate } from '../core/time.js';
import { HlsOutput } from './hls/hls-output.js';
import type { Output, OutputProgress } from './output.js';
import { RecordingOutput } from './recording/recording-output.js';
import { type FlvBodies, RtmpTimeline } from './rtmp/flv-muxer.js';
import { RtmpOutput, type RtmpOutputOptions } from './rtmp/rtmp-output.js';
import { SrtOutput } from './srt/srt-output.js';
import { V4l2Output } from './v4l2/v4l2-output.js';
import type { PayloadCache } from './webrtc/viewer-stream.js';
import { WhipClient } from './whip/whip-client.js';
import type { WhipOutputOptions } from './whip/room-content.js';

/** Pushes the room's picture and sound to a WHIP endpoint. */
export class WhipOutput implements Output {
  readonly kind = 'whip';
  readonly id: string;
  readonly target: string;
  readonly hosts: readonly string[];
  private readonly client: WhipClient;

  /** @throws EngineError E_OUTPUT_INVALID */
  constructor(options: WhipOutputOptions) {
    const { id, url, token, log, hostAddresses } = options;
    const content = async () => (await import('./whip/room-content.js')).roomContent(options);
    const whose = `output "${id}"`;
    this.client = new WhipClient({ id, whose, url, token, sends: 'H.264 and Opus', content, log, hostAddresses });
    this.id = id;
    this.target = this.client.target;
    this.hosts = this.client.hosts;
  }

  run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    return this.client.run(signal, report);
  }
}

/** Shared by all outputs of a room. */
export interface OutputContext {
  readonly source: PacketSource;
  readonly width: number;
  readonly height: number;
  readonly rate: FrameRate;
  readonly videoKbps: number;
  readonly aacKbps: number;
  /** For all RTMP outputs and files. */
  readonly bodies: FlvBodies;
  /** For all WebRTC outputs. */
  readonly cache: PayloadCache;
  readonly log: Log;
  /** For outputs that run in their own process. */
  readonly ffmpegPath: string;
}

/**
 * Creates the outputs listed in a room file.
 *
 * @throws EngineError E_OUTPUT_INVALID
 */
export function createOutputs(configs: readonly OutputConfig[], context: OutputContext): Output[] {
  return configs.flatMap((config) => createOutput(config, context));
}

function createOutput(config: OutputConfig, context: OutputContext): Output[] {
  switch (config.kind) {
    case 'rtmp':
      return rtmpOutputs(config, context);
    case 'v4l2':
      return [v4l2Output(config, context)];
    case 'srt':
      return [new SrtOutput({ ...context, ...config, maxLagBytes: config.maxLagKb << 10 })];
    case 'whip':
      return [new WhipOutput({ ...context, ...config, maxLagBytes: config.maxLagKb << 10 })];
    case 'hls':
      return [new HlsOutput({ ...context, ...config })];
    case 'recording':
      return [new RecordingOutput({ ...context, ...config, maxBytes: config.maxMb && config.maxMb * 1_000_000 })];
  }
}

function rtmpOutputs(config: OutputConfigOf<'rtmp'>, context: OutputContext): Output[] {
  const { id, url, backupUrl, backup, platform, maxLagMs, maxLagKb } = config;
  const { publishesPerHour } = PLATFORMS[platform];
  const common = { ...context, id, url, maxLagMs, maxLagBytes: maxLagKb << 10, publishesPerHour };
  if (backupUrl === undefined || backup === 'standby') return [new RtmpOutput({ ...common, backupUrl })];
  const timeline = new RtmpTimeline();
  const one = (more: Partial<RtmpOutputOptions>): RtmpOutput => new RtmpOutput({ ...common, timeline, ...more });
  return [one({}), one({ id: `${id}-backup`, url: backupUrl })];
}

function v4l2Output({ maxLagKb, ...config }: OutputConfigOf<'v4l2'>, context: OutputContext): Output {
  const { source, width, height, rate, ffmpegPath } = context;
  return new V4l2Output({ ...config, maxLagBytes: maxLagKb << 10, source, room: { width, height, rate }, ffmpegPath });
}
