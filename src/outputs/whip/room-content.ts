import { RateWindow } from '../supervised-output.js';
import { h264Codec, opusCodec } from '../webrtc/peer-connections.js';
import { MediaSender } from '../webrtc/media-sender.js';
import type { WhipContent } from './whip-session.js';
import type { Log } from '../../core/log.js';
import type { PacketSource } from '../../core/media/packets.js';
import type { PayloadCache } from '../webrtc/viewer-stream.js';

export interface WhipOutputOptions {
  readonly id: string;
  readonly url: string;
  readonly token?: string;
  readonly source: PacketSource;
  readonly cache: PayloadCache;
  readonly videoKbps: number;
  readonly maxLagMs: number;
  readonly maxLagBytes: number;
  readonly log: Log;
  /** Addresses to offer besides those of the machine's interfaces; loopback by default. */
  readonly hostAddresses?: readonly string[];
}

/**
 * The room's picture and sound. Delivered bytes are those the peer's receiver reports cover, picture only; receivers report about
 * once a second.
 */
export function roomContent(options: WhipOutputOptions): WhipContent {
  const { id, source, cache, videoKbps, maxLagMs, maxLagBytes, log } = options;
  const sps = source.h264()?.sps;
  const profile = sps === undefined ? undefined : Buffer.from(sps.subarray(1, 4)).toString('hex');
  return {
    codecs: { video: [h264Codec(profile)], audio: [opusCodec()] },
    open: ({ connection, track, onEnd }) => {
      const senders = { video: track('video'), audio: track('audio') };
      const about = { id, source, cache, videoKbps, maxLagMs, maxLagBytes, log };
      const media = new MediaSender({ ...about, connection, senders, onEnd });
      const rate = new RateWindow();
      return {
        start: () => media.start(),
        close: () => media.close(),
        progress: () => {
          rate.add(performance.now(), media.videoBytesSent);
          const { ms: lagMs, bytes: lagBytes } = media.stream.lag();
          return {
            accepted: true,
            bytesSent: media.videoBytesSent,
            bytesDelivered: media.videoBytesSeen,
            tolerance: Math.max(8 << 10, (rate.kbps ?? videoKbps) * 250),
            packetsDropped: media.packetsDropped,
            lagMs,
            lagBytes,
            estimateKbps: media.estimateKbps,
          };
        },
      };
    },
  };
}
