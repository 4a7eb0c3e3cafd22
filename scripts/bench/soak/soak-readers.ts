import type { PacketCursor, PacketSource } from '../../../src/core/media/packets.js';
import { ticks90k, type FrameRate } from '../../../src/core/time.js';
import type { PacketRing } from '../../../src/encoder/packet-ring.js';
import { FlvBodies, FlvMuxer, RtmpTimeline } from '../../../src/outputs/rtmp/flv-muxer.js';
import { FLV_HEADER, flvTag } from '../../../src/outputs/srt/srt-output.js';
import { PayloadCache, ViewerStream } from '../../../src/outputs/webrtc/viewer-stream.js';
import { SoakReceiver } from './soak-receiver.js';

export interface SoakReadersResult {
  readonly receiver: {
    video: number;
    audio: number;
    backwards: number;
    rollovers: number;
    gaps: number;
    worstOffsetMs: number;
  };
  readonly viewer: { units: number; lostUnits: number; dropped: number };
  readonly slowReader: { delivered: number; dropped: number; jumps: number };
}

const BOUNDS = { maxLagMs: 4000, maxLagBytes: 16 << 20 };

/** Readers of a soak's packets: an FLV receiver, a WebRTC viewer, and a slow reader. */
export class SoakReaders {
  private readonly receiver: SoakReceiver;
  private readonly muxer: FlvMuxer;
  private readonly flv: PacketCursor;
  private readonly slow: PacketCursor;
  private readonly viewer = { units: 0, lostUnits: 0, last: { video: -1, audio: -1 } };
  private readonly stream: ViewerStream;
  private readonly stop = new AbortController();
  private readonly streaming: Promise<void>;

  constructor(ring: PacketRing, rate: FrameRate) {
    const source: PacketSource = {
      open: (options) => ring.open(options),
      requestKeyFrame: () => undefined,
      h264: () => undefined,
      aac: () => ({ config: Uint8Array.of(0x11, 0x90), sampleRateHz: 48_000, channels: 2 }),
      acquire: async () => () => undefined,
    };
    this.receiver = new SoakReceiver(rate, 0);
    this.receiver.push(FLV_HEADER);
    const timeline = new RtmpTimeline();
    timeline.zeroFor(ticks90k(0));
    this.muxer = new FlvMuxer({
      source,
      bodies: new FlvBodies(),
      timeline,
      send: (kind, timestampMs, body) => this.receiver.push(flvTag(kind, timestampMs, body)),
    });
    this.flv = ring.open({ codecs: ['h264', 'aac'], from: 'next-key', ...BOUNDS });
    this.slow = ring.open({ codecs: ['h264', 'aac'], from: 'next-key', ...BOUNDS });
    this.stream = new ViewerStream({
      source,
      cache: new PayloadCache(),
      send: ({ kind, sequenceNumber }) => {
        const { viewer } = this;
        const last = viewer.last[kind];
        if (last >= 0) viewer.lostUnits += (sequenceNumber - last - 1) & 0xffff;
        viewer.last[kind] = sequenceNumber;
        viewer.units += 1;
      },
    });
    this.streaming = this.stream.run(this.stop.signal);
  }

  /** Reads everything available, for the FLV receiver. */
  take(): void {
    for (let packet = this.flv.take(); packet !== undefined; packet = this.flv.take()) this.muxer.write(packet);
  }

  takeSlowly(packets: number): void {
    for (let i = 0; i < packets; i += 1) this.slow.take();
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.streaming;
  }

  results(): SoakReadersResult {
    const { receiver, viewer, stream, slow } = this;
    return {
      receiver: {
        ...receiver.counts,
        backwards: receiver.backwards,
        rollovers: receiver.rollovers,
        gaps: receiver.gaps,
        worstOffsetMs: Math.round(receiver.worstOffsetMs * 100) / 100,
      },
      viewer: { units: viewer.units, lostUnits: viewer.lostUnits, dropped: stream.packetsDropped },
      slowReader: slow.stats(),
    };
  }
}
