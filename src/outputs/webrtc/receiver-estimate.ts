/**
 * A WebRTC receiver's bandwidth estimate (REMB), and whether to act on it.
 *
 * Problem: the estimate follows the received rate, so a calm picture lowers it, and so does a briefly busy machine.
 * Demands: a narrow link is not flooded; a wide one is not throttled for a guess.
 * Rule: an estimate counts while it is fresh. It limits the rate only while the receiver also loses packets, as a
 * narrow link makes it; a few losses on a wide link are retransmitted, and dropping pictures would not help.
 * Numbers, from draft-ietf-rmcat-gcc-02, section 6: a loss above 10 % in a report starts the limit, 2 % keeps it. It
 * ends 15 s after the last such report. Fresh is 10 s. A report on few packets proves nothing: one lost packet of
 * eight, while the picture stood still, is 12 %, and at 2 % loss every seventh such report has it. Reports are combined
 * until they cover 100 packets or 3 s.
 */
const FRESH_MS = 10_000;
const LOSS_MS = 15_000;
/** Of 256, as in a receiver report (RFC 3550, 6.4.1). */
const BEGINS = 26;
const KEEPS_UP = 5;
const MIN_PACKETS = 100;
const LONGEST_MS = 3000;

export class ReceiverEstimate {
  private bitsPerSecond = 0;
  private saidMs = -Infinity;
  private lostMs = -Infinity;
  /** Reported since the last evaluation. */
  private packets = 0;
  private lostPackets = 0;
  private sinceMs = 0;

  said(nowMs: number, bitsPerSecond: number): void {
    this.bitsPerSecond = bitsPerSecond;
    this.saidMs = nowMs;
  }

  /**
   * @param fraction lost, of 256
   * @param packets covered by the report
   */
  lost(nowMs: number, fraction: number, packets: number): void {
    if (packets <= 0) return;
    if (this.packets === 0) this.sinceMs = nowMs;
    this.packets += packets;
    this.lostPackets += (packets * fraction) / 256;
    if (this.packets < MIN_PACKETS && nowMs - this.sinceMs < LONGEST_MS) return;
    this.weigh(nowMs, (this.lostPackets / this.packets) * 256);
    this.packets = 0;
    this.lostPackets = 0;
  }

  private weigh(nowMs: number, fraction: number): void {
    const limits = nowMs - this.lostMs < LOSS_MS;
    if (fraction >= (limits ? KEEPS_UP : BEGINS)) this.lostMs = nowMs;
  }

  /** Undefined without a fresh estimate. */
  kbps(nowMs: number): number | undefined {
    const fresh = nowMs - this.saidMs < FRESH_MS && this.bitsPerSecond > 0;
    return fresh ? Math.round(this.bitsPerSecond / 1000) : undefined;
  }

  /** The maximum send rate; undefined while everything arrives. */
  limitKbps(nowMs: number): number | undefined {
    return nowMs - this.lostMs < LOSS_MS ? this.kbps(nowMs) : undefined;
  }
}
