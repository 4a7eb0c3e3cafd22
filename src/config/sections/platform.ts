import { z } from 'zod';

/**
 * What platforms take, from their public help pages where they have one: YouTube "Choose live encoder settings",
 * Twitch "Broadcasting guidelines", Facebook "Live video specifications". Taobao, Alibaba.com, Douyin and TikTok publish
 * no hard limits for partners; their figures are the recommendations of their streaming tools, taken low.
 */
export interface PlatformPreset {
  /** Video bitrate above which it transcodes badly, throttles or refuses. */
  readonly maxVideoKbps: number;
  readonly maxAacKbps: number;
  /** Longest time between two IDRs. */
  readonly maxGopMs: number;
  /**
   * How often a publish may be opened in an hour. Where each one begins a new video or pushes a new notice to followers,
   * few; what is over waits, and is never given up.
   */
  readonly publishesPerHour: number;
  /** Two ingests at once with the same timestamps are understood as one stream. */
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

export const platform = z
  .enum(Object.keys(PLATFORMS) as [Platform, ...Platform[]])
  .default('generic')
  .describe('Whose limits hold: bitrate and sound at most, IDR distance, publishes an hour');
