import type { Encoder } from './sections/encoder.js';
import type { OutputConfig } from './sections/output.js';
import { PLATFORMS } from './sections/platform.js';

export interface FittedEncoder {
  readonly encoder: Encoder;
  /** The settings that were lowered and for which output, in words. */
  readonly lowered: readonly string[];
}

/** All outputs share one encode, so the tightest limit among their platforms applies. */
export function fitEncoder(encoder: Encoder, outputs: readonly OutputConfig[]): FittedEncoder {
  const fitted = { ...encoder };
  const lowered: string[] = [];
  const lower = (key: 'videoKbps' | 'aacKbps' | 'keyframeIntervalMs', limit: number, whose: string): void => {
    const now = fitted[key];
    if (now === undefined || now <= limit) return;
    fitted[key] = limit;
    lowered.push(`encoder.${key}: ${now} is more than ${whose} takes; ${limit} is used`);
  };
  for (const output of outputs) {
    if (output.kind !== 'rtmp') continue;
    const preset = PLATFORMS[output.platform];
    const whose = `${output.platform} (output "${output.id}")`;
    lower('videoKbps', preset.maxVideoKbps, whose);
    lower('aacKbps', preset.maxAacKbps, whose);
    lower('keyframeIntervalMs', preset.maxGopMs, whose);
  }
  if (fitted.minVideoKbps !== undefined) fitted.minVideoKbps = Math.min(fitted.minVideoKbps, fitted.videoKbps);
  return { encoder: fitted, lowered };
}
