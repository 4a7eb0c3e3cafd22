/*
 * Problem: werift keeps a state for each stream number (SSRC) that a peer sends under, for as long as the connection lives,
 * and writes down each packet of a gap as lost: one jump of the packet numbers, or a late packet at their wrap, costs tens of milliseconds.
 * Rule: a connection with more streams than any sender has is ended, and a jump of the packet numbers is no loss.
 * Numbers: a sender has two streams and begins each anew a few times an hour; 150 packets are half a second of 1080p, and
 * older ones are not sent again.
 */
import type { RTCPeerConnection, RTCRtpReceiver, RtpPacket } from 'werift';

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
