/**
 * What a WebRTC receiver says it could take (REMB), and whether that is to be believed.
 *
 * Problem: a receiver's estimate follows what it gets, so that a calm picture makes it low, and a busy machine makes it
 * low for a moment. Demands: a narrow way is not flooded; a wide one is not thinned for a guess.
 * Rule: an estimate counts while it is fresh. It limits what is sent only where the receiver loses packets as well, as
 * a way that is too narrow makes it; a few lost on a wide way are sent again, and fewer pictures would help nobody.
 * Numbers, from draft-ietf-rmcat-gcc-02, section 6: more than 10 % lost in a report begins it, 2 % keep it up. It ends 15 s after
 * the last such report. Fresh is 10 s. A report on few packets says nothing by itself: one of eight lost, as the picture stood
 * still, is 12 %, and at 2 % on the way every seventh such report has it. Reports are put together until they speak of 100
 * packets, or of 3 s.
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
  /** Reported since the last that was weighed. */
  private packets = 0;
  private lostPackets = 0;
  private sinceMs = 0;

  said(nowMs: number, bitsPerSecond: number): void {
    this.bitsPerSecond = bitsPerSecond;
    this.saidMs = nowMs;
  }

  /**
   * @param fraction of 256
   * @param packets that the report speaks of
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

  /** Undefined where it says nothing, or has not for a while. */
  kbps(nowMs: number): number | undefined {
    const fresh = nowMs - this.saidMs < FRESH_MS && this.bitsPerSecond > 0;
    return fresh ? Math.round(this.bitsPerSecond / 1000) : undefined;
  }

  /** What may be sent at most; undefined while everything gets through. */
  limitKbps(nowMs: number): number | undefined {
    return nowMs - this.lostMs < LOSS_MS ? this.kbps(nowMs) : undefined;
  }
}
