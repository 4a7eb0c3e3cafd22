import { createHash } from 'node:crypto';
import { rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../core/log.js';
import { keepNewest, makeOwnFolder } from '../../core/files/own-folder.js';
import { i420Size, yuvaSize } from '../../core/media/picture.js';
import { spawnWorker } from '../../core/processes/spawn-worker.js';
import { FilmFile, type FilmShape } from './film-file.js';
import { invalid, type FilmPack } from './film-manifest.js';
import type { FilmJob, FilmJobReport } from './film-messages.js';
import type { FilmFit } from './fit-film.js';

/*
 * The film of a presenter, decoded at the size of its box, so that the loop reads frames without decoding: one file in the
 * user's cache, of the form in film-file.ts. The three most recently used are kept. A frame of a cut-out person takes
 * 1.5 bytes a pixel of the part in which it moves, with the background 1.5 bytes a pixel of the layer.
 */
const ENDING = '.film';
const KEPT = 3;
/** Bump when the decoding changes. */
const FORMAT = 2;
const MAX_STORE_BYTES = 3 * 1024 ** 3;

export interface StoreFilmOptions {
  readonly cacheDir: string;
  readonly ffmpegPath: string;
  readonly log: Log;
}

let made = 0;

/** The path of the raw film, decoded where it is not in the cache. Throws E_PRESENTER_INVALID. */
export async function storeFilm(pack: FilmPack, fit: FilmFit, options: StoreFilmOptions): Promise<string> {
  const { cacheDir, ffmpegPath, log } = options;
  const { film } = pack.manifest;
  const bytes = (film.alpha ? yuvaSize(fit.width, fit.height) : i420Size(fit.width, fit.height)) * film.frames;
  if (bytes > MAX_STORE_BYTES)
    throw invalid(pack.filmPath, 'at most 3 GB of raw frames', `${bytes} bytes`, undefined, 'cut the film shorter');
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, pack.hash, fit]))
    .digest('hex')
    .slice(0, 40);
  const path = join(cacheDir, `${key}${ENDING}`);
  if (isWhole(path, { width: fit.width, height: fit.height, frames: film.frames, alpha: film.alpha })) {
    await utimes(path, new Date(), new Date()).catch(() => undefined); // marks it as recently used
    return path;
  }
  await makeOwnFolder(cacheDir);
  made += 1;
  const draft = `${path}.${process.pid}.${made}.tmp`;
  try {
    const { width, height } = fit;
    const args = decodeArgs(pack, fit);
    await run(
      { ffmpegPath, args, path: draft, width, height, alpha: film.alpha, frames: film.frames },
      pack.filmPath,
      log,
    );
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await keepNewest(cacheDir, ENDING, KEPT);
  return path;
}

function isWhole(path: string, shape: FilmShape): boolean {
  try {
    FilmFile.open(path, shape).close();
    return true;
  } catch {
    return false;
  }
}

/** One demuxer and one decoder: the film is a stranger's file. */
function decodeArgs({ manifest: { film }, filmPath }: FilmPack, fit: FilmFit): string[] {
  const { width: w, height: h } = film;
  const scale =
    `scale=w=${fit.scaledWidth}:h=${fit.scaledHeight}:flags=bicubic+accurate_rnd+bitexact:` +
    `in_color_matrix=bt709:out_color_matrix=bt709:out_range=tv,crop=${fit.width}:${fit.height}:${fit.cropX}:${fit.cropY}`;
  const graph = film.alpha
    ? `[0:v]split[a][b];[a]crop=${w}:${h}:0:0,${scale}[p];[b]crop=${w}:${h}:0:${h},${scale}[m];[p][m]vstack,format=yuv420p[o]`
    : `[0:v]${scale},format=yuv420p[o]`;
  return [
    ...'-v error -nostdin -protocol_whitelist file -format_whitelist mov -codec_whitelist h264 -threads 1'.split(' '),
    ...`-max_pixels ${2 * 1280 * 1280} -f mov -i`.split(' '),
    `file:${filmPath}`,
    '-filter_complex',
    graph,
    ...`-map [o] -an -sn -dn -vsync 0 -frames:v ${film.frames} -f rawvideo pipe:1`.split(' '),
  ];
}

function run(job: FilmJob, where: string, log: Log): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = spawnWorker(new URL('./store-film-thread.js', import.meta.url), import.meta.url, {
      name: 'film-decoder',
      workerData: job,
    });
    const expected = `a film of ${job.frames} frames that can be decoded`;
    worker.on('message', (message: FilmJobReport) => {
      if (message.type === 'progress') log.info({ where, done: message.frames, of: job.frames }, 'decoding the film');
      else if (message.type === 'done') resolve();
      else reject(invalid(where, expected, message.found));
    });
    worker.once('error', (cause) => reject(invalid(where, expected, cause.message, cause)));
    worker.once('exit', () => reject(invalid(where, expected, 'the decoder ended')));
  });
}
