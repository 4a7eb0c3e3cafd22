import type { RTCPeerConnection } from 'werift';

/** DTLS 1.2 has six flights (RFC 6347, section 4.2.4): with this one begun nothing is left to repeat. */
const BEYOND_LAST_FLIGHT = 7;

/**
 * Ends handshakes that a closed connection would go on with: werift repeats an unanswered flight for 33 seconds, whether its
 * connection is closed or not, and keeps the process alive for that.
 */
export function endHandshakes(connection: RTCPeerConnection): void {
  for (const { dtls } of connection.dtlsTransports) {
    if (dtls !== undefined) dtls.dtls.flight = BEYOND_LAST_FLIGHT;
  }
}
