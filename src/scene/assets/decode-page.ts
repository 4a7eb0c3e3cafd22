import { readFile, stat } from 'node:fs/promises';
import type { FormatEnum, Metadata } from 'sharp';
import { EngineError, isEngineError } from '../../core/errors.js';
import type { Raster, SharpLoader } from '../raster.js';
import { looksLikeSvg } from './load-picture.js';
import { assertSafeSvg } from './svg-safety.js';
import { svgTexts } from './svg-texts.js';

/** One page of a file (most have one), decoded and fitted. */
export interface DecodedPicture extends Raster {
  /** File pixels per pixel here; multiply boxes by it. */
  readonly scale: number;
  /** Counted from 1. */
  readonly page: number;
  /** Pages in the file. */
  readonly pages: number;
  /** Text elements of a drawing. */
  readonly texts: readonly string[];
}

const MAX_FILE_BYTES = 256 * 1024 * 1024;
const MAX_PIXELS = 268_000_000;
const DECODE_SECONDS = 30;
const FORMATS: ReadonlySet<string> = new Set<keyof FormatEnum>(['png', 'jpeg', 'webp', 'gif', 'svg', 'heif', 'tiff']);
/** A drawing has no size of its own: it is drawn at least this large, so its details are visible. */
const MIN_SVG_SIDE = 720;
const SVG_DPI = 72;

export interface PageRequest {
  readonly file: string;
  /** Counted from 0. */
  readonly page: number;
  /** Fitted into a square of this side, without enlarging. */
  readonly maxSide: number;
}

/**
 * One page of a file, upright and in sRGB. Call it only in a process that may be killed, like `decodePicture`.
 *
 * @throws EngineError E_ASSET_MISSING, E_ASSET_INVALID, E_ASSET_TOO_LARGE, E_ASSET_TOO_COMPLEX, E_SVG_UNSAFE
 */
export async function decodePage(
  load: SharpLoader,
  bytes: Uint8Array,
  { file, page, maxSide }: PageRequest,
): Promise<DecodedPicture> {
  const sharp = await load();
  const open = (density?: number) =>
    sharp(bytes, {
      limitInputPixels: MAX_PIXELS,
      failOn: 'error',
      page,
      pages: 1,
      ...(density === undefined ? {} : { density }),
    }).timeout({ seconds: DECODE_SECONDS });
  try {
    const isSvg = looksLikeSvg(bytes);
    if (isSvg) assertSafeSvg(bytes, file, { width: maxSide, height: maxSide });
    const meta = await open().metadata();
    if (!FORMATS.has(meta.format) || (meta.format === 'svg') !== isSvg) throw new Error(`the format ${meta.format}`);
    const texts = isSvg ? svgTexts(bytes) : [];
    const natural = naturalSize(meta);
    const grow = isSvg ? Math.max(1, MIN_SVG_SIDE / Math.max(natural.width, natural.height)) : 1;
    const shown = { width: natural.width * grow, height: natural.height * grow };
    const shrink = Math.min(1, maxSide / shown.width, maxSide / shown.height);
    const density = isSvg ? clamp(SVG_DPI * grow * shrink, 1, 2400) : undefined;
    const pages = Math.max(1, meta.pages ?? 1);
    const { data, info } = await open(density)
      .rotate()
      .resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true, kernel: 'lanczos3' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const rgba = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const { width, height } = info;
    return { rgba, width, height, scale: natural.width / width, page: page + 1, pages, texts };
  } catch (cause) {
    if (isEngineError(cause)) throw cause;
    const message = (cause as Error).message.split('\n')[0]!;
    const large = /pixel limit|exceeds/i.test(message);
    throw new EngineError(large ? 'E_ASSET_TOO_LARGE' : 'E_ASSET_INVALID', {
      where: file,
      expected: large ? `at most ${MAX_PIXELS / 1e6} megapixels` : 'an intact PNG, JPEG, WebP, GIF, SVG, AVIF or TIFF',
      found: large ? 'more' : message,
      cause,
    });
  }
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** Size as shown: one page, rotated by the camera's orientation tag. */
function naturalSize(meta: Metadata): { width: number; height: number } {
  const height = meta.pageHeight ?? meta.height;
  return (meta.orientation ?? 1) >= 5 ? { width: height, height: meta.width } : { width: meta.width, height };
}

/** Bytes of a file that may hold pictures. Throws E_ASSET_MISSING, E_ASSET_TOO_LARGE. */
export async function readPictureFile(file: string): Promise<Buffer> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new Error('not a regular file');
    if (found.size > MAX_FILE_BYTES) {
      const expected = `at most ${MAX_FILE_BYTES / 1024 / 1024} MB`;
      const todo = 'save it at the size it is shown';
      throw new EngineError('E_ASSET_TOO_LARGE', {
        where: file,
        expected,
        found: `${(found.size / 1024 / 1024).toFixed(0)} MB`,
        todo,
      });
    }
    return await readFile(file);
  } catch (cause) {
    if (isEngineError(cause)) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const found = code === 'ENOENT' ? 'no such file' : code === 'EACCES' ? 'no permission to read it' : message;
    throw new EngineError('E_ASSET_MISSING', { where: file, expected: 'a picture', found, cause });
  }
}
