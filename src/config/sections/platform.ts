import { z } from 'zod';

/**
 * Limits of the platforms, from their public help pages where available: YouTube "Choose live encoder settings", Twitch
 * "Broadcasting guidelines", Facebook "Live video specifications". Taobao, Alibaba.com, Douyin and TikTok publish no
 * hard limits for partners; their figures are cautious readings of the advice in their streaming tools.
 */
export interface PlatformPreset {
  /** The platform transcodes badly, throttles or refuses above this video bitrate. */
  readonly maxVideoKbps: number;
  readonly maxAacKbps: number;
  /** Maximum time between two IDRs. */
  readonly maxGopMs: number;
  /**
   * Publishes per hour. The limit is low where each publish starts a new video or notifies followers again. A publish
   * beyond it waits and is never dropped.
   */
  readonly publishesPerHour: number;
  /** Whether the platform treats two simultaneous ingests with equal timestamps as one stream. */
  readonly redundantIngest: boolean;
}

export const PLATFORMS = {
  generic: { maxVideoKbps: 50_000, maxAacKbps: 320, maxGopMs: 10_000, publishesPerHour: 3600, redundantIngest: true },
  taobao: { maxVideoKbps: 4000, maxAacKbps: 128, maxGopMs: 4000, publishesPerHour: 30, redundantIngest: false },
  alibaba: { maxVideoKbps: 4000, maxAacKbps: 128, maxGopMs: 4000, publishesPerHour: 30, redundantIngest: false },
  douyin: { maxVideoKbps: 4000, maxAacKbps: 128, maxGopMs: 4000, publishesPerHour: 20, redundantIngest: false },
  tiktok: { maxVideoKbps: 6000, maxAacKbps: 160, maxGopMs: 4000, publishesPerHour: 20, redundantIngest: false },
  youtube: { maxVideoKbps: 8000, maxAacKbps: 128, maxGopMs: 4000, publishesPerHour: 60, redundantIngest: true },
  twitch: { maxVideoKbps: 6000, maxAacKbps: 160, maxGopMs: 2000, publishesPerHour: 60, redundantIngest: false },
  facebook: { maxVideoKbps: 4000, maxAacKbps: 128, maxGopMs: 4000, publishesPerHour: 20, redundantIngest: false },
} as const satisfies Record<string, PlatformPreset>;

export type Platform = keyof typeof PLATFORMS;

/** Platforms whose help pages ask for a constant bitrate. */
export const CONSTANT_RATE: ReadonlySet<Platform> = new Set(['youtube', 'twitch', 'facebook']);

export const platform = z
  .enum(Object.keys(PLATFORMS) as [Platform, ...Platform[]])
  .default('generic')
  .describe('Platform whose limits apply: bitrates, rate control, IDR distance, publishes per hour');
