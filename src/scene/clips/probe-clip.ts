import { runChild } from '../../core/processes/child-process.js';
import { EngineError } from '../../core/errors.js';
import { clipInvalid, clipTooLarge, MAX_CLIP_SECONDS } from './clip-limits.js';
import { probeArgs, type ClipMatrix } from './clip-command.js';
import type { ClipContainer } from './sniff-clip.js';

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
