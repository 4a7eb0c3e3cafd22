/**
 * Finds a connection that takes bytes which nobody receives.
 *
 * Problem: a far side that stops reading, a host that vanished and a proxy that keeps half a connection all look open.
 * Demands: found within 5 s; an idle connection and a far side that acknowledges rarely are not mistaken for one.
 * Rule: delivered bytes stand still while more is under way than the far side may leave unacknowledged, or while packets
 * wait. The time runs from the last byte that was delivered, not from when that becomes suspicious; while nothing is
 * sent and nothing waits, it does not run.
 * Numbers: 3.5 s; read every half second, and reported as often, so 4.5 s at the most.
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

  /** For how many ms nothing has been taken although it should have been; 0 when all is well. */
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
