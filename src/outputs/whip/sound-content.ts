import { opusCodec } from '../webrtc/peer-connections.js';
import { SoundSender, type SoundFeed } from '../webrtc/media-sender.js';
import type { WhipContent } from './whip-session.js';

/** One Opus track. */
export function soundContent(feed: SoundFeed): WhipContent {
  return {
    codecs: { video: [], audio: [opusCodec()] },
    open: ({ track, onEnd }) => {
      const media = new SoundSender({ sender: track('audio'), feed, onEnd });
      return {
        start: () => media.start(),
        close: () => media.close(),
        progress: () => ({
          accepted: true,
          bytesSent: media.bytesSent,
          bytesDelivered: media.bytesSeen,
          tolerance: media.tolerance,
          packetsDropped: 0,
          lagMs: 0,
        }),
      };
    },
  };
}
