import { EngineError } from '../../core/errors.js';
import type { Kernels } from '../../core/kernels.js';
import { yuvaSize } from '../../core/media/picture.js';
import { VISEMES } from '../../core/speech.js';
import type { MouthFeatures } from './film-data.js';
import { invalid, type FilmPack } from './film-manifest.js';

export interface MouthBank {
  /** Premultiplied YUVA pictures one after another. */
  readonly bank: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Pictures of one sheet take at most this many pixels. */
const MAX_SHEET_PIXELS = 80_000_000;

/** Cuts the sheet of mouths at the scale of the box. Throws E_PRESENTER_INVALID. */
export async function readMouthBank(pack: FilmPack, scale: number, kernels: Kernels): Promise<MouthBank> {
  const { track, picturesPath } = pack;
  const { rect, columns, references, mouths } = track;
  const count = mouths.length * references;
  const rows = Math.ceil(count / columns);
  const { default: sharp } = await import('sharp');
  try {
    const sheet = await sharp(picturesPath, { limitInputPixels: MAX_SHEET_PIXELS })
      .ensureAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width: sheetWidth, height: sheetHeight } = sheet.info;
    if (sheetWidth !== columns * rect.width || sheetHeight !== rows * rect.height) {
      const expected = `${columns * rect.width} × ${rows * rect.height} pixels`;
      throw invalid(picturesPath, expected, `${sheetWidth} × ${sheetHeight}`);
    }
    const width = 2 * Math.round((rect.width * scale) / 2);
    const height = 2 * Math.round((rect.height * scale) / 2);
    const bytes = yuvaSize(width, height);
    const bank = new Uint8Array(new SharedArrayBuffer(bytes * count));
    const tile = Buffer.alloc(rect.width * rect.height * 4);
    for (let i = 0; i < count; i += 1) {
      const left = (i % columns) * rect.width;
      const top = Math.floor(i / columns) * rect.height;
      for (let y = 0; y < rect.height; y += 1) {
        const from = ((top + y) * sheetWidth + left) * 4;
        sheet.data.copy(tile, y * rect.width * 4, from, from + rect.width * 4);
      }
      const raw = { width: rect.width, height: rect.height, channels: 4 } as const;
      const rgba =
        width === rect.width && height === rect.height
          ? tile
          : await sharp(tile, { raw }).resize(width, height, { fit: 'fill', kernel: 'lanczos3' }).raw().toBuffer();
      bank.set(kernels.rgbaToYuva(rgba, width, height, 0, 0).data, i * bytes);
    }
    return { bank, width, height };
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw invalid(picturesPath, 'a sheet of mouths that can be read', (cause as Error).message, cause);
  }
}

export function mouthFeatures({ mouths }: FilmPack['track']): MouthFeatures {
  return {
    viseme: Uint8Array.from(mouths, (m) => VISEMES.indexOf(m.viseme)),
    openness: Uint8Array.from(mouths, (m) => m.openness),
    spread: Float32Array.from(mouths, (m) => m.spread),
    next: Int16Array.from(mouths, (m) => (m.next < mouths.length ? m.next : -1)),
  };
}
