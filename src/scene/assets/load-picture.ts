import { EngineError, isEngineError } from '../../core/errors.js';
import { assertDrawable, type Raster, type SharpLoader, Undrawable } from '../raster.js';
import { assetName, MAX_ASSET_PIXELS, tooLarge } from './read-asset.js';
import { assertSafeSvg } from './svg-safety.js';
import { svgTexts } from './svg-texts.js';

type Fit = 'cover' | 'contain' | 'fill';

export interface PictureRequest {
  /** Absolute path or data: URL. */
  src: string;
  /** Layer and field, for messages. */
  where: string;
  /** Box in pixels; a missing side follows from the other and the picture's aspect ratio. */
  width: number | undefined;
  height: number | undefined;
  /** Maximum size when the box leaves it open. */
  maxWidth: number;
  maxHeight: number;
  fit: Fit;
  radius: number;
}

export interface LoadedPicture {
  /** Size of the box. */
  readonly width: number;
  readonly height: number;
  /** The picture; smaller than the box when it is contained in it. */
  readonly raster: Raster;
  /** Position of the picture in the box. */
  readonly dx: number;
  readonly dy: number;
  /** True when every pixel of the box is opaque. */
  readonly covers: boolean;
  /** Text elements of a drawing. */
  readonly texts: readonly string[];
}

const FORMATS = new Set(['png', 'jpeg', 'webp', 'gif', 'svg', 'heif']);
const DECODE_SECONDS = 20;

/** Draws a picture by its request, in this process or another. */
export type DrawPicture = (request: PictureRequest) => Promise<LoadedPicture>;

/**
 * Checks, decodes and fits the bytes of one picture. The bytes are untrusted: call it only in a process that may be
 * killed. Throws E_ASSET_TOO_LARGE, _TOO_COMPLEX, _INVALID, E_SVG_UNSAFE.
 */
export async function decodePicture(
  load: SharpLoader,
  bytes: Uint8Array,
  request: PictureRequest,
): Promise<LoadedPicture> {
  const { src, where } = request;
  const place = `${where}: ${assetName(src)}`;
  const isSvg = looksLikeSvg(bytes);
  if (isSvg) assertSafeSvg(bytes, place, largestDrawn(request));
  const sharp = await load();
  try {
    const open = (density?: number) =>
      sharp(bytes, {
        limitInputPixels: MAX_ASSET_PIXELS,
        failOn: 'error',
        animated: false,
        ...(density === undefined ? {} : { density }),
      }).timeout({ seconds: DECODE_SECONDS });
    const meta = await open().metadata();
    if (!FORMATS.has(meta.format) || (meta.format === 'svg') !== isSvg) throw new Error(`format ${meta.format}`);
    if (meta.width * meta.height > MAX_ASSET_PIXELS) throw tooLarge(place, `${meta.width}×${meta.height} pixels`);
    const turned = (meta.orientation ?? 1) >= 5;
    const naturalW = turned ? meta.height : meta.width;
    const naturalH = turned ? meta.width : meta.height;
    const box = boxFor(request, naturalW, naturalH);
    assertDrawable(box.width, box.height);
    const grow = Math.max(box.width / naturalW, box.height / naturalH);
    // An SVG is drawn at its shown size; 72 dpi is one user unit per pixel.
    const density = isSvg ? Math.min(2400, Math.max(1, Math.ceil(72 * grow * 100) / 100)) : undefined;
    const { data, info } = await open(density)
      .rotate()
      .resize(box.width, box.height, {
        fit: request.fit === 'contain' ? 'inside' : request.fit,
        kernel: 'lanczos3',
      })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const rgba = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const raster: Raster = { rgba, width: info.width, height: info.height };
    if (request.radius > 0) roundCorners(raster, request.radius);
    return {
      ...box,
      raster,
      dx: (box.width - info.width) >> 1,
      dy: (box.height - info.height) >> 1,
      texts: isSvg ? svgTexts(bytes) : [],
      covers: info.width === box.width && info.height === box.height && isOpaque(rgba),
    };
  } catch (cause) {
    if (isEngineError(cause) || cause instanceof Undrawable) throw cause;
    const message = (cause as Error).message.split('\n')[0]!;
    if (/pixel limit/i.test(message)) throw tooLarge(place, 'more pixels');
    // librsvg reports this when cairo gets no memory for a surface.
    if (isSvg && /rendering failed/i.test(message)) {
      const todo = 'simplify the SVG: fewer groups with opacity, masks and filters';
      throw new EngineError('E_ASSET_TOO_COMPLEX', {
        where: place,
        expected: 'a drawing that gets by with the memory it may take',
        found: message,
        todo,
        cause,
      });
    }
    throw new EngineError('E_ASSET_INVALID', {
      where: place,
      expected: 'an intact PNG, JPEG, WebP, GIF, AVIF or SVG',
      found: message,
      todo: 'open it in an image editor and save it again',
      cause,
    });
  }
}

export function boxFor(request: PictureRequest, naturalW: number, naturalH: number): { width: number; height: number } {
  const { width, height } = request;
  const whole = (n: number): number => Math.max(1, Math.round(n));
  if (width !== undefined && height !== undefined) return { width: whole(width), height: whole(height) };
  if (width !== undefined) return { width: whole(width), height: whole((width * naturalH) / naturalW) };
  if (height !== undefined) return { width: whole((height * naturalW) / naturalH), height: whole(height) };
  const shrink = Math.min(1, request.maxWidth / naturalW, request.maxHeight / naturalH);
  return { width: whole(naturalW * shrink), height: whole(naturalH * shrink) };
}

/** The maximum box of the picture. */
const largestDrawn = ({ width, height, maxWidth, maxHeight }: PictureRequest): { width: number; height: number } => ({
  width: width ?? maxWidth,
  height: height ?? maxHeight,
});

export const looksLikeSvg = (bytes: Uint8Array): boolean =>
  /^(\ufeff|\s)*<(\?xml|svg|!--|!DOCTYPE)/i.test(Buffer.from(bytes.subarray(0, 256)).toString('utf8')) ||
  (bytes[0] === 0xff && bytes[1] === 0xfe && bytes[2] === 0x3c) ||
  (bytes[0] === 0xfe && bytes[1] === 0xff && bytes[3] === 0x3c);

function isOpaque(rgba: Uint8Array): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false;
  return true;
}

/** Cuts rounded corners into a raster, antialiased over one pixel. */
export function roundCorners({ rgba, width, height }: Raster, radius: number): void {
  const r = Math.min(radius, width / 2, height / 2);
  const reach = Math.ceil(r);
  for (let y = 0; y < reach; y += 1) {
    for (let x = 0; x < reach; x += 1) {
      const outside = Math.hypot(r - x - 0.5, r - y - 0.5) - r + 0.5;
      if (outside <= 0) continue;
      const keep = outside >= 1 ? 0 : 1 - outside;
      for (const [px, py] of [
        [x, y],
        [width - 1 - x, y],
        [x, height - 1 - y],
        [width - 1 - x, height - 1 - y],
      ] as const) {
        const at = (py * width + px) * 4 + 3;
        rgba[at] = Math.round(rgba[at]! * keep);
      }
    }
  }
}
