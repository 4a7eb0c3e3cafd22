import type { RTCPeerConnection, RTCRtpCodecParameters, RTCRtpSender } from 'werift';
import type { OutputProgress } from '../output.js';

/** Media that flows over one connection. */
export interface WhipMedia {
  /** Called once the connection is up. */
  start(): void;
  progress(): OutputProgress;
  close(): void;
}

interface WhipLink {
  readonly connection: RTCPeerConnection;
  /** Adds a track of its kind; all tracks belong to one stream. */
  readonly track: (kind: 'video' | 'audio') => RTCRtpSender;
  /** The media are over. */
  readonly onEnd: (reason: string) => void;
}

/** The tracks of a session. */
export interface WhipContent {
  readonly codecs: { readonly video: RTCRtpCodecParameters[]; readonly audio: RTCRtpCodecParameters[] };
  open(link: WhipLink): WhipMedia;
}
