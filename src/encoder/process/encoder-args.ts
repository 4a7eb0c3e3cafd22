import type { Encoder } from '../../config/sections/encoder.js';
import { SAMPLE_RATE_HZ, type FrameRate } from '../../core/time.js';
import type { FfmpegInfo } from './find-ffmpeg.js';
import { pictureSent, x264Args } from '../adapt-bitrate.js';

/**
 * Command lines, one process per elementary stream. Raw input comes on descriptor 0, packets leave on descriptor 1.
 *
 * Video and AAC travel in FLV: its tags carry exact lengths, so an access unit is complete the moment its last byte is
 * read (Annex B would have to wait for the next unit's start); the timestamps inside are ignored. Opus has no FLV form
 * and travels in Ogg, one packet per page.
 */

const QUIET = ['-hide_banner', '-nostats', '-nostdin', '-loglevel', 'error'];
/** No `-fflags nobuffer`: it drops the input read while probing, which shifts every later packet by one. */
const LIVE_INPUT = ['-probesize', '32', '-analyzeduration', '0'];
const FLV_OUT = ['-f', 'flv', '-flvflags', 'no_duration_filesize', '-flush_packets', '1', 'pipe:1'];

/** ffmpeg 5.1 renamed `-vsync`; newer versions no longer accept the old name. */
const passThrough = (ffmpeg: FfmpegInfo): string[] =>
  ffmpeg.major >= 6 ? ['-fps_mode', 'passthrough'] : ['-vsync', '0'];

export function videoArgs(
  ffmpeg: FfmpegInfo,
  encoder: Encoder,
  width: number,
  height: number,
  rate: FrameRate,
): string[] {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${width}x${height}`];
  const sent = pictureSent(encoder, width, height, rate);
  const scaled = sent.width !== width || sent.height !== height;
  const scale = scaled ? ['-vf', `scale=${sent.width}:${sent.height}:flags=bicubic`] : [];
  const pace = ['-framerate', `${sent.rate.num}/${sent.rate.den}`, '-i', 'pipe:0', '-map', '0:v', ...scale];
  const codec = x264Args(encoder, sent.rate, ffmpeg.major);
  return [...QUIET, ...LIVE_INPUT, ...input, ...pace, ...passThrough(ffmpeg), ...codec, ...FLV_OUT];
}

const pcmIn = (channels: number): string[] => {
  const form = ['-f', 'f32le', '-ar', String(SAMPLE_RATE_HZ), '-ac', String(channels)];
  return [...LIVE_INPUT, ...form, '-i', 'pipe:0', '-map', '0:a'];
};
const PCM_IN = pcmIn(2);
const OGG_OUT = ['-f', 'ogg', '-page_duration', '20000', '-flush_packets', '1', 'pipe:1'];

export function aacArgs(encoder: Encoder): string[] {
  return [
    ...QUIET,
    ...PCM_IN,
    '-c:a',
    'aac',
    '-aac_coder',
    'fast',
    '-b:a',
    `${encoder.aacKbps}k`,
    '-threads',
    '1',
    ...FLV_OUT,
  ];
}

export function opusArgs(encoder: Encoder): string[] {
  const codec = ['-c:a', 'libopus', '-b:a', `${encoder.opusKbps}k`, '-application', 'audio', '-frame_duration', '20'];
  return [...QUIET, ...PCM_IN, ...codec, '-compression_level', '5', ...OGG_OUT];
}

/** One voice, mono, for an engine that listens to it. */
export function speechOpusArgs(kbps: number): string[] {
  const codec = ['-c:a', 'libopus', '-b:a', `${kbps}k`, '-application', 'voip', '-frame_duration', '20'];
  return [...QUIET, ...pcmIn(1), ...codec, '-compression_level', '5', ...OGG_OUT];
}
