import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { EngineError } from '../../core/errors.js';
import { runChild } from '../../core/processes/child-process.js';
import type { FrameRate } from '../../core/time.js';
import { clipInvalid, clipTooLarge, MAX_CLIP_PIXELS, MAX_CLIP_SECONDS } from './clip-limits.js';

/** The demuxer for ffmpeg; it must not guess. */
export type ClipContainer = 'mov' | 'matroska';

const HEAD_BYTES = 64;
/** Brands of still pictures in MP4's container: AVIF and HEIC. */
const PICTURE_BRANDS = new Set(['avif', 'heic', 'heix', 'heim', 'heis', 'mif1', 'mif2', 'miaf']);
const OLD_MOV_BOXES = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);
/** Video in other containers; without this the picture reader would report a broken picture. */
const FOREIGN: readonly (readonly [name: string, test: (head: Buffer) => boolean])[] = [
  ['AVI', (h) => latin(h, 0, 4) === 'RIFF' && latin(h, 8, 12) === 'AVI '],
  ['FLV', (h) => latin(h, 0, 3) === 'FLV'],
  ['Ogg', (h) => latin(h, 0, 4) === 'OggS'],
  ['ASF or WMV', (h) => h.readUInt32BE(0) === 0x3026b275],
  ['MPEG', (h) => h.readUInt32BE(0) === 0x000001ba || h.readUInt32BE(0) === 0x000001b3],
  ['an HLS playlist', (h) => latin(h, 0, 7) === '#EXTM3U'],
  ['an ffmpeg list of files', (h) => /^ffconcat/i.test(latin(h, 0, 8))],
];
const CLIP_NAMES = new Set(['.mp4', '.m4v', '.mov', '.webm', '.mkv', '.avi', '.ts', '.flv', '.wmv', '.mpg', '.m3u8']);

const latin = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);

/**
 * A file's kind by its first bytes, whatever its name: a clip's container, or undefined for anything else, which the
 * picture reader then judges. Throws E_ASSET_INVALID for an unsupported video container, and for another file with a
 * clip's name.
 */
export async function sniffClip(src: string, place: string): Promise<ClipContainer | undefined> {
  if (src.startsWith('data:')) return undefined;
  const head = await headOf(src);
  if (head === undefined) return undefined;
  if (head.readUInt32BE(0) === 0x1a45dfa3) return 'matroska';
  const box = latin(head, 4, 8);
  if (box === 'ftyp' && !PICTURE_BRANDS.has(latin(head, 8, 12))) return 'mov';
  if (OLD_MOV_BOXES.has(box)) return 'mov';
  for (const [name, test] of FOREIGN) if (test(head)) throw clipInvalid(place, name);
  if (CLIP_NAMES.has(extname(src).toLowerCase()) && box !== 'ftyp') throw clipInvalid(place, 'a file of another kind');
  return undefined;
}

