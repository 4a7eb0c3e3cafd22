import type { RTCRtpSender, RtpPacket } from 'werift';

/**
 * Retransmission on the stream's own SSRC (RFC 4585 NACK, no RTX), with the SRTP index the packet had.
 *
 * Problem: SRTP counts how often the 16-bit sequence number has wrapped (the rollover counter of RFC 3711, 3.3.1); both
 * ends must agree, or nothing is authentic any more. The stack guesses it from the last number it sent, whichever that
 * was: packet 0 sent again counts as another wrap, two packets from before a wrap undo it. From then on the far side
 * drops every picture, while sound and reports go on and the connection looks well. At 250 packets a second the number
 * wraps every four minutes.
 * Rule: the counter is set to that of the packet for the moment it is encrypted, and put back; the stack's own history,
 * from which it answers by itself, keeps nothing.
 */
export function sendAgain(sender: RTCRtpSender, { header, payload }: RtpPacket): Promise<unknown> {
  const state = sender.dtlsTransport.srtp.localContext.getSrtpSsrcState(header.ssrc);
  const { rolloverCounter, lastSequenceNumber } = state;
  // What is kept is a fraction of the numbers' circle, so a larger number is one from before the wrap.
  const its = header.sequenceNumber > lastSequenceNumber ? rolloverCounter - 1 : rolloverCounter;
  if (its < 0) return Promise.resolve();
  state.rolloverCounter = its;
  state.lastSequenceNumber = header.sequenceNumber;
  try {
    // Encrypted before the first thing it waits for.
    return sender.dtlsTransport.sendRtp(payload, header);
  } finally {
    state.rolloverCounter = rolloverCounter;
    state.lastSequenceNumber = lastSequenceNumber;
  }
}

/** Takes the stack's own history from it: packets are sent again by `sendAgain` alone. */
export function answerNoNacks(sender: RTCRtpSender): void {
  Object.defineProperty(sender, 'rtpCache', { value: new Proxy([], { set: () => true }) });
}
