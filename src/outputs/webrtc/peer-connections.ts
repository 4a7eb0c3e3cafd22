/*
 * Problem: werift keeps a state for each stream number (SSRC) that a peer sends under, for as long as the connection lives,
 * and writes down each packet of a gap as lost: one jump of the packet numbers, or a late packet at their wrap, costs tens of milliseconds.
 * Rule: a connection with more streams than any sender has is ended, and a jump of the packet numbers is no loss.
 * Numbers: a sender has two streams and begins each anew a few times an hour; 150 packets are half a second of 1080p, and
 * older ones are not sent again.
 */
import { type RTCPeerConnection, type RTCRtpReceiver, type RtpPacket, RTCRtpCodecParameters } from 'werift';

/** DTLS 1.2 has six flights (RFC 6347, section 4.2.4): in the last one nothing is left to retransmit. */
const BEYOND_LAST_FLIGHT = 7;

/**
 * Stops the handshakes of a closed connection: werift retransmits an unanswered flight for 33 seconds even after close,
 * which keeps the process alive.
 */
export function endHandshakes(connection: RTCPeerConnection): void {
  for (const { dtls } of connection.dtlsTransports) {
    if (dtls !== undefined) dtls.dtls.flight = BEYOND_LAST_FLIGHT;
  }
}

const FEEDBACK = [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'goog-remb' }];

/** H.264 as the room packetizes it; `profile` is `profile-level-id`, constrained baseline 3.1 by default. */
export const h264Codec = (profile = '42e01f'): RTCRtpCodecParameters =>
  new RTCRtpCodecParameters({
    mimeType: 'video/H264',
    clockRate: 90_000,
    rtcpFeedback: FEEDBACK,
    parameters: `level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=${profile}`,
  });

export const opusCodec = (): RTCRtpCodecParameters =>
  new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2 });

const MAX_STREAMS = 64;
const MAX_GAP = 150;

/** Whether a peer has sent under more numbers than a sender needs; look now and then. */
export function sendsTooManyStreams({ dtlsTransports }: Pick<RTCPeerConnection, 'dtlsTransports'>): boolean {
  for (const { srtp } of dtlsTransports) {
    let streams = 0;
    for (const _ in srtp?.remoteContext?.srtpSSRCStates) if ((streams += 1) > MAX_STREAMS) return true;
  }
  return false;
}

/** Lets the receiver ask again for the packets of short gaps alone. */
export function limitLosses(receiver: RTCRtpReceiver): void {
  const nack = receiver['nack'];
  const add = nack.addPacket.bind(nack);
  let newest: number | undefined;
  nack.addPacket = (packet: RtpPacket) => {
    const { sequenceNumber } = packet.header;
    const step = (sequenceNumber - (newest ?? sequenceNumber)) & 0xffff;
    // A packet that was sent again, or is late.
    if (newest !== undefined && (step === 0 || step >= 0x10000 - MAX_GAP)) return nack.removeLost(sequenceNumber);
    newest = sequenceNumber;
    // A jump; or the wrap, of which werift knows nothing.
    if (step > MAX_GAP || sequenceNumber < nack['newEstSeqNum']) nack['newEstSeqNum'] = sequenceNumber;
    else add(packet);
  };
}
