import { createHash } from 'node:crypto';
import { rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { keepNewest, makeOwnFolder } from '../../core/files/own-folder.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import { i420Size, newBitmapId, type YuvaBitmap, yuvaSize } from '../../core/media/picture.js';
import { lightPicture, type SetLight } from '../../core/media/set-light.js';
import { spawnWorker } from '../../core/processes/spawn-worker.js';
import { VISEMES } from '../../core/speech.js';
import type { Box } from '../../core/verdict.js';
import { PackDrawer } from '../drawing/pack-drawer.js';
import type { PlacedBitmap, PresenterData } from '../presenter-data.js';
import type { FilmData, FilmJob, FilmJobReport, MouthFeatures } from './film-data.js';
import type { FilmFeeder } from './film-feeder.js';
import { FilmFile, type FilmShape } from './film-file.js';
import { type FilmPack, invalid, MAX_FILM_MEMORY_BYTES, readFilmPack } from './film-manifest.js';
import { PATCH_SPRITES } from './film-painter.js';
import { FILM_SLOTS, FilmRing, MAX_WANTS, newFilmControl } from './film-ring.js';
import { type FilmFit, fitFilm } from './fit-film.js';

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

interface StoreFilmOptions {
  readonly cacheDir: string;
  readonly ffmpegPath: string;
  readonly log: Log;
  readonly light: SetLight | undefined;
}

let made = 0;

/** The path of the raw film, decoded where it is not in the cache. Throws E_PRESENTER_INVALID. */
async function storeFilm(pack: FilmPack, fit: FilmFit, options: StoreFilmOptions): Promise<string> {
  const { cacheDir, ffmpegPath, log, light } = options;
  const { film } = pack.manifest;
  const bytes = (film.alpha ? yuvaSize(fit.width, fit.height) : i420Size(fit.width, fit.height)) * film.frames;
  if (bytes > MAX_STORE_BYTES)
    throw invalid(pack.filmPath, 'at most 3 GB of raw frames', `${bytes} bytes`, undefined, 'cut the film shorter');
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, pack.hash, fit, ...(light === undefined ? [] : [light])]))
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
      { ffmpegPath, args, path: draft, width, height, alpha: film.alpha, frames: film.frames, light },
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

