import type { FrameRate } from '../../core/time.js';
import type { DeviceFormat } from './video-devices.js';

export interface V4l2ArgsOptions {
  readonly rate: FrameRate;
  readonly format: DeviceFormat;
  /** Target device: `/dev/video10`. */
  readonly target: string;
  /** ffmpeg's muxer name; `v4l2` by default, another for tests that read the frames. */
  readonly muxer?: string;
}

const QUIET = ['-hide_banner', '-nostdin', '-y', '-loglevel', 'error', '-progress', 'pipe:1'];
/** The first packet describes the whole stream, so ffmpeg need not probe. */
const AT_ONCE = ['-fflags', 'nobuffer', '-flags', 'low_delay', '-probesize', '32768', '-analyzeduration', '0'];

/**
 * ffmpeg arguments: H.264 (Annex B on standard input) to raw frames in a device's format. The picture is letterboxed
 * into the device's size, whatever the room's size is or becomes. Progress goes to standard output.
 */
export function v4l2Args({ rate, format, target, muxer = 'v4l2' }: V4l2ArgsOptions): string[] {
  const { pixelFormat, width, height } = format;
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease`;
  const input = ['-threads', '1', '-f', 'h264', '-framerate', `${rate.num}/${rate.den}`, '-i', 'pipe:0', '-an'];
  const filter = ['-vf', `${fit},pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,setsar=1`, '-pix_fmt', pixelFormat];
  return [...QUIET, ...AT_ONCE, ...input, ...filter, '-c:v', 'rawvideo', '-f', muxer, target];
}
