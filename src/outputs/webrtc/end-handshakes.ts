import type { RTCPeerConnection } from 'werift';

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
