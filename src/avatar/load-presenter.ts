import { createHash } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EngineError } from '../core/errors.js';
import { cacheFolder, keepNewest, openOwnFile, writeOwnFile } from '../core/files/own-folder.js';
import { templatePath } from '../core/files/paths.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import { newBitmapId } from '../core/media/picture.js';
import type { SetLight } from '../core/media/set-light.js';
import type { Box } from '../core/verdict.js';
import { bytesOfFile } from '../native/map-file.js';
import { drawPoseBank } from './draw-pose-bank.js';
import { PackDrawer } from './drawing/pack-drawer.js';
import type { FilmFeeder } from './filmed/film-feeder.js';
import { loadFilm } from './filmed/load-film.js';
import { type Fit, headShift, type PoseBank } from './pose-svg.js';
import type { PlacedBitmap, PresenterData } from './presenter-data.js';
import {
  isFilmedPack,
  type PresenterLook,
  type PresenterManifest,
  type PresenterPack,
  readPresenterPack,
} from './presenter-pack.js';
import { rasterise } from './rasterise.js';

/**
 * A pose bank on disk: `SRBANK01`, length of the header (uint32 LE), SHA-256 of everything after it, header as JSON,
 * then the bitmaps' planes one after another. An incomplete file, or another user's, is ignored. About 40 MB each; the
 * twelve most recently used are kept.
 */
const MAGIC = Buffer.from('SRBANK01');
const PREFIX_BYTES = MAGIC.length + 4 + 32;
const ENDING = '.bank';
const KEPT = 12;

interface Header {
  readonly sprites: readonly (readonly [x: number, y: number, width: number, height: number, opaque: 0 | 1])[];
  readonly bank: Omit<PoseBank, 'sprites'>;
}

const fileOf = (dir: string, key: string): string => join(dir, `${key}${ENDING}`);

export async function readBank(dir: string, key: string, log: Log): Promise<PoseBank | undefined> {
  const path = fileOf(dir, key);
  const file = await openOwnFile(path); // missing or unreadable: drawn again
  if (file === undefined) return undefined;
  try {
    const bytes = await bytesOfFile(file);
    const prefix = Buffer.from(bytes.slice(0, PREFIX_BYTES));
    if (prefix.length < PREFIX_BYTES || !prefix.subarray(0, 8).equals(MAGIC)) throw new Error('not a pose bank');
    const body = bytes.subarray(PREFIX_BYTES);
    if (!createHash('sha256').update(body).digest().equals(prefix.subarray(12))) throw new Error('damaged');
    const headerBytes = prefix.readUInt32LE(8);
    const header = JSON.parse(Buffer.from(body.slice(0, headerBytes)).toString('utf8')) as Header;
    let offset = headerBytes;
    const sprites: PlacedBitmap[] = header.sprites.map(([x, y, width, height, opaque]) => {
      const length = (width * height * 11) / 4;
      const data = body.subarray(offset, offset + length);
      offset += length;
      return { id: newBitmapId(), x, y, bitmap: { width, height, opaque: opaque === 1, data } };
    });
    if (offset !== body.length) throw new Error('length does not fit its header');
    await utimes(path, new Date(), new Date()); // marks it as recently used
    return { ...header.bank, sprites };
  } catch (error) {
    log.warn(
      { file: path, reason: (error as Error).message },
      'the presenter cache is unusable; drawing the presenter again',
    );
    return undefined;
  } finally {
    await file.close();
  }
}

/** A full disk only costs the cache. */
export async function writeBank(dir: string, key: string, bank: PoseBank, log: Log): Promise<void> {
  const { sprites, ...rest } = bank;
  const header: Header = {
    sprites: sprites.map((s) => [s.x, s.y, s.bitmap.width, s.bitmap.height, s.bitmap.opaque ? 1 : 0]),
    bank: rest,
  };
  let text = JSON.stringify(header);
  text += ' '.repeat((4 - (Buffer.byteLength(text) % 4)) % 4);
  const headerBytes = Buffer.from(text);
  const hash = createHash('sha256').update(headerBytes);
  for (const s of sprites) hash.update(s.bitmap.data);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(headerBytes.length, 8);
  hash.digest().copy(prefix, 12);
  const path = fileOf(dir, key);
  try {
    await writeOwnFile(path, [prefix, headerBytes, ...sprites.map((sprite) => sprite.bitmap.data)]);
    await keepNewest(dir, ENDING, KEPT);
  } catch (error) {
    log.warn(
      { file: path, reason: (error as Error).message },
      'the presenter could not be cached; the next start draws it again',
    );
  }
}

export interface LoadPresenterOptions {
  /** The presenter layer's box in canvas pixels, all even. */
  readonly box: Box;
  readonly kernels: Kernels;
  readonly log: Log;
  /** Folder of drawn poses; default: this user's cache folder. */
  readonly cacheDir?: string;
  /** Another look of a presenter made from a spec. */
  readonly look?: PresenterLook;
  /** Share drawn, 0–1, while a presenter is drawn for the first time. */
  readonly onProgress?: (share: number) => void;
  /** Ends a first drawing. */
  readonly signal?: AbortSignal | undefined;
  /** Decodes the film of a filmed presenter. */
  readonly ffmpegPath?: (() => Promise<string>) | undefined;
  /** Reads that film ahead on air; without one, frames are read on demand. */
  readonly feeder?: FilmFeeder | undefined;
  /** Light of the set, for a person who was filmed elsewhere. */
  readonly light?: (() => Promise<SetLight | undefined>) | undefined;
}

