import { RECT_STRIDE } from '../../core/media/picture.js';
import type { ColourfulAreas } from '../locate/colourful-areas.js';
import { EnhancedFinders } from '../locate/enhanced-finders.js';
import type { FinderReader } from '../qr/finder-reader.js';
import type { ScanFindings } from './scan-findings.js';
import type { ScanKernels } from './scan-kernels.js';

/** The enhanced passes over a box of a picture: its luma sharpened, and its colourful areas enlarged. */
export class EnhancedPasses {
  private readonly finders: EnhancedFinders;

  constructor(
    kernels: ScanKernels,
    reader: FinderReader,
    private readonly colourful: ColourfulAreas,
    private readonly found: ScanFindings,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.finders = new EnhancedFinders(kernels, reader, width, height);
  }

  /** `box`: x, y, width and height in an I420 picture; `passes`: pass bits as from `passesOf`. */
  run(picture: Uint8Array, box: Int32Array, passes: number): void {
    const { width, height, finders, found } = this;
    const [bx = 0, by = 0, bw = 0, bh = 0] = box;
    const n = width * height;
    const luma = picture.subarray(0, n);
    for (const code of finders.inLuma(luma, width, bx, by, bw, bh, passes)) found.takeMarked(code, 1);
    if (!finders.takesChroma(passes)) return;
    const cw = (width + 1) >> 1;
    const ch = (height + 1) >> 1;
    const cb = picture.subarray(n, n + cw * ch);
    const cr = picture.subarray(n + cw * ch, n + 2 * cw * ch);
    const colourful = this.colourful.find(cb, cr, cw, ch, box);
    for (let r = 0; r < colourful.count * RECT_STRIDE; r += RECT_STRIDE) {
      const [x = 0, y = 0, w = 0, h = 0] = colourful.items.subarray(r, r + RECT_STRIDE);
      for (const code of finders.inChroma(cb, cr, cw, x, y, w, h, passes)) found.takeMarked(code, 2);
    }
  }
}
