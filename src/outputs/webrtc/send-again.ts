import type { RTCRtpSender, RtpPacket } from 'werift';

/**
 * Retransmission on the stream's own SSRC (RFC 4585 NACK, no RTX), with the packet's original SRTP index.
 *
 * Problem: SRTP counts the wraps of the 16-bit sequence number (the rollover counter of RFC 3711, 3.3.1); both ends
 * must agree, or authentication fails. The stack derives the counter from the last number it sent: retransmitting
 * packet 0 counts as another wrap, and two packets from before a wrap undo it. From then on the peer drops every
 * picture, while sound and reports continue and the connection looks healthy. At 250 packets a second the number wraps
 * every four minutes.
 * Rule: the counter is set to the packet's own while it is encrypted, and restored; the stack's retransmission history
 * stays empty.
 */
export function sendAgain(sender: RTCRtpSender, { header, payload }: RtpPacket): Promise<unknown> {
  const state = sender.dtlsTransport.srtp.localContext.getSrtpSsrcState(header.ssrc);
  const { rolloverCounter, lastSequenceNumber } = state;
  // The kept packets span a fraction of the number space, so a larger number is from before the wrap.
  const its = header.sequenceNumber > lastSequenceNumber ? rolloverCounter - 1 : rolloverCounter;
  if (its < 0) return Promise.resolve();
  state.rolloverCounter = its;
  state.lastSequenceNumber = header.sequenceNumber;
  try {
    // Encrypted before the first await inside.
    return sender.dtlsTransport.sendRtp(payload, header);
  } finally {
    state.rolloverCounter = rolloverCounter;
    state.lastSequenceNumber = lastSequenceNumber;
  }
}

/** Disables the stack's own history: only `sendAgain` retransmits. */
export function answerNoNacks(sender: RTCRtpSender): void {
  Object.defineProperty(sender, 'rtpCache', { value: new Proxy([], { set: () => true }) });
}