/** Bump whenever the same pack would be drawn differently. */
const FORMAT = 7;

/**
 * Reads a presenter pack and draws (or reads from the cache) every pose at the scale of the box. The figure fills the
 * box's height unless that would cut its safe box at the sides, and stands on its bottom edge.
 *
 * Throws E_PRESENTER_INVALID (naming file and field) and E_SVG_UNSAFE.
 */
export async function loadPresenter(dir: string, options: LoadPresenterOptions): Promise<PresenterData> {
  const { box, kernels, log } = options;
  for (const key of ['x', 'y', 'width', 'height'] as const) {
    if (Number.isInteger(box[key]) && box[key] % 2 === 0 && box.width >= 32 && box.height >= 32) continue;
    throw new EngineError('E_PRESENTER_INVALID', {
      where: 'presenter box',
      expected: 'even numbers of pixels, at least 32 × 32',
      found: JSON.stringify(box),
    });
  }
  const startedMs = performance.now();
  const cacheDir = options.cacheDir ?? cacheFolder('presenters');
  if (await isFilmedPack(dir)) {
    if (options.ffmpegPath === undefined) throw noFfmpeg(dir);
    const ffmpegPath = await options.ffmpegPath();
    const light = await options.light?.();
    const data = await loadFilm(dir, { box, kernels, log, cacheDir, ffmpegPath, feeder: options.feeder, light });
    const { name: presenter, bytes, film } = data;
    const ms = Math.round(performance.now() - startedMs);
    log.info({ presenter, ms, mib: bytes >> 20, frames: film?.frames }, 'filmed presenter loaded');
    return data;
  }
  const pack = await readPresenterPack(dir, options.look);
  const fit = fitInto(pack.manifest, box);
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, pack.hash, box.width, box.height, fit]))
    .digest('hex')
    .slice(0, 40);
  let bank = await readBank(cacheDir, key, log);
  const cached = bank !== undefined;
  if (bank === undefined) {
    const tell = options.onProgress ?? progressLog(log, pack.manifest.name);
    const report = (share: number): void => {
      options.signal?.throwIfAborted();
      tell(share);
    };
    bank = await drawPack(dir, pack, fit, box, kernels, report);
    await writeBank(cacheDir, key, bank, log);
    // Rooms share the file's pages; this process's own copy can go.
    bank = (await readBank(cacheDir, key, log)) ?? bank;
  }
  const data = { ...place(bank, pack.manifest, box, fit.scale, key), isOurs: isOurs(dir, pack) };
  log.info(
    {
      presenter: data.name,
      cached,
      ms: Math.round(performance.now() - startedMs),
      sprites: data.sprites.length,
      mib: Math.round(data.bytes / 1024 / 1024),
      headSteps: data.sway.length,
    },
    'presenter loaded',
  );
  return data;
}

/** Drawn from parts that come with the engine. */
const isOurs = (dir: string, pack: PresenterPack): boolean =>
  pack.isSpec === true || dirname(resolve(dir)) === templatePath('presenters');

/** Our own drawings in this process, a stranger's in a limited one. */
async function drawPack(
  dir: string,
  pack: PresenterPack,
  fit: Fit,
  { width, height }: Box,
  kernels: Kernels,
  onProgress: (share: number) => void,
): Promise<PoseBank> {
  if (isOurs(dir, pack)) return drawPoseBank(pack, fit, { width, height }, kernels, { rasterise, onProgress });
  const drawer = new PackDrawer();
  try {
    return await drawPoseBank(pack, fit, { width, height }, kernels, { rasterise: drawer.rasterise, onProgress });
  } finally {
    await drawer.close();
  }
}

/** Says every fifth of the way how far the first drawing is. */
function progressLog(log: Log, presenter: string): (share: number) => void {
  let next = 0.2;
  return (share) => {
    if (share < next || share >= 1) return;
    log.info({ presenter, percent: Math.round(share * 100) }, 'drawing the presenter for the first time');
    next += 0.2;
  };
}
const noFfmpeg = (dir: string): EngineError =>
  new EngineError('E_PRESENTER_INVALID', { where: dir, expected: 'a drawn presenter here', found: 'a filmed one' });

/** Scale and place of a pack's drawing in a layer's box. */
export function fitInto(m: PresenterManifest, box: Box): Fit {
  const [viewX, viewY, viewWidth, viewHeight] = m.viewBox;
  const scale = Math.min(box.height / viewHeight, box.width / m.safeBox[2]);
  // Centre horizontally, align to the bottom.
  const middle = viewX + viewWidth / 2;
  return {
    scale,
    offsetX: box.width / 2 - middle * scale,
    offsetY: box.height - (viewY + viewHeight) * scale,
  };
}

function place(bank: PoseBank, m: PresenterManifest, box: Box, scale: number, digest: string): PresenterData {
  let bytes = 0;
  const sprites = bank.sprites.map((s) => {
    bytes += s.bitmap.data.byteLength;
    return { ...s, x: s.x + box.x, y: s.y + box.y };
  });
  const [shiftPx, headShiftPx] = [m.weight.shift * scale, headShift(m) * scale];
  const torso = { ...bank.torso, line: bank.torso.line + box.y };
  return { ...bank, name: m.name, ageYears: m.ageYears, box, sprites, bytes, torso, shiftPx, headShiftPx, digest };
}
