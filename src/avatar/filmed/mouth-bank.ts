import type { Kernels } from '../../core/kernels.js';
import { yuvaSize } from '../../core/media/picture.js';
import { VISEMES } from '../../core/speech.js';
import type { MouthFeatures } from './film-data.js';
import type { PackDrawer } from '../drawing/pack-drawer.js';
import { invalid, MAX_FILM_MEMORY_BYTES, type FilmPack } from './film-manifest.js';

export interface MouthBank {
  /** Premultiplied YUVA pictures one after another. */
  readonly bank: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Tiles converted before other work of the main thread goes on. */
const TILES_AT_ONCE = 16;

/** Cuts the sheet of mouths at the scale of the box. Throws E_PRESENTER_INVALID. */
export async function readMouthBank(
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

export function mouthFeatures({ mouths }: FilmPack['track']): MouthFeatures {
  return {
    viseme: Uint8Array.from(mouths, (m) => VISEMES.indexOf(m.viseme)),
    openness: Uint8Array.from(mouths, (m) => m.openness),
    spread: Float32Array.from(mouths, (m) => m.spread),
    next: Int16Array.from(mouths, (m) => (m.next < mouths.length ? m.next : -1)),
  };
}
