import { EngineError } from '../../core/errors.js';
import type { MouthSheet } from './pack-messages.js';

/** Pictures of one sheet take at most this many pixels. */
const MAX_SHEET_PIXELS = 80_000_000;

const isPng = (bytes: Uint8Array): boolean => [0x89, 0x50, 0x4e, 0x47].every((byte, i) => bytes[i] === byte);
const isWebp = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'RIFF' &&
  Buffer.from(bytes.subarray(8, 12)).toString('latin1') === 'WEBP';

const invalid = (where: string, expected: string, found: string, cause?: unknown): EngineError =>
  new EngineError('E_PRESENTER_INVALID', {
    where,
    expected,
    found,
    cause,
    todo: 'make the pack again: engine presenter film',
  });

/**
 * The bytes decide the format, since a file's name proves nothing: an SVG in disguise would reach a drawing library.
 * Throws E_PRESENTER_INVALID.
 */
export function assertMouthFormat(bytes: Uint8Array, where: string): void {
  if (isPng(bytes) || isWebp(bytes)) return;
  throw invalid(where, 'a sheet of mouths as PNG or WebP', 'bytes of another format');
}

/** The pictures of a sheet, each at the wanted size. Throws E_PRESENTER_INVALID. */
export async function drawMouths(bytes: Uint8Array, sheet: MouthSheet, where: string): Promise<Uint8Array> {
  assertMouthFormat(bytes, where);
  const { default: sharp } = await import('sharp');
  const { columns, count, width, height, toWidth, toHeight } = sheet;
  const rows = Math.ceil(count / columns);
  try {
    const source = sharp(bytes, { limitInputPixels: MAX_SHEET_PIXELS });
    const found = await source.metadata();
    if (found.width !== columns * width || found.height !== rows * height)
      throw invalid(where, `${columns * width} × ${rows * height} pixels`, `${found.width} × ${found.height}`);
    const { data } = await source.ensureAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    const row = columns * width * 4;
    const tile = Buffer.alloc(width * height * 4);
    const out = new Uint8Array(toWidth * toHeight * 4 * count);
    for (let i = 0; i < count; i += 1) {
      const left = (i % columns) * width * 4;
      const top = Math.floor(i / columns) * height;
      for (let y = 0; y < height; y += 1) {
        const from = (top + y) * row + left;
        data.copy(tile, y * width * 4, from, from + width * 4);
      }
      const rgba =
        width === toWidth && height === toHeight
          ? tile
          : await sharp(tile, { raw: { width, height, channels: 4 } })
              .resize(toWidth, toHeight, { fit: 'fill', kernel: 'lanczos3' })
              .raw()
              .toBuffer();
      out.set(rgba, i * toWidth * toHeight * 4);
    }
    return out;
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw invalid(where, 'a sheet of mouths that can be read', (cause as Error).message, cause);
  }
}