/** Undefined when the file cannot be read: the picture reader reports the reason. */
async function headOf(src: string): Promise<Buffer | undefined> {
  const file = await open(src, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const head = Buffer.alloc(HEAD_BYTES);
    await file.read(head, 0, HEAD_BYTES, 0);
    return head;
  } catch {
    return undefined; // the picture reader reports the reason
  } finally {
    await file.close();
  }
}

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
const probeArgs = (file: string, container: ClipContainer): string[] => [
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

export interface ProbedClip {
  /** As shown: rotated, with square pixels. */
  readonly width: number;
  readonly height: number;
  readonly matrix: ClipMatrix;
}

const PROBE_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
/** From this size on players treat untagged video as BT.709. */
const HD_WIDTH = 1280;
const HD_HEIGHT = 577;

/** Decodes the first frame. Throws E_ASSET_INVALID, E_ASSET_TOO_LARGE or E_FFMPEG_MISSING. */
export async function probeClip(
  ffmpegPath: string,
  file: string,
  container: ClipContainer,
  place: string,
  signal: AbortSignal,
): Promise<ProbedClip> {
  const { code, stdout, stderr } = await run(ffmpegPath, probeArgs(file, container), place, signal);
  const seconds = durationOf(stderr);
  if (seconds !== undefined && seconds > MAX_CLIP_SECONDS + 0.5) {
    throw clipTooLarge(place, `${seconds.toFixed(1)} s`);
  }
  // The file's own words follow a name and a colon, never at the start of a line.
  const streams = stderr.match(/^ *Stream #0:\d+[^\n]*: Video: [^\n]*/gm) ?? [];
  const stream = streams.find((line) => !line.includes('attached pic'));
  const head = stdout.toString('latin1', 0, 200).split('\n')[0]!;
  const size = /^YUV4MPEG2 W(\d+) H(\d+) /.exec(head);
  if (code !== 0 || size === null) {
    if (/max_pixels|picture size \d+x\d+ is invalid|exceeds specified max pixel/i.test(stderr)) {
      throw clipTooLarge(place, 'more pixels');
    }
    const none = stream === undefined || /Stream map .* matches no streams/.test(stderr);
    throw clipInvalid(place, none ? noVideo(stderr) : lastLine(stderr));
  }
  if (/bt2020|smpte2084|arib-std-b67/.test(stream ?? '')) {
    throw clipInvalid(place, 'high dynamic range, which this picture cannot show (save it as SDR, BT.709)');
  }
  const [width, height] = [Number(size[1]), Number(size[2])];
  return { width, height, matrix: matrixOf(stream ?? '', width, height) };
}

function matrixOf(stream: string, width: number, height: number): ClipMatrix {
  if (stream.includes('smpte240m')) return 'smpte240m';
  if (stream.includes('bt709')) return 'bt709';
  if (/smpte170m|bt470bg|fcc/.test(stream)) return 'bt601';
  return Math.max(width, height) >= HD_WIDTH || Math.min(width, height) >= HD_HEIGHT ? 'bt709' : 'bt601';
}

function durationOf(stderr: string): number | undefined {
  const found = /^\s*Duration: (\d+):(\d+):(\d+(?:\.\d+)?)/m.exec(stderr);
  return found === null ? undefined : Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3]);
}

const noVideo = (stderr: string): string => (/: Audio: /.test(stderr) ? 'no picture, only sound' : lastLine(stderr));

/** ffmpeg's last message, without the file's path. */
export const lastLine = (stderr: string): string => {
  const lines = stderr.trim().split('\n');
  const last = lines.findLast((line) => !/^\s*(Last message repeated|Conversion failed|\[out#)/.test(line)) ?? '';
  const plain = last.replace(/file:\/[^\n]*\//g, '').replace(/^(Error opening input( file)?s?|[^:]+\.\w+): /, '');
  return plain.slice(0, 160) || 'nothing that can be decoded';
};

function run(
  ffmpegPath: string,
  args: string[],
  place: string,
  signal: AbortSignal,
): Promise<{ code: number; stdout: Buffer; stderr: string }> {
  return new Promise((resolve, reject) => {
    const options = { timeout: PROBE_TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES } as const;
    runChild(ffmpegPath, args, { ...options, encoding: 'buffer', signal }, (error, stdout, stderr) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const errno = (error as NodeJS.ErrnoException | null)?.code;
      if (errno === 'ENOENT' || errno === 'EACCES') return reject(noFfmpeg(place, errno));
      if (error?.killed === true) return reject(clipInvalid(place, `no first frame in ${PROBE_TIMEOUT_MS / 1000} s`));
      resolve({ code: error === null ? 0 : 1, stdout, stderr: stderr.toString('utf8') });
    });
  });
}

const noFfmpeg = (place: string, found: string): EngineError =>
  new EngineError('E_FFMPEG_MISSING', {
    where: place,
    expected: 'ffmpeg, to decode it',
    found,
    todo: 'set ENGINE_FFMPEG',
  });
