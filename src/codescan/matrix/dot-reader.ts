import type { Kernels } from '../../core/kernels.js';
import type { Box } from '../../core/verdict.js';
import type { Tones } from '../locate/cell-texture.js';
import { DotLattice, MAX_MODULES } from './dot-lattice.js';
import { PlaneSampler } from '../pipeline/quad-sampler.js';
import type { CodeSymbol } from '../pipeline/symbol.js';
import type { ZxingReader } from '../decoders/zxing-reader.js';

/*
 * Codes of separate dots, of any matrix form: the modules follow from the lattice of the dots, and the symbol is drawn anew from them, upright, with
 * squares that touch and a quiet zone of its own. A reader has the last word.
 */

/** The longer side of a place, in samples. */
export const LONGEST_DOTS = 640;
/** A place is looked at in its own size, for dots of three to six samples, at half and at a quarter of it. */
const MAX_HALVINGS = 2;
/** Modules on a side, and the share of them that is dark. */
const MIN_MODULES = 8;
const MIN_DARK = 0.28;
const MAX_DARK = 0.78;
/** What has no dot of its own and is this dark is solid: a finder that is drawn whole. */
const SOLID = 0.35;
const DRAWN = 4;
const QUIET = 3;
/** Outer lines with less than this share of dots may be of what stands beside the symbol. */
const DOUBTFUL = 0.38;
/** A lattice that ends this near to the end of its place, in samples, may go on beyond it. */
const AT_END = 10;
/** Symbols that are no square are read mirrored as well: no reader does that. */
const OTHER_WAY = [false, true] as const;

export class DotReader {
  reads = 0;
  /** The part of the place with an unread lattice that may go on beyond the place. */
  cutOff: Box | undefined;
  private readonly lattice = new DotLattice(LONGEST_DOTS);
  private readonly plane = new Uint8Array(LONGEST_DOTS ** 2);
  private readonly half = new Uint8Array((LONGEST_DOTS ** 2) >> 2);
  private readonly modules = new Uint8Array(MAX_MODULES ** 2);

  constructor(
    private readonly kernels: Pick<Kernels, 'shrinkRect'>,
    private readonly zxing: ZxingReader,
  ) {}

  /**
   * What is read in a place whose tones are `low` and `high`, with dots of the dark one, or else of the light one; its place is that of the dots.
   * undefined: there is no lattice in it.
   */
  read(
    from: Uint8Array,
    width: number,
    height: number,
    { low, high }: Tones,
    isLight: boolean,
  ): readonly CodeSymbol[] | undefined {
    const { plane, half, kernels } = this;
    this.cutOff = undefined;
    let [w, h] = [width, height];
    plane.set(from.subarray(0, w * h));
    if (isLight) for (let i = 0; i < w * h; i += 1) plane[i] = 255 - plane[i]!;
    for (let halvings = 0; halvings <= MAX_HALVINGS; halvings += 1) {
      if (halvings > 0) {
        kernels.shrinkRect(plane, w, 0, 0, w, h, 1, half);
        w >>= 1;
        h >>= 1;
        plane.set(half.subarray(0, w * h));
      }
      if (Math.min(w, h) < 3 * MIN_MODULES) return undefined;
      if (!this.lattice.find(plane, w, h, high - low)) continue;
      const [left, top, right, bottom] = this.lattice.bounds();
      const found = this.readLattice(w, h, isLight ? 255 - low : high);
      const scale = 1 << halvings;
      const place = { x: left * scale, y: top * scale, width: (right - left) * scale, height: (bottom - top) * scale };
      const isAtEnd = Math.min(left, top) < AT_END || right > w - AT_END || bottom > h - AT_END;
      if (found?.length === 0 && isAtEnd) this.cutOff = place;
      if (found !== undefined) return found.map((s) => ({ ...s, ...place }));
    }
    return undefined;
  }

  private readLattice(w: number, h: number, high: number): readonly CodeSymbol[] | undefined {
    const { lattice } = this;
    const found = this.readTrimmed(w, h, high);
    const { columns, rows } = lattice;
    if (found?.length !== 0 || !lattice.trim(DOUBTFUL)) return found;
    return columns === lattice.columns && rows === lattice.rows ? found : (this.readTrimmed(w, h, high) ?? found);
  }

  private readTrimmed(w: number, h: number, high: number): readonly CodeSymbol[] | undefined {
    const { lattice, zxing } = this;
    const { columns, rows } = lattice;
    if (Math.min(columns, rows) < MIN_MODULES || Math.max(columns, rows) > MAX_MODULES) return undefined;
    const dark = this.tellModules(w, h, high) / (columns * rows);
    if (dark < MIN_DARK || dark > MAX_DARK) return undefined;
    for (const mirrored of OTHER_WAY) {
      if (mirrored && columns === rows) continue;
      const [dw, dh] = this.draw(mirrored);
      this.reads += 1;
      const found = zxing.read(dw, dh, 'all', 'global').filter((s) => s.valid);
      if (found.length > 0) return found;
    }
    return [];
  }

  /** Puts 1 for each dark module into `modules`; returns their number. */
  private tellModules(w: number, h: number, high: number): number {
    const { lattice, modules, plane } = this;
    const { columns, rows, peaks } = lattice;
    const sampler = new PlaneSampler(plane, w, h);
    let dots = 0;
    for (const i of lattice.members) dots += sampler.at(peaks.x[i]!, peaks.y[i]!);
    dots /= lattice.members.length;
    const solid = dots + (high - dots) * SOLID;
    let dark = 0;
    for (let r = 0; r < rows; r += 1) {
      for (let c = 0; c < columns; c += 1) {
        const at = r * columns + c;
        const place = lattice.placeOf(c, r);
        modules[at] = place !== undefined && (place.isDot || sampler.at(place.x, place.y) < solid) ? 1 : 0;
        dark += modules[at]!;
      }
    }
    return dark;
  }

  private draw(mirrored: boolean): [number, number] {
    const { lattice, modules, zxing } = this;
    const { columns, rows } = lattice;
    const width = (columns + 2 * QUIET) * DRAWN;
    const height = (rows + 2 * QUIET) * DRAWN;
    const to = zxing.pixels();
    to.fill(255, 0, width * height);
    for (let r = 0; r < rows; r += 1) {
      for (let c = 0; c < columns; c += 1) {
        if (modules[r * columns + (mirrored ? columns - 1 - c : c)] === 0) continue;
        const at = (r + QUIET) * DRAWN * width + (c + QUIET) * DRAWN;
        for (let line = 0; line < DRAWN; line += 1) to.fill(0, at + line * width, at + line * width + DRAWN);
      }
    }
    return [width, height];
  }
}
