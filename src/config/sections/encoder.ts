import { z } from 'zod';

const side = z.int().min(64).max(3840).multipleOf(2, 'expected an even number of pixels');

/** All fields without defaults, so that a run-time change can name a few of them. */
const fields = {
  latency: z
    .enum(['normal', 'low'])
    .describe(
      '"normal" encodes with a short look-ahead and a 2 s GOP; "low" with zerolatency, constrained baseline and a 1 s GOP',
    ),
  videoKbps: z
    .int()
    .min(100)
    .max(20_000)
    .describe('Video bitrate in kbit/s: the maximum, or with "cbr" the constant rate'),
  minVideoKbps: z
    .int()
    .min(100)
    .max(20_000)
    .describe(
      'Minimum video bitrate under lasting congestion of the outputs; default 40 % of videoKbps. Equal to videoKbps keeps the bitrate fixed',
    ),
  quality: z
    .enum(['economy', 'balanced', 'fine'])
    .describe(
      'Step of the quality ladder: CPU against picture quality (docs/benchmarks.md has the figures); the default is chosen by measurement',
    ),
  rateControl: z
    .enum(['cbr', 'capped-crf'])
    .describe(
      '"capped-crf" keeps the quality and spends what the picture needs, at most videoKbps; "cbr" always spends videoKbps. Default "capped-crf", or "cbr" where the platform of an RTMP output asks for it (YouTube, Twitch, Facebook)',
    ),
  keyframeIntervalMs: z.int().min(500).max(10_000).describe('GOP length in ms; default 2000, or 1000 with low latency'),
  width: side.describe('Width sent, with `height`: the encoder scales the picture down to it; default the video’s'),
  height: side.describe('Height sent, with `width`'),
  frameStep: z
    .int()
    .min(1)
    .max(6)
    .describe('2 encodes every second frame (30 fps become 15), 3 every third; default 1'),
  aacKbps: z.int().min(32).max(320).describe('AAC bitrate in kbit/s (RTMP)'),
  opusKbps: z.int().min(16).max(320).describe('Opus bitrate in kbit/s (WebRTC)'),
};

export const encoder = z
  .strictObject({
    latency: fields.latency.default('normal'),
    videoKbps: fields.videoKbps.default(2500),
    minVideoKbps: fields.minVideoKbps.optional(),
    quality: fields.quality.optional(),
    rateControl: fields.rateControl.optional(),
    keyframeIntervalMs: fields.keyframeIntervalMs.optional(),
    width: fields.width.optional(),
    height: fields.height.optional(),
    frameStep: fields.frameStep.optional(),
    aacKbps: fields.aacKbps.default(128),
    opusKbps: fields.opusKbps.default(96),
  })
  .describe('Encoding of picture and sound');
export type Encoder = z.infer<typeof encoder>;

/** A change while the room is on air: named fields change, all others stay. */
export const encoderPatch = z.strictObject(fields).partial();
export type EncoderPatch = z.infer<typeof encoderPatch>;
