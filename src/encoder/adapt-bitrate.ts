/**
 * Decides when the video bitrate goes down and up again.
 *
 * Problem: an uplink carries less than the room sends; outputs then jump from IDR to IDR, and viewers see a slide show
 * instead of a coarser picture.
 * Demands that conflict: react before viewers leave; do not follow every hiccup, as each change is a new encoder
 * generation; do not swing between two rates for hours; one bad destination must not coarsen the picture of the others.
 * Rule: an output is congested in a sample when its queue is long, it dropped packets since the last sample, or its
 * peer's estimate is below the rate in force or the rate actually sent, whichever is less. The room is congested when
 * at least half of the connected outputs are: the uplink, or the only platform, is the bottleneck. A smaller share is
 * those outputs' own problem, and they keep jumping. Congestion in most samples of a window lowers the rate by a step.
 * A calm period raises it by a smaller step. A raise that brings congestion back doubles the wait for the next one.
 * Outputs that are not connected say nothing about bandwidth.
 * Numbers: a sample a second; 800 ms of queue; an estimate below 0.85 of the rate; 6 of 8 samples; ×0.7 down, at most
 * every 10 s; ×1.25 up after 60 s of calm, up to 16 min of it after failed raises; a raise fails within 90 s.
 */

/** One output in one sample. */
export interface OutputLoad {
  readonly id: string;
  /** It is connected and delivers, well or badly. */
  readonly connected: boolean;
  readonly queueMs: number;
  /** Since the room's start. */
  readonly packetsDropped: number;
  /** The peer's bandwidth estimate (REMB), where it reports one. */
  readonly estimateKbps?: number;
  /** The rate actually sent: a calm picture takes less than the rate in force, and estimates follow it. */
  readonly sentKbps?: number;
}

const LONG_QUEUE_MS = 800;
/** Estimates fluctuate around the rate that is sent. */
const LOW_ESTIMATE = 0.85;
const WINDOW = 8;
const CONGESTED_LOOKS = 6;
const DOWN = 0.7;
const UP = 1.25;
const HOLD_MS = 10_000;
const CALM_MS = 60_000;
const LONGEST_CALM_MS = 16 * 60_000;
const RAISE_FAILED_MS = 90_000;
/** Rates are rounded to this, so the last step up arrives at the wanted rate. */
const GRAIN_KBPS = 10;

export class BitrateAdapter {
  private kbps: number;
  private readonly looks: boolean[] = [];
  private readonly dropped = new Map<string, number>();
  private changedMs = -Infinity;
  private raisedMs = -Infinity;
  private calmSinceMs = -1;
  private calmNeededMs = CALM_MS;

  constructor(
    private wantedKbps: number,
    private minKbps: number,
  ) {
    this.kbps = wantedKbps;
  }

  /** Rate in force. */
  get current(): number {
    return this.kbps;
  }

  get wanted(): number {
    return this.wantedKbps;
  }

  /** The operator sets another rate: it applies at once, and everything learnt about the old one is forgotten. */
  want(wantedKbps: number, minKbps: number): void {
    this.wantedKbps = wantedKbps;
    this.minKbps = minKbps;
    this.kbps = wantedKbps;
    this.looks.length = 0;
    this.changedMs = -Infinity;
    this.raisedMs = -Infinity;
    this.calmSinceMs = -1;
    this.calmNeededMs = CALM_MS;
  }

  /** Call once a second; returns the new rate when it should change. */
  look(nowMs: number, outputs: readonly OutputLoad[]): number | undefined {
    const congested = this.congested(outputs);
    this.looks.push(congested);
    if (this.looks.length > WINDOW) this.looks.shift();
    if (congested) this.calmSinceMs = -1;
    else if (this.calmSinceMs < 0) this.calmSinceMs = nowMs;
    if (nowMs - this.changedMs < HOLD_MS) return undefined;
    if (this.looks.filter(Boolean).length >= CONGESTED_LOOKS) return this.lower(nowMs);
    if (this.calmSinceMs >= 0 && nowMs - this.calmSinceMs >= this.calmNeededMs) return this.raise(nowMs);
    return undefined;
  }

  private lower(nowMs: number): number | undefined {
    const next = Math.max(this.minKbps, grain(this.kbps * DOWN));
    if (next >= this.kbps) return undefined;
    if (nowMs - this.raisedMs < RAISE_FAILED_MS) this.calmNeededMs = Math.min(LONGEST_CALM_MS, this.calmNeededMs * 2);
    this.changeTo(next, nowMs);
    return next;
  }

  private raise(nowMs: number): number | undefined {
    if (this.kbps >= this.wantedKbps) {
      // After an equally long calm at the wanted rate, an old failure no longer counts.
      this.calmNeededMs = CALM_MS;
      this.calmSinceMs = nowMs;
      return undefined;
    }
    const next = Math.min(this.wantedKbps, grain(this.kbps * UP));
    this.raisedMs = nowMs;
    this.changeTo(next, nowMs);
    return next;
  }

  private changeTo(kbps: number, nowMs: number): void {
    this.kbps = kbps;
    this.changedMs = nowMs;
    this.calmSinceMs = -1;
    this.looks.length = 0;
  }

  private congested(outputs: readonly OutputLoad[]): boolean {
    const present = new Set(outputs.map(({ id }) => id));
    for (const id of this.dropped.keys()) if (!present.has(id)) this.dropped.delete(id);
    let connected = 0;
    let congested = 0;
    for (const { id, connected: up, queueMs, packetsDropped, ...said } of outputs) {
      const { estimateKbps = Infinity, sentKbps = Infinity } = said;
      const before = this.dropped.get(id) ?? packetsDropped;
      this.dropped.set(id, packetsDropped);
      if (!up) continue;
      connected += 1;
      const narrow = estimateKbps < Math.min(this.kbps, sentKbps) * LOW_ESTIMATE;
      if (queueMs > LONG_QUEUE_MS || packetsDropped > before || narrow) congested += 1;
    }
    return connected > 0 && congested * 2 >= connected;
  }
}

const grain = (kbps: number): number => Math.round(kbps / GRAIN_KBPS) * GRAIN_KBPS;
