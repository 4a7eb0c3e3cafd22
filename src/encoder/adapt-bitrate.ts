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
import type { Encoder } from '../config/sections/encoder.js';
import { EngineError } from '../core/errors.js';
import type { FrameRate } from '../core/time.js';

/** The picture receivers get: size in pixels, and the rate after frames are skipped. */
export interface PictureSent {
  readonly width: number;
  readonly height: number;
  readonly rate: FrameRate;
}

/**
 * The picture that these settings produce from a room of the given size and rate. Throws E_BAD_REQUEST when only one
 * side is given, when the size exceeds the room's, or when its aspect ratio differs (which would squeeze the
 * presenter).
 */
export function pictureSent(encoder: Encoder, width: number, height: number, rate: FrameRate): PictureSent {
  const step = encoder.frameStep ?? 1;
  const sent = {
    width: encoder.width ?? width,
    height: encoder.height ?? height,
    rate: step === 1 ? rate : { num: rate.num, den: rate.den * step },
  };
  const wrong = (expected: string): EngineError =>
    new EngineError('E_BAD_REQUEST', {
      where: 'encoder: width, height',
      expected,
      found: `${encoder.width ?? 'no width'} × ${encoder.height ?? 'no height'}`,
    });
  if ((encoder.width === undefined) !== (encoder.height === undefined)) throw wrong('both or neither');
  if (sent.width > width || sent.height > height) throw wrong(`at most the room's ${width} × ${height}`);
  // Even sides cannot hold every ratio exactly: two pixels of difference keep the aspect ratio.
  if (Math.abs(sent.width - (sent.height * width) / height) > 2)
    throw wrong(`the aspect ratio of ${width} × ${height}`);
  return sent;
}

/**
 * The quality ladder: CPU against picture quality at the same bitrate, from measurements (`scripts/bench/ladder.ts`,
 * docs/benchmarks.md).
 *
 * The gate delays every frame anyway, so the encoder may look ahead too: macroblock-tree rate control over five frames
 * buys more quality than the motion search of slower presets, for less CPU. B-frames stay off (output i is input i, so
 * the encoder never invents a timestamp), and one thread per room keeps the slices whole and the memory small.
 */
type LadderStep = 'economy' | 'balanced' | 'fine';

const DEFAULT_STEP: LadderStep = 'economy';

interface Step {
  readonly preset: string;
  readonly tune: readonly string[];
}

/** Steps of ffmpeg 5 and later. */
const STEPS: Readonly<Record<LadderStep, Step>> = {
  economy: { preset: 'ultrafast', tune: [] },
  balanced: { preset: 'ultrafast', tune: ['cabac=1', 'no-deblock=0', 'deblock=0,0'] },
  fine: { preset: 'veryfast', tune: ['me=dia', 'subme=1', 'ref=1'] },
};

/**
 * What other versions need for the same step. CABAC costs a current x264 5 % more for 8 % fewer bits; that of 2018, which comes
 * with the npm package, writes CAVLC so slowly that CABAC takes a fifth off its CPU (docs/benchmarks.md).
 */
const OLD_STEPS: Readonly<Record<LadderStep, Step>> = {
  ...STEPS,
  economy: { preset: 'ultrafast', tune: ['cabac=1'] },
};
/** The last major version with an x264 of that age. */
const LAST_OLD = 4;

/**
 * Constant quality of `capped-crf`: where VMAF equals x264 veryfast at 2.5 Mbit/s, at half its bits, since most of a room's picture
 * stands still (docs/benchmarks.md).
 */
const QUALITY_CRF = 15;

/**
 * Frames of rate-control look-ahead; they also add delay, and take 3 MB each at 720p. Ten took 13 % more CPU for the same SSIM and bits.
 */
export const LOOKAHEAD_FRAMES = 5;

/** Frames the encoder takes before its first packet. */
export const framesHeld = ({ latency, frameStep = 1 }: Encoder): number =>
  latency === 'low' ? 0 : LOOKAHEAD_FRAMES * frameStep;

/** GOP length in frames. */
export function gopFrames(encoder: Encoder, rate: FrameRate): number {
  const ms = encoder.keyframeIntervalMs ?? (encoder.latency === 'low' ? 1000 : 2000);
  return Math.max(1, Math.round((ms * rate.num) / (rate.den * 1000)));
}

/** The video part of ffmpeg's command line; works with ffmpeg of 2018 and of today. `major`: its release. */
export function x264Args(encoder: Encoder, rate: FrameRate, major: number): string[] {
  const step = (major <= LAST_OLD ? OLD_STEPS : STEPS)[encoder.quality ?? DEFAULT_STEP];
  const low = encoder.latency === 'low';
  const gop = gopFrames(encoder, rate);
  const kbps = encoder.videoKbps;
  const parameters = [
    'bframes=0',
    'scenecut=0',
    `keyint=${gop}`,
    `min-keyint=${gop}`,
    'threads=1',
    'lookahead-threads=1',
    'sliced-threads=0',
    'nal-hrd=none',
    'colorprim=bt709',
    'transfer=bt709',
    'colormatrix=bt709',
    'aq-mode=1',
    'weightp=0',
    ...step.tune,
    ...(low ? ['rc-lookahead=0', 'mbtree=0', 'sync-lookahead=0'] : [`rc-lookahead=${LOOKAHEAD_FRAMES}`, 'mbtree=1']),
    // Constrained baseline has neither CABAC nor the 8×8 transform.
    ...(low ? ['cabac=0', '8x8dct=0'] : []),
  ];
  const rateControl =
    encoder.rateControl === 'cbr'
      ? ['-b:v', `${kbps}k`, '-maxrate', `${kbps}k`, '-bufsize', `${low ? Math.round(kbps / 2) : kbps}k`]
      : ['-crf', String(QUALITY_CRF), '-maxrate', `${kbps}k`, '-bufsize', `${low ? kbps : kbps * 2}k`];
  const profile = low ? ['-tune', 'zerolatency', '-profile:v', 'baseline'] : [];
  const gopArgs = ['-g', String(gop), '-bf', '0', '-threads', '1', '-x264-params', parameters.join(':')];
  return ['-c:v', 'libx264', '-preset', step.preset, ...profile, ...rateControl, ...gopArgs];
}

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
