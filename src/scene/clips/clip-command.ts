import type { FrameRate } from '../../core/time.js';
import { MAX_CLIP_PIXELS, MAX_CLIP_SECONDS } from './clip-limits.js';
import type { ClipContainer } from './sniff-clip.js';

/*
 * Problem: a clip is a stranger's file, and ffmpeg reads hundreds of formats, some of which name other files and
 * addresses. Rule: one reader, told by the file's first bytes, and none that would be guessed; the file itself and no
 * other protocol; a list of video decoders; bounds for pixels, single allocations and length; no keyboard, no sound,
 * no subtitles.
 */
const DECODERS = 'h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,prores,mjpeg';
const MAX_ALLOCATION_BYTES = 256 * 1024 * 1024;

export interface ClipShape {
  /** What the frame is scaled to, even… */
  readonly scaleWidth: number;
  readonly scaleHeight: number;
  /** …and the middle of it that is shown, even. */
  readonly width: number;
  readonly height: number;
}

/** How luma and chroma of a file are to be read. */
export type ClipMatrix = 'bt709' | 'bt601' | 'smpte240m';

const words = (text: string): string[] => text.split(' ');

/** Everything up to the file and the picture in it. */
function input(file: string, container: ClipContainer): string[] {
  const bounds = `-max_alloc ${MAX_ALLOCATION_BYTES} -max_pixels ${MAX_CLIP_PIXELS}`;
  const lists = `-protocol_whitelist file -format_whitelist mov,matroska,webm -codec_whitelist ${DECODERS}`;
  const options = words(`-hide_banner -nostdin -nostats ${bounds} ${lists} -threads 1 -f ${container}`);
  return [...options, '-i', `file:${file}`, ...words('-map 0:V:0 -an -sn -dn')];
}

/** The first frame at its natural size with square pixels; the size is in the header of what comes out. */
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
  // One second more than is allowed, so that a longer clip is told from one of just that length.
  const output = words(`-t ${MAX_CLIP_SECONDS + 1} -vf ${filters.join(',')} -f yuv4mpegpipe pipe:1`);
  return [...words('-v error'), ...input(file, container), ...output];
}
