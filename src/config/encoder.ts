import { z } from 'zod';

export const encoder = z
  .strictObject({
    latency: z
      .enum(['normal', 'low'])
      .default('normal')
      .describe(
        '"normal" encodes with a short look-ahead and a 2 s GOP; "low" with zerolatency, constrained baseline and a 1 s GOP',
      ),
    videoKbps: z.int().min(100).max(20_000).default(2500).describe('Video bitrate in kbit/s'),
    quality: z
      .enum(['economy', 'balanced', 'fine'])
      .optional()
      .describe(
        'Step of the quality ladder: CPU against picture quality (docs/benchmarks.md has the figures); default is chosen by measure',
      ),
    rateControl: z
      .enum(['cbr', 'capped-crf'])
      .default('cbr')
      .describe('"cbr" as platforms ask for; "capped-crf" spends less on still pictures where the platform allows it'),
    keyframeIntervalMs: z
      .int()
      .min(500)
      .max(10_000)
      .optional()
      .describe('GOP length in ms; default 2000, or 1000 with low latency'),
    aacKbps: z.int().min(32).max(320).default(128).describe('AAC bitrate in kbit/s (RTMP)'),
    opusKbps: z.int().min(16).max(320).default(96).describe('Opus bitrate in kbit/s (WebRTC)'),
  })
  .describe('How picture and sound are encoded');
export type Encoder = z.infer<typeof encoder>;
