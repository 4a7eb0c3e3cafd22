import type { SharpLoader } from '../raster.js';
import { escapeXml } from './escape-xml.js';

/** The style of a run of text. `families` is a comma-separated list. */
export interface TextFace {
  readonly families: string;
  readonly sizePx: number;
  readonly bold: boolean;
}

export interface InkSize {
  readonly width: number;
  readonly height: number;
}

const CACHE_LIMIT = 4000;
const NOTHING: InkSize = { width: 0, height: 0 };
/**
 * Invisible characters: blanks, joiners, direction marks, an empty braille cell. The library cannot draw a text of only
 * these.
 */
const NO_INK = /^[\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]*$/u;
/** A letter in every face. */
const SURE_INK = 'x';

/** Measures text with Pango, as it will be drawn. Remembers recent answers. */
export class TextMeasure {
  private readonly cache = new Map<string, InkSize>();

  constructor(private readonly sharp: SharpLoader) {}

  /** Size in pixels of the ink of one line; {0, 0} for blank text. */
  async ink(text: string, face: TextFace): Promise<InkSize> {
    const line = text.trim();
    if (NO_INK.test(line)) return NOTHING;
    const key = `${face.sizePx}${face.bold ? 'b' : 'r'}${face.families}\u0000${line}`;
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    const size = await this.measure(line, face).catch(async (error: unknown) => {
      // A combining mark on its own has no ink.
      await this.measure(line + SURE_INK, face).catch(() => {
        throw error;
      });
      return NOTHING;
    });
    if (this.cache.size >= CACHE_LIMIT) this.cache.delete(this.cache.keys().next().value!);
    this.cache.set(key, size);
    return size;
  }

  private async measure(line: string, face: TextFace): Promise<InkSize> {
    const sharp = await this.sharp();
    const weight = face.bold ? 'bold' : 'normal';
    const { width, height } = await sharp({
      text: {
        text: `<span weight="${weight}">${escapeXml(line)}</span>`,
        font: `${face.families} ${face.sizePx}`,
        dpi: 72,
      },
    }).metadata();
    return { width, height };
  }
}
