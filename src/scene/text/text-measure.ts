import type { SharpLoader } from '../raster.js';
import { escapeXml } from './escape-xml.js';

/** What decides the look of a run of text. `families` is a comma separated list. */
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
/** What the library says of a text that shows nothing, such as a zero-width space or an empty braille cell. */
const NO_INK = /no text to render/;

/** Measures text by Pango, as it will be drawn. Remembers recent answers. */
export class TextMeasure {
  private readonly cache = new Map<string, InkSize>();

  constructor(private readonly sharp: SharpLoader) {}

  /** Size in pixels of the ink of one line; {0, 0} for blank text. */
  async ink(text: string, face: TextFace): Promise<InkSize> {
    const line = text.trim();
    if (line === '') return { width: 0, height: 0 };
    const key = `${face.sizePx}${face.bold ? 'b' : 'r'}${face.families}\u0000${line}`;
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    const sharp = await this.sharp();
    const weight = face.bold ? 'bold' : 'normal';
    const size = await sharp({
      text: {
        text: `<span weight="${weight}">${escapeXml(line)}</span>`,
        font: `${face.families} ${face.sizePx}`,
        dpi: 72,
      },
    })
      .metadata()
      .then(({ width, height }) => ({ width, height }))
      .catch((error: unknown) => {
        if (error instanceof Error && NO_INK.test(error.message)) return { width: 0, height: 0 };
        throw error;
      });
    if (this.cache.size >= CACHE_LIMIT) this.cache.delete(this.cache.keys().next().value!);
    this.cache.set(key, size);
    return size;
  }
}
