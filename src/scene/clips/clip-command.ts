import type { FrameRate } from '../../core/time.js';
import { MAX_CLIP_PIXELS, MAX_CLIP_SECONDS } from './clip-limits.js';
import type { ClipContainer } from './sniff-clip.js';

/*
 * Problem: a clip is an untrusted file, and ffmpeg reads hundreds of formats, some of which reference other files and
 * addresses.
 * Rule: one demuxer, chosen by the file's first bytes, with no guessing; the file protocol only; a list of video
 * decoders; limits for pixels, single allocations and length; no stdin, sound or subtitles.
 */
const DECODERS = 'h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,prores,mjpeg';
const MAX_ALLOCATION_BYTES = 256 * 1024 * 1024;

export interface ClipShape {
  /** Scaled size of the frame, even… */
  readonly scaleWidth: number;
  readonly scaleHeight: number;
  /** …and its centre that is shown, even. */
  readonly width: number;
  readonly height: number;
}

/** How to interpret a file's luma and chroma. */
export type ClipMatrix = 'bt709' | 'bt601' | 'smpte240m';

const words = (text: string): string[] => text.split(' ');

/** Arguments up to the file and its video stream. */
function input(file: string, container: ClipContainer): string[] {
  const bounds = `-max_alloc ${MAX_ALLOCATION_BYTES} -max_pixels ${MAX_CLIP_PIXELS}`;
  const lists = `-protocol_whitelist file -format_whitelist mov,matroska,webm -codec_whitelist ${DECODERS}`;
  const options = words(`-hide_banner -nostdin -nostats ${bounds} ${lists} -threads 1 -f ${container}`);
  return [...options, '-i', `file:${file}`, ...words('-map 0:V:0 -an -sn -dn')];
}

/** The first frame at its natural size with square pixels; the output header carries the size. */
export const probeArgs = (file: string, container: ClipContainer): string[] => [
  ...input(file, container),
  ...words('-frames:v 1 -vf scale=w=iw*sar:h=ih,setsar=1,format=yuv420p -f yuv4mpegpipe pipe:1'),
];

/** All frames at the room's rate, in the engine's colours (BT.709, limited). */
export function decodeArgs(
  file: string,
  container: ClipContainer,
  { scaleWidth, scaleHeight, width, height }: ClipShape,
  matrix: ClipMatrix,
  rate: FrameRate,
): string[] {
  const filters = [
    `fps=fps=${rate.num}/${rate.den}`,
    `scale=w=${scaleWidth}:h=${scaleHeight}:flags=lanczos+accurate_rnd+bitexact:` +
      `in_color_matrix=${matrix}:out_color_matrix=bt709:out_range=tv`,
    'format=yuv420p',
    `crop=w=${width}:h=${height}`,
    'setsar=1',
  ];
  // One second more than allowed, so a longer clip differs from one of exactly that length.
  const output = words(`-t ${MAX_CLIP_SECONDS + 1} -vf ${filters.join(',')} -f yuv4mpegpipe pipe:1`);
  return [...words('-v error'), ...input(file, container), ...output];
}
