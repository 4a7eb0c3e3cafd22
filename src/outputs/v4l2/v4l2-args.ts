import type { FrameRate } from '../../core/time.js';
import type { DeviceFormat } from './video-devices.js';

export interface V4l2ArgsOptions {
  readonly rate: FrameRate;
  readonly format: DeviceFormat;
  /** Where frames go: `/dev/video10`. */
  readonly target: string;
  /** ffmpeg's name of how they are written; `v4l2` unless a test looks at the frames. */
  readonly muxer?: string;
}

const QUIET = ['-hide_banner', '-nostdin', '-y', '-loglevel', 'error', '-progress', 'pipe:1'];
/** Our stream says all it is in its first packet: nothing is to be waited for. */
const AT_ONCE = ['-fflags', 'nobuffer', '-flags', 'low_delay', '-probesize', '32768', '-analyzeduration', '0'];

/**
 * ffmpeg from our H.264 (Annex B on its standard input) to raw frames in a device's format. The picture is fitted
 * whole into the device's size, whatever size the room is or becomes. On standard output it tells its progress.
 */
export function v4l2Args({ rate, format, target, muxer = 'v4l2' }: V4l2ArgsOptions): string[] {
  const { pixelFormat, width, height } = format;
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease`;
  const input = ['-threads', '1', '-f', 'h264', '-framerate', `${rate.num}/${rate.den}`, '-i', 'pipe:0', '-an'];
  const filter = ['-vf', `${fit},pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,setsar=1`, '-pix_fmt', pixelFormat];
  return [...QUIET, ...AT_ONCE, ...input, ...filter, '-c:v', 'rawvideo', '-f', muxer, target];
}
