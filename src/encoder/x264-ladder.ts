import type { Encoder } from '../config/sections/encoder.js';
import type { FrameRate } from '../core/time.js';

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
