import type { AvatarKey, ExternalAvatar } from '../../config/sections/presenter.js';

/*
 * Problem: the video is a stranger's, and ffmpeg reads hundreds of formats, some of which name other files and addresses.
 * Rule: one demuxer (FLV, which we write ourselves from packets), H.264 alone, from a pipe alone, with limits for pixels
 * and single allocations. No sound reaches it. The picture comes out as it is shown, fitted to the layer.
 */
const MAX_ALLOCATION_BYTES = 256 * 1024 * 1024;
const MAX_SOURCE_PIXELS = 2560 * 2560;

export interface DecoderOptions {
  readonly ffmpegPath: string;
  readonly ffmpegMajor: number;
  /** The layer's box. */
  readonly width: number;
  readonly height: number;
  readonly key: AvatarKey;
  readonly fit: ExternalAvatar['fit'];
  readonly matrix: ExternalAvatar['matrix'];
}

const words = (text: string): string[] => text.split(' ');

const COMMON = `-hide_banner -nostats -v error -max_alloc ${MAX_ALLOCATION_BYTES} -max_pixels ${MAX_SOURCE_PIXELS} -threads 1`;

/** Decodes the live source, which comes as FLV by stdin. */
export const liveArgs = (options: DecoderOptions): string[] => [
  ...words(COMMON),
  ...words('-flags low_delay -probesize 32 -analyzeduration 0'),
  ...words('-protocol_whitelist pipe -format_whitelist flv -codec_whitelist h264 -f flv -i pipe:0'),
  ...output(options),
];

/** Plays a clip of the room in a loop, at its own speed. */
export const idleArgs = (file: string, options: DecoderOptions): string[] => [
  ...words(COMMON),
  ...words('-nostdin -protocol_whitelist file -format_whitelist mov,matroska,webm'),
  ...words('-codec_whitelist h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,libaom-av1'),
  ...words('-re -stream_loop -1 -i'),
  `file:${file}`,
  ...output(options),
];

/** Frames leave as they come, without repeats; their numbers are their only timestamps. */
function output(options: DecoderOptions): string[] {
  const passthrough = options.ffmpegMajor >= 6 ? '-fps_mode' : '-vsync';
  const mode = options.ffmpegMajor >= 6 ? 'passthrough' : '0';
  const filters = [...fitFilters(options), 'format=yuv420p', 'setsar=1', 'settb=1/30', 'setpts=N'];
  return [
    ...words('-map 0:v:0 -an -sn -dn'),
    passthrough,
    mode,
    '-vf',
    filters.join(','),
    ...words('-f yuv4mpegpipe -flush_packets 1 pipe:1'),
  ];
}

/** Scales to the layer's box by even numbers; packed alpha keeps both of its halves. */
function fitFilters({ width, height, key, fit, matrix }: DecoderOptions): string[] {
  const across = key.kind === 'alpha-right' ? 2 : 1;
  const down = key.kind === 'alpha-below' ? 2 : 1;
  const w = `iw*sar/${across}`;
  const h = `ih/${down}`;
  const [choose, round] = fit === 'cover' ? ['max', 'ceil'] : ['min', 'trunc'];
  const even = (expression: string, times: number): string => `${2 * times}*max(1,${round}(${expression}/2))`;
  const colours = `flags=bicubic:in_color_matrix=${matrix}:out_color_matrix=bt709:out_range=tv`;
  const scale =
    `scale=w='${even(`${choose}(${width},${w}*${height}/(${h}))`, across)}'` +
    `:h='${even(`${choose}(${height},${h}*${width}/(${w}))`, down)}':${colours}`;
  return fit === 'cover' ? [scale, `crop=w=${width}:h=${height}`] : [scale];
}