interface MouthBank {
  /** Premultiplied YUVA pictures one after another. */
  readonly bank: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Tiles converted before other work of the main thread goes on. */
const TILES_AT_ONCE = 16;

/** Cuts the sheet of mouths at the scale of the box. Throws E_PRESENTER_INVALID. */
async function readMouthBank(
  pack: FilmPack,
  scale: number,
  kernels: Kernels,
  drawer: Pick<PackDrawer, 'mouths'>,
): Promise<MouthBank> {
  const { track, picturesPath, pictures } = pack;
  const { rect, columns, references, mouths } = track;
  const count = mouths.length * references;
  const width = 2 * Math.round((rect.width * scale) / 2);
  const height = 2 * Math.round((rect.height * scale) / 2);
  const bytes = yuvaSize(width, height);
  if (bytes * count > MAX_FILM_MEMORY_BYTES)
    throw invalid(
      picturesPath,
      `mouths of at most ${MAX_FILM_MEMORY_BYTES >> 20} MB in memory`,
      `${Math.ceil((bytes * count) / 1024 / 1024)} MB at ${width} × ${height}`,
      undefined,
      'make the presenter layer smaller, or the pack with fewer mouths',
    );
  const sheet = { columns, count, width: rect.width, height: rect.height, toWidth: width, toHeight: height };
  const rgba = await drawer.mouths(pictures, sheet, picturesPath);
  const bank = new Uint8Array(new SharedArrayBuffer(bytes * count));
  const tile = width * height * 4;
  for (let i = 0; i < count; i += 1) {
    bank.set(kernels.rgbaToYuva(rgba.subarray(i * tile, (i + 1) * tile), width, height, 0, 0).data, i * bytes);
    if (i % TILES_AT_ONCE === TILES_AT_ONCE - 1) await new Promise((done) => setImmediate(done));
  }
  return { bank, width, height };
}

function mouthFeatures({ mouths }: FilmPack['track']): MouthFeatures {
  return {
    viseme: Uint8Array.from(mouths, (m) => VISEMES.indexOf(m.viseme)),
    openness: Uint8Array.from(mouths, (m) => m.openness),
    spread: Float32Array.from(mouths, (m) => m.spread),
    next: Int16Array.from(mouths, (m) => (m.next < mouths.length ? m.next : -1)),
  };
}

/** A loop shorter than this repeats visibly. */
const MIN_LOOP_FRAMES = 12;

interface LoadFilmOptions {
  readonly box: Box;
  readonly kernels: Kernels;
  readonly log: Log;
  readonly cacheDir: string;
  readonly ffmpegPath: string;
  /** Reads the film ahead on air; without one, frames are read on demand. */
  readonly feeder?: FilmFeeder | undefined;
  /** Light of the set; a film with its own background keeps its own. */
  readonly light?: SetLight | undefined;
}

/** Reads a filmed pack and decodes its film at the scale of the box. Throws E_PRESENTER_INVALID. */
export async function loadFilm(dir: string, options: LoadFilmOptions): Promise<PresenterData> {
  const { box, kernels, log, cacheDir, ffmpegPath, feeder } = options;
  const pack = await readFilmPack(dir);
  const { manifest, track } = pack;
  const fit = fitFilm(manifest, box);
  const light = manifest.film.alpha && isLight(options.light) ? options.light : undefined;
  const path = await storeFilm(pack, fit, { cacheDir, ffmpegPath, log, light });
  const frameOf = (ms: number): number => Math.round((ms * manifest.film.rate.num) / (1000 * manifest.film.rate.den));
  const loopFrom = Math.min(manifest.film.frames - 2, frameOf(manifest.loop.fromMs));
  const scale = (fit.scaleX + fit.scaleY) / 2;
  const { bank, width: patchWidth, height: patchHeight } = await drawnMouths(pack, scale, kernels);
  const opaque = !manifest.film.alpha;
  const poses = posesIn(pack, fit, patchWidth, patchHeight);
  const patch = patchBounds(poses, patchWidth, patchHeight);
  if (light !== undefined) {
    const [a, tx] = [poses[loopFrom * 6]!, poses[loopFrom * 6 + 4]!];
    const bytes = yuvaSize(patchWidth, patchHeight);
    for (let at = 0; at < bank.length; at += bytes)
      lightPicture(
        bank.subarray(at, at + bytes),
        patchWidth,
        patchHeight,
        light,
        (x) => (a * (x + 0.5) + tx) / fit.width,
      );
  }
  const control = newFilmControl();
  const bytes = yuvaSize(fit.width, fit.height);
  const slots = Array.from({ length: FILM_SLOTS }, () => new SharedArrayBuffer(bytes));
  const loopTo = Math.min(manifest.film.frames, frameOf(manifest.loop.toMs));
  if (loopTo - loopFrom < MIN_LOOP_FRAMES)
    throw invalid(`${dir}: loop`, `at least ${MIN_LOOP_FRAMES} frames`, `${loopTo - loopFrom}`);

  const sprites: PlacedBitmap[] = [];
  const add = (bitmap: YuvaBitmap, x: number, y: number): void => {
    sprites.push({ id: newBitmapId(), x, y, bitmap });
  };
  const x = box.x + fit.x;
  const y = box.y + fit.y;
  const { width, height } = fit;
  add(
    {
      width,
      height,
      opaque,
      data: readFrame(path, loopFrom, { width, height, frames: manifest.film.frames, alpha: !opaque }),
    },
    x,
    y,
  );
  const firstSlot = sprites.length;
  for (const slot of slots) {
    const bitmap = { width, height, opaque, data: new Uint8Array(slot) };
    add(bitmap, x, y);
    add(bitmap, x, y);
  }
  const firstPatch = sprites.length;
  for (let i = 0; i < PATCH_SPRITES; i += 1) {
    const data = new Uint8Array(new SharedArrayBuffer(yuvaSize(patch.width, patch.height)));
    add({ ...patch, opaque: false, data }, x, y);
  }
  const memory = bytes * (FILM_SLOTS + 1) + bank.byteLength + PATCH_SPRITES * yuvaSize(patch.width, patch.height);
  if (memory > MAX_FILM_MEMORY_BYTES) {
    throw invalid(
      dir,
      `at most ${MAX_FILM_MEMORY_BYTES >> 20} MB in memory`,
      `${Math.ceil(memory / 1024 / 1024)} MB at ${width} × ${height}`,
      undefined,
      'make the presenter layer smaller, or the pack with fewer mouths',
    );
  }
  const [fx, fy, fw, fh] = manifest.face;
  const film: FilmData = {
    path,
    frames: manifest.film.frames,
    rate: manifest.film.rate,
    width,
    height,
    opaque,
    x,
    y,
    loopFrom,
    loopTo,
    gestures: manifest.gestures.map(({ name, fromMs, toMs }) => ({
      name,
      from: Math.min(manifest.film.frames - 1, frameOf(fromMs)),
      to: Math.min(manifest.film.frames, Math.max(frameOf(fromMs) + 1, frameOf(toMs))),
    })),
    control,
    slots,
    still: 0,
    firstSlot,
    firstPatch,
    poses,
    usable: Uint8Array.from(track.usable),
    blends: Uint16Array.from(track.blends),
    tones: Int8Array.from(track.tones),
    always: manifest.mouth.always,
    bank,
    patchWidth,
    patchHeight,
    references: track.references,
    mouths: mouthFeatures(track),
    isWarped: manifest.mouth.source === 'warp',
    face: {
      x: Math.round(x + fx * fit.scaleX - fit.cropX),
      y: Math.round(y + fy * fit.scaleY - fit.cropY),
      width: Math.round(fw * fit.scaleX),
      height: Math.round(fh * fit.scaleY),
    },
  };
  const ring = new FilmRing(control);
  for (let i = 0; i < MAX_WANTS; i += 1) ring.want(i, loopFrom + i);
  await feeder?.feed(film);
  const digest = createHash('sha256')
    .update(JSON.stringify([pack.hash, fit, box, ...(light === undefined ? [] : [light])]))
    .digest('hex')
    .slice(0, 40);
  return {
    name: manifest.name,
    ageYears: manifest.ageYears,
    box,
    sprites,
    sway: [],
    nod: [],
    bodyLower: -1,
    torso: { phases: 1, line: box.y, span: 1, band: 2 },
    shiftPx: 0,
    headShiftPx: 0,
    bodyUpper: [],
    idleRight: [],
    idleLeft: [],
    gestures: [],
    digest,
    bytes: memory,
    film,
  };
}

const isLight = (light: SetLight | undefined): boolean =>
  light !== undefined && (light.side !== 0 || light.u !== 0 || light.v !== 0);

async function drawnMouths(pack: FilmPack, scale: number, kernels: Kernels): Promise<MouthBank> {
  const drawer = new PackDrawer();
  try {
    return await readMouthBank(pack, scale, kernels, drawer);
  } finally {
    await drawer.close();
  }
}

/** Where no mouth is drawn. */
const UPRIGHT = [1, 0, 0, 1, 0, 0] as const;

/** Turned, scaled and sheared by little enough for the kernels' fixed point. */
const isPose = ([a, b, c, d]: readonly number[]): boolean =>
  a! > 0.6 && a! < 1.6 && d! > 0.6 && d! < 1.6 && Math.abs(b!) < 0.6 && Math.abs(c!) < 0.6 && a! * d! - b! * c! > 0.4;

/** From a mouth's picture (its own pixels) to the pixels of a stored frame. */
function posesIn({ track, trackPath }: FilmPack, fit: FilmFit, patchWidth: number, patchHeight: number): Float32Array {
  const { rect, poses, usable } = track;
  const out = new Float32Array(poses.length);
  const sx = rect.width / patchWidth;
  const sy = rect.height / patchHeight;
  for (let i = 0; i < poses.length; i += 6) {
    const own = poses.slice(i, i + 6) as [number, number, number, number, number, number];
    const isSane = isPose(own);
    if (!isSane && usable[i / 6] === 1)
      throw invalid(
        `${trackPath}: poses`,
        'a head that is upright, at about the same size in all frames',
        own.join(', '),
      );
    const [a, b, c, d, tx, ty] = isSane ? own : UPRIGHT;
    out[i] = a * sx * fit.scaleX;
    out[i + 1] = b * sy * fit.scaleX;
    out[i + 2] = c * sx * fit.scaleY;
    out[i + 3] = d * sy * fit.scaleY;
    out[i + 4] = (a * rect.left + b * rect.top + tx) * fit.scaleX - fit.cropX;
    out[i + 5] = (c * rect.left + d * rect.top + ty) * fit.scaleY - fit.cropY;
  }
  return out;
}

/** An even size that holds a mouth's picture in every pose. */
function patchBounds(poses: Float32Array, width: number, height: number): { width: number; height: number } {
  let [w, h] = [0, 0];
  for (let i = 0; i < poses.length; i += 6) {
    w = Math.max(w, Math.abs(poses[i]!) * width + Math.abs(poses[i + 1]!) * height);
    h = Math.max(h, Math.abs(poses[i + 2]!) * width + Math.abs(poses[i + 3]!) * height);
  }
  const even = (v: number): number => 2 * Math.ceil(Math.min(v, 4 * (width + height)) / 2) + 4;
  return { width: even(w), height: even(h) };
}

/** One frame of the raw film, always with its alpha plane. */
function readFrame(path: string, frame: number, shape: FilmShape): Uint8Array<SharedArrayBuffer> {
  const out = new Uint8Array(new SharedArrayBuffer(yuvaSize(shape.width, shape.height)));
  const file = FilmFile.open(path, shape);
  try {
    file.read(frame, out, false);
  } finally {
    file.close();
  }
  return out;
}
