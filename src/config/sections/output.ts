import { z } from 'zod';
import { platform } from './platform.js';

const id = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/, 'expected letters, digits and dashes')
  .describe('Name, unique in the room');
const maxLagMs = z
  .int()
  .min(500)
  .max(30_000)
  .default(4000)
  .describe('Maximum lag; beyond it the output jumps to the newest IDR');
const maxLagKb = z
  .int()
  .min(256)
  .max(65_536)
  .default(16_384)
  .describe('The same limit in kilobytes (1024 bytes); the first one reached applies');
const required = (preset: boolean): z.ZodDefault<z.ZodBoolean> =>
  z
    .boolean()
    .default(preset)
    .describe('The room counts as on air without limits only while this output is live; its loss is a critical alarm');
const rtmpUrl = z.string().regex(/^rtmps?:\/\/\S+\/\S+/, 'expected rtmp://host/app/key or rtmps://…');

const rtmp = z
  .strictObject({
    id,
    kind: z.literal('rtmp').describe('RTMP or RTMPS push'),
    url: rtmpUrl.describe('Full address with key; ${NAME} is taken from the environment and never shown'),
    backupUrl: rtmpUrl.optional().describe('Second ingest of the same stream, with key'),
    backup: z
      .enum(['standby', 'together'])
      .default('standby')
      .describe('standby: used while the first fails; together: both at once, with the same timestamps'),
    platform,
    required: required(true),
    maxLagMs,
    maxLagKb,
  })
  .describe('RTMP(S) push');

const srt = z
  .strictObject({
    id,
    kind: z.literal('srt').describe('SRT push of MPEG-TS, as caller; requires an ffmpeg with libsrt'),
    url: z
      .string()
      .regex(/^srt:\/\/[^\s/?#]+:\d{1,5}(\/?\?\S*)?$/, 'expected srt://host:port?streamid=…')
      .describe('Address with streamid and passphrase in the query; ${NAME} is taken from the environment'),
    latencyMs: z.int().min(20).max(8000).default(300).describe('Time for which the receiver waits for lost packets'),
    required: required(true),
    maxLagMs,
    maxLagKb,
  })
  .describe('SRT push');

const whip = z
  .strictObject({
    id,
    kind: z.literal('whip').describe('WebRTC push (RFC 9725)'),
    url: z
      .string()
      .regex(/^https?:\/\/\S+/, 'expected https://host/…')
      .describe('Endpoint; ${NAME} is taken from the environment and never shown'),
    token: z.string().min(1).optional().describe('Bearer token; ${NAME} is taken from the environment'),
    required: required(true),
    maxLagMs: maxLagMs.default(1500),
    maxLagKb,
  })
  .describe('WHIP push');

const hls = z
  .strictObject({
    id,
    kind: z.literal('hls').describe('A live playlist at /hls/<id>/index.m3u8'),
    segments: z.int().min(3).max(20).default(6).describe('Segments in the playlist, of one or more GOPs each'),
    segmentMs: z.int().min(1000).max(10_000).default(2000).describe('Minimum length of a segment'),
    required: required(false),
  })
  .describe('HLS for browsers');

const recording = z
  .strictObject({
    id,
    kind: z.literal('recording').describe('Files on this machine, as fragmented MP4'),
    dir: z.string().min(1).describe('Folder; created when missing'),
    segmentMinutes: z.number().min(0.05).max(720).default(30).describe('Length of one file'),
    maxMb: z
      .int()
      .min(10)
      .optional()
      .describe('Maximum megabytes of the recordings of this output; the oldest are removed'),
    required: required(false),
  })
  .describe('Recording');

const v4l2 = z
  .strictObject({
    id,
    kind: z.literal('v4l2').describe('A camera of this machine: a v4l2loopback device (docs/camera.md)'),
    device: z
      .string()
      .regex(/^\/dev\/video\d{1,3}$/, 'expected /dev/video and a number')
      .describe('The device to write'),
    pixelFormat: z
      .enum(['yuv420p', 'yuyv422', 'uyvy422', 'nv12', 'rgb24', 'bgr24', 'bgr0'])
      .optional()
      .describe("Pixel format by ffmpeg's name; default: the device's current format"),
    width: z.int().min(2).max(8192).optional().describe("Width; default: the device's current one, or the room's"),
    height: z.int().min(2).max(8192).optional().describe('Height, likewise'),
    required: required(false),
    maxLagMs: maxLagMs.default(500),
    maxLagKb,
  })
  .describe('Camera device');

export const output = z.discriminatedUnion('kind', [rtmp, srt, whip, hls, recording, v4l2]).describe('One destination');
export type OutputConfig = z.infer<typeof output>;
export type OutputConfigOf<K extends OutputConfig['kind']> = Extract<OutputConfig, { kind: K }>;

/** Properties of an output or webhook that may hold a key: they take `${NAME}` and are never shown. */
export const SECRET_OUTPUT_KEYS = ['url', 'backupUrl', 'token', 'secret'] as const;
