import { accessSync, constants, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { runChild } from '../../core/processes/child-process.js';
import { EngineError } from '../../core/errors.js';

export interface FfmpegInfo {
  /** Absolute path of the program. */
  readonly path: string;
  /** Its version string: `7.1.5-0+deb13u1`, or `N-47683-g0e8eb07980` for a build between releases. */
  readonly version: string;
  /** Major release; 4 for builds between releases of 2018, as in the npm package. */
  readonly major: number;
  readonly source: 'env' | 'path' | 'package';
  readonly encoders: { readonly x264: boolean; readonly aac: boolean; readonly opus: boolean };
  /** The program that decodes files and streams of strangers: the newest one found, whatever it encodes. */
  readonly decoder: FfmpegDecoder;
}

interface FfmpegDecoder {
  readonly path: string;
  readonly version: string;
  readonly major: number;
}

export interface FindFfmpegOptions {
  /** Environment for ENGINE_FFMPEG and PATH; the process's own by default. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Listing its encoders takes 0.1 s; on a starved machine, half a minute. */
const RUN_TIMEOUT_MS = 60_000;

/** What a program must decode to be the one for strangers' files; some distributions leave H.264 and AAC out. */
const DECODERS = ['h264', 'hevc', 'vp9', 'aac', 'mp3', 'opus', 'vorbis', 'flac'];

type Probed = Omit<FfmpegInfo, 'decoder'>;

/**
 * The ffmpeg to encode with: `ENGINE_FFMPEG` if set (and no other then), otherwise the newest one on PATH that has the
 * encoders, otherwise the one of the npm package. A newer one on PATH without the encoders still decodes.
 *
 * @throws EngineError E_FFMPEG_MISSING when none works
 */
export async function findFfmpeg(options: FindFfmpegOptions = {}): Promise<FfmpegInfo> {
  const env = options.env ?? process.env;
  const named = env['ENGINE_FFMPEG'];
  if (named !== undefined && named !== '') {
    const info = await probe(named, 'env');
    if (info !== undefined && usable(info)) return { ...info, decoder: info };
    throw new EngineError('E_FFMPEG_MISSING', {
      where: 'ENGINE_FFMPEG',
      expected: 'the path of an ffmpeg with libx264, aac and libopus',
      found: info === undefined ? `"${named}", which does not run` : `"${named}" without ${missing(info)}`,
      todo: 'correct the variable, or unset it to use the ffmpeg on PATH or the packaged one',
    });
  }
  const tried = onPath(env['PATH'] ?? '');
  const found = (await Promise.all(tried.map((path) => probe(path, 'path')))).filter((info) => info !== undefined);
  let best = newest(found.filter(usable));
  const packaged = best === undefined ? packagedPath() : undefined;
  if (packaged !== undefined) {
    tried.push(packaged);
    const info = await probe(packaged, 'package');
    if (info !== undefined && usable(info)) best = info;
  }
  if (best !== undefined) return { ...best, decoder: await newestDecoder(best, found) };
  throw new EngineError('E_FFMPEG_MISSING', {
    where: 'ffmpeg',
    expected: 'a working ffmpeg with libx264, aac and libopus',
    found:
      tried.length === 0
        ? 'none on PATH and no packaged one'
        : `only ones without them, or that do not run within ${RUN_TIMEOUT_MS / 1000} s: ${tried.join(', ')}`,
    todo: 'install ffmpeg (Debian: apt install ffmpeg) or point ENGINE_FFMPEG at one',
  });
}

/**
 * Programs called ffmpeg on a PATH, in its order; a program with two names (/bin and /usr/bin) counts once. Runs
 * synchronously, so at a start the programs run while this thread has other work.
 */
function onPath(path: string): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, 'ffmpeg');
    try {
      accessSync(file, constants.X_OK);
      const real = realpathSync(file);
      if (seen.has(real)) continue;
      seen.add(real);
      found.push(file);
    } catch {
      continue; // not in this folder
    }
  }
  return found;
}

function packagedPath(): string | undefined {
  try {
    const found: unknown = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg');
    if (typeof found === 'object' && found !== null && 'path' in found && typeof found.path === 'string') {
      return found.path;
    }
    return undefined;
  } catch {
    // The package throws on platforms it has no binary for, which counts as missing.
    return undefined;
  }
}

const newest = (found: readonly Probed[]): Probed | undefined =>
  found.reduce<Probed | undefined>(
    (best, info) => (best === undefined || info.major > best.major ? info : best),
    undefined,
  );

/** The newest program that decodes what strangers send; `encoder` itself unless a newer one does. */
async function newestDecoder(encoder: Probed, found: readonly Probed[]): Promise<FfmpegDecoder> {
  const newer = found.filter(({ major }) => major > encoder.major).toSorted((a, b) => b.major - a.major);
  for (const info of newer) {
    const list = (await run(info.path, ['-decoders']))?.stdout ?? '';
    if (DECODERS.every((name) => listed(list, name))) return info;
  }
  return encoder;
}

const usable = (info: Probed): boolean => info.encoders.x264 && info.encoders.aac && info.encoders.opus;
const missing = (info: Probed): string =>
  [
    ['libx264', info.encoders.x264],
    ['aac', info.encoders.aac],
    ['libopus', info.encoders.opus],
  ]
    .filter(([, has]) => has === false)
    .map(([name]) => name)
    .join(', ');

async function probe(path: string, source: FfmpegInfo['source']): Promise<Probed | undefined> {
  // The list comes on standard output, version and libraries on standard error.
  const { stdout: list, stderr: banner } = (await run(path, ['-encoders'])) ?? { stdout: '', stderr: '' };
  const version = /^ffmpeg version (\S+)/m.exec(banner)?.[1];
  if (version === undefined) return undefined;
  return {
    path,
    version,
    major: Number(/^n?(\d+)\./.exec(version)?.[1] ?? libraryMajor(banner)),
    source,
    encoders: { x264: listed(list, 'libx264'), aac: listed(list, 'aac'), opus: listed(list, 'libopus') },
  };
}

/** Whether a list of coders has one of this name. */
const listed = (list: string, name: string): boolean => new RegExp(`^ [A-Z.]{6} ${name}\\s`, 'm').test(list);

/** Git builds have no release number, but libavutil's major gives the release line: 56 ↔ 4, 57 ↔ 5 and so on. */
function libraryMajor(banner: string): number {
  const avutil = /libavutil\s+(\d+)\./.exec(banner)?.[1];
  return avutil === undefined ? 4 : Math.max(1, Number(avutil) - 52);
}

function run(path: string, args: string[]): Promise<{ stdout: string; stderr: string } | undefined> {
  return new Promise((resolve) => {
    runChild(path, args, { timeout: RUN_TIMEOUT_MS, maxBuffer: 4 << 20 }, (error, stdout, stderr) => {
      resolve(error === null ? { stdout, stderr } : undefined);
    });
  });
}
