/**
 * Detects a wedged connection, which accepts bytes that nobody receives.
 *
 * Problem: a peer that stops reading, a vanished host and a proxy that keeps half a connection all look open.
 * Demands: detected within 5 s; an idle connection and a peer that acknowledges rarely are not mistaken for wedged.
 * Rule: wedged when the delivered bytes stand still while more is in flight than the peer may leave unacknowledged, or
 * while packets wait. The time runs from the last delivered byte, not from the first suspicion; it does not run while
 * nothing is sent and nothing waits.
 * Numbers: 3.5 s; read and reported every half second, so 4.5 s at most.
 */
export class WedgeDetector {
  private atMs = 0;
  private sent = 0;
  private delivered = 0;

  /** A connection begins to deliver. */
  begin(nowMs: number, bytesSent: number, bytesDelivered: number): void {
    this.atMs = nowMs;
    this.sent = bytesSent;
    this.delivered = bytesDelivered;
  }

  /** For how many ms overdue bytes have not moved; 0 on a healthy connection. */
  look(nowMs: number, sent: number, delivered: number, tolerance: number, lagMs: number): number {
    const suspicious = sent - delivered > tolerance || lagMs > WAITING_MS;
    if (delivered !== this.delivered || (!suspicious && sent === this.sent)) this.atMs = nowMs;
    this.sent = sent;
    this.delivered = delivered;
    const stillMs = nowMs - this.atMs;
    return suspicious && stillMs >= WEDGED_AFTER_MS ? stillMs : 0;
  }
}

const WAITING_MS = 1500;
const WEDGED_AFTER_MS = 3500;
