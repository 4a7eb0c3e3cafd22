import { createHash } from 'node:crypto';
import type { RoomConfig } from '../../config/room-config.js';
import type { Light } from '../../config/sections/daylight.js';
import type { Layer } from '../../config/sections/layer.js';
import type { Length } from '../../config/sections/length.js';
import type { Product } from '../../config/sections/product.js';
import type { Box } from '../../core/verdict.js';
import type { LoadedPicture, PictureRequest } from '../assets/load-picture.js';
import type { LoadedClip } from '../clips/clip.js';
import { fontFamilies } from '../fonts/glyph-set.js';
import { alongShortest, type Canvas } from '../place-box.js';
import { type Raster, type SharpLoader, Undrawable } from '../raster.js';
import type { TextBlock, TextFace, TextMeasure } from '../text/text-layout.js';

interface Comparison {
  /** The product it is compared with; null if it stands alone. */
  readonly beside: Product | null;
  /** The product, named by its own variant when it is compared with another. */
  readonly variant: Product | null;
}

/** A product beside its first variant with a picture of its own, else beside the room's next product on sale. */
export function comparison(product: Product | null, { products }: Pick<RoomConfig, 'products'>): Comparison {
  if (product === null) return { beside: null, variant: null };
  for (const { values } of product.variants) {
    const other = values.find(({ image }) => image !== undefined && image !== product.image);
    if (other === undefined) continue;
    const own = values.find((one) => one !== other && (one.image === undefined || one.image === product.image));
    return {
      beside: { ...named(product, other.name), image: other.image! },
      variant: own === undefined ? product : named(product, own.name),
    };
  }
  const at = products.findIndex(({ id }) => id === product.id);
  const others = [...products.slice(at + 1), ...products.slice(0, Math.max(0, at))];
  return { beside: others.find(({ stock }) => stock === 'on-sale') ?? null, variant: product };
}

const named = (product: Product, name: string): Product => ({
  ...product,
  title: name.charAt(0).toLocaleUpperCase() + name.slice(1),
  name: {},
});

/** The picture of a close-up: the product's next one, or its only one. */
export const detailOf = ({ image, images }: Product): string => images.find((one) => one !== image) ?? image;

/** Inputs for building a layer. */
export interface BuildContext {
  readonly room: RoomConfig;
  readonly canvas: Canvas;
  readonly sharp: SharpLoader;
  readonly measure: TextMeasure;
  /** Loads a picture and has it judged; remembers the last ones. */
  picture(request: PictureRequest): Promise<LoadedPicture>;
  /** Has a picture judged that was made from others. */
  judge(where: string, raster: Raster): Promise<void>;
  /** The light that the set is in. */
  readonly light: Light;
  /** Like `picture`, for a clip; undefined when the file is not a clip. */
  clip(request: PictureRequest): Promise<LoadedClip | undefined>;
  readonly product: Product | null;
  /** What stands beside the product in a comparison; null without a product or a second picture. */
  readonly beside: Product | null;
  /** The product itself there: named by its variant when another one stands beside it. */
  readonly variant: Product | null;
  /** Time left until an instant (Unix epoch); offline a fixed one, so that a render stays the same. */
  millisecondsUntil(epochMs: number): number;
}

export interface BuiltSprite {
  /** Of a clip: its first frame. */
  readonly raster: Raster;
  readonly clip?: LoadedClip;
  /** Of a clip: shown when it has stalled for long. */
  readonly slate?: Raster;
  /** Relative to the layer's box. */
  readonly dx: number;
  readonly dy: number;
  /** Absolute frames; the layer's own when absent. */
  readonly fromFrame?: number;
  readonly toFrame?: number;
}

/** Pictures and clips in turn. */
interface BuiltCycle {
  readonly holdMs: number;
  readonly fadeMs: number;
  readonly covers: readonly boolean[];
  /** Stall length before a clip shows its first frame… */
  readonly idleAfterMs: number;
  /** …and before it shows its slate; 0: never. */
  readonly slateAfterMs: number;
}

/** The digits of a countdown, and how each place finds its digit. */
export interface BuiltCountdown {
  /** The digits 0 to 9, placed as in a cell at the box's left edge. */
  readonly digits: readonly BuiltSprite[];
  /** For each place: its offset from the left edge (even), modulus and divisor of the seconds left. */
  readonly cells: readonly (readonly [dx: number, modulus: number, divisor: number])[];
  /** Sprites before this index show while it runs, the others once it has ended; without others the layer leaves. */
  readonly running: number;
  /** When it ends: an instant (Unix epoch), or a time after it is first shown. */
  readonly endsAtMs?: number;
  readonly durationMs?: number;
}

/** A layer as drawn: its box on the canvas and its sprites, bottom to top. */
export interface BuiltLayer {
  readonly box: Box;
  /** Of a turned layer: the box before the turn. */
  readonly frame?: Box;
  readonly sprites: readonly BuiltSprite[];
  readonly cycle?: BuiltCycle;
  readonly countdown?: BuiltCountdown;
  readonly scroll?: { period: number; speedPxPerSecond: number; phase: number; window: Box; fixed: number };
  /** Its text, for the check of drawn characters. */
  readonly text?: string;
  /** Set when not all of its text fits: the needed and the available size. */
  readonly overflow?: Overflow;
}

export interface Overflow {
  readonly unit: 'lines' | 'px';
  readonly needed: number;
  readonly room: number;
}

/** The part of a text block that does not fit, if any: cut lines, or lines taller than their box. */
export function overflowOf(block: TextBlock, contentPx: number, roomPx: number): { overflow?: Overflow } {
  const { wantedLines, lines } = block;
  if (wantedLines > lines.length) return { overflow: { unit: 'lines', needed: wantedLines, room: lines.length } };
  return contentPx > roomPx ? { overflow: { unit: 'px', needed: contentPx, room: roomPx } } : {};
}

interface FaceFields {
  readonly font: string;
  readonly weight: 'regular' | 'bold';
  readonly size: Length;
}

export function faceOf(fields: FaceFields, language: string, canvas: Canvas): TextFace {
  const sizePx = Math.max(6, alongShortest(fields.size, canvas));
  // One or two letters fill the frame then.
  if (sizePx > 2 * Math.max(canvas.width, canvas.height)) throw new Undrawable(sizePx, sizePx);
  return {
    families: fontFamilies(fields.font, language),
    sizePx,
    bold: fields.weight === 'bold',
  };
}

/**
 * Digest of everything a layer shows: its settings, its place and the pixels of its sprites. Undefined for
 * pictures in turn and clips: another moment shows another picture.
 */
export function stillDigest(layer: Layer, { box, sprites, cycle, scroll }: BuiltLayer): string | undefined {
  // The texts of a ticker in turn were all judged as texts.
  if ((cycle !== undefined && layer.type !== 'ticker') || sprites.some((sprite) => sprite.clip !== undefined))
    return undefined;
  const hash = createHash('sha256').update(JSON.stringify([layer, box, scroll]));
  for (const { raster, dx, dy } of sprites) {
    hash.update(JSON.stringify([raster.width, raster.height, dx, dy])).update(raster.rgba);
  }
  return hash.digest('hex');
}

/** Digest of a picture composed of layers, from bottom to top; undefined when one of them has none. */
export function composedDigest(
  layers: readonly (string | undefined)[],
  ...others: readonly string[]
): string | undefined {
  if (layers.includes(undefined)) return undefined;
  return createHash('sha256')
    .update(JSON.stringify([layers, others]))
    .digest('hex');
}
