import type { LayerOf, Stands } from '../../config/sections/layer.js';
import type { LoadedPicture, PictureRequest } from '../assets/load-picture.js';
import { assetName } from '../assets/read-asset.js';
import { placeBox, sizesOf } from '../place-box.js';
import { crop, inkBox, type Raster } from '../raster.js';
import type { BuildContext, BuiltLayer, BuiltSprite } from './build-context.js';

/** Radius of one of the three box blurs, and how far the shadow falls, as shares of the picture's shorter side. */
const BLUR_SHARE = 0.02;
const FALL_SHARE = 0.03;
const OPACITY = 0.42;

/** The picture with a soft shadow below it, in a raster that is larger by the shadow's reach. */
export function withShadow({ raster, dx, dy }: BuiltSprite): BuiltSprite {
  const shortest = Math.min(raster.width, raster.height);
  const blur = Math.max(1, Math.round(shortest * BLUR_SHARE));
  const fall = Math.round(shortest * FALL_SHARE);
  const reach = 3 * blur + fall + 1;
  const width = raster.width + 2 * reach;
  const height = raster.height + 2 * reach;
  let shade = alphaAt(raster, reach, reach + fall, width, height);
  for (let pass = 0; pass < 3; pass += 1)
    shade = blurred(blurred(shade, width, height, blur, 1), width, height, blur, width);
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < shade.length; i += 1) rgba[i * 4 + 3] = Math.round(shade[i]! * OPACITY);
  drawOver(raster, reach, rgba, width);
  return { raster: { rgba, width, height }, dx: dx - reach, dy: dy - reach };
}

function alphaAt(raster: Raster, left: number, top: number, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height);
  for (let y = 0; y < raster.height; y += 1)
    for (let x = 0; x < raster.width; x += 1)
      out[(y + top) * width + x + left] = raster.rgba[(y * raster.width + x) * 4 + 3]!;
  return out;
}

/** A box blur along rows (`step` 1) or columns (`step` the width). The edges are clear. */
function blurred(from: Float32Array, width: number, height: number, radius: number, step: number): Float32Array {
  const out = new Float32Array(from.length);
  const [lines, length, next] = step === 1 ? [height, width, width] : [width, height, 1];
  for (let line = 0; line < lines; line += 1) {
    const start = line * next;
    let sum = 0;
    for (let i = -radius; i < length; i += 1) {
      if (i + radius < length) sum += from[start + (i + radius) * step]!;
      if (i - radius - 1 >= 0) sum -= from[start + (i - radius - 1) * step]!;
      if (i >= 0) out[start + i * step] = sum / (2 * radius + 1);
    }
  }
  return out;
}

/** Draws the picture over its black shadow. */
function drawOver({ rgba: top, width, height }: Raster, reach: number, out: Uint8Array, outWidth: number): void {
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * width + x) * 4;
      const to = ((y + reach) * outWidth + x + reach) * 4;
      const alpha = top[from + 3]!;
      if (alpha === 0) continue;
      const whole = alpha + (out[to + 3]! * (255 - alpha)) / 255;
      for (let c = 0; c < 3; c += 1) out[to + c] = Math.round((top[from + c]! * alpha) / whole);
      out[to + 3] = Math.round(whole);
    }
  }
}

/*
 * Problem: sellers' pictures are cut out or framed, tall or wide, with clear margins or none; drawn into a box, a pot
 * with margins fills a tenth of it, and a photo hides the presenter.
 *
 * Rule: the clear margins are cut away, and the silhouette stands on the box's lower edge, in its middle unless it
 * leans to a side, as large as gives it its share of the frame, within the box. A picture without clear edges is a
 * print with a rim that stands there the same way, or fills the box. The key light comes from the left, so every shadow
 * falls to the right.
 *
 * Numbers: shadows as shares of the shorter side of what casts them.
 */

/** Fainter edges do not belong to the silhouette. */
const SILHOUETTE_ALPHA = 40;
/** A picture with this share of its border clear is cut out, even if its form fills most of its box. */
const CLEAR_BORDER = 0.04;
/** A print has round corners and a white rim. */
const CORNER_SHARE = 0.035;
const RIM_SHARE = 0.016;
const RIM = 250;

/** Where a floating picture has its middle: texts stand below. */
const MIDDLE = 0.4;

/** Dark where the foot touches the ground, faint below the whole of it. */
const CONTACT = { height: 0.022, blur: 0.009, opacity: 0.66 } as const;
const UNDER = { height: 0.05, blur: 0.022, opacity: 0.42 } as const;
/** Columns that end so close above the lowest one touch the ground, as a share of the height. */
const TOUCHES = 0.035;
const CAST = { right: 0.07, down: 0.012, blur: 0.035, opacity: 0.36 } as const;

/** Whether the picture has clear edges. */
function isCutOut({ rgba, width, height }: Raster): boolean {
  let clear = 0;
  let all = 0;
  const look = (x: number, y: number): void => {
    all += 1;
    if (rgba[(y * width + x) * 4 + 3]! < SILHOUETTE_ALPHA) clear += 1;
  };
  for (let x = 0; x < width; x += 1) {
    look(x, 0);
    look(x, height - 1);
  }
  for (let y = 1; y < height - 1; y += 1) {
    look(0, y);
    look(width - 1, y);
  }
  return clear >= all * CLEAR_BORDER;
}

/** Pixels of the silhouette, with the holes in its rows filled. */
export function silhouettePixels({ rgba, width, height }: Raster): number {
  let sum = 0;
  for (let y = 0; y < height; y += 1) {
    let left = -1;
    let right = -1;
    for (let x = 0; x < width; x += 1) {
      if (rgba[(y * width + x) * 4 + 3]! < SILHOUETTE_ALPHA) continue;
      if (left < 0) left = x;
      right = x;
    }
    if (left >= 0) sum += right - left + 1;
  }
  return sum;
}

/** Draws the picture as large as fits. */
type LoadFitted = (width: number, height: number) => Promise<Raster>;

/** The picture with its shadows, placed in a box of that size, where its silhouette has so many pixels. */
export async function standingRaster(
  box: { readonly width: number; readonly height: number },
  pixels: number,
  load: LoadFitted,
  { ground = true, at = 'foot', lean = 0.5 }: Partial<Pick<Stands, 'ground' | 'at' | 'lean'>> = {},
): Promise<BuiltSprite> {
  const first = await load(box.width, box.height);
  const cutOut = isCutOut(first);
  const ink = cutOut ? inkBox(first, SILHOUETTE_ALPHA)! : { width: first.width, height: first.height };
  const silhouette = cutOut ? silhouettePixels(first) : first.width * first.height;
  const fits = Math.min(box.width / ink.width, box.height / ink.height);
  const scale = Math.min(fits, Math.sqrt(pixels / Math.max(1, silhouette)));
  const drawn = await load(Math.max(1, Math.round(first.width * scale)), Math.max(1, Math.round(first.height * scale)));
  const own = cutOut ? drawn : print(drawn);
  // What glows around the silhouette stays, and does not move it.
  const body = cutOut ? inkBox(drawn, SILHOUETTE_ALPHA)! : { x: 0, y: 0, width: own.width, height: own.height };
  const y = at === 'foot' ? box.height - body.y - body.height : box.height * MIDDLE - body.y - body.height / 2;
  const whole = cutOut ? inkBox(own)! : body;
  const plain = {
    raster: crop(own, whole.x, whole.y, whole.width, whole.height),
    dx: Math.round((box.width - body.width) * lean - body.x) + whole.x,
    dy: Math.round(y) + whole.y,
  };
  return ground ? onGround(plain) : plain;
}

/** A picture that stands on the lower edge of its box. */
export async function buildStanding(
  layer: LayerOf<'image'>,
  { share, framed, ground, at, lean }: Stands,
  src: string,
  c: BuildContext,
  where: string,
): Promise<BuiltLayer> {
  const { width = c.canvas.width, height = c.canvas.height } = sizesOf(layer, c.canvas);
  const box = placeBox(layer, width, height, c.canvas);
  const picture = (wide: number, high: number, fit: PictureRequest['fit']): Promise<LoadedPicture> =>
    c.picture({
      src,
      where: `${where}.src`,
      width: wide,
      height: high,
      maxWidth: wide,
      maxHeight: high,
      fit,
      radius: 0,
    });
  const load: LoadFitted = async (wide, high) => (await picture(wide, high, 'contain')).raster;
  if (framed === 'fill' && !isCutOut(await load(width, height))) {
    const { raster, dx, dy } = await picture(width, height, 'cover');
    return { box, sprites: [{ raster, dx, dy }] };
  }
  const sprite = await standingRaster(box, share * c.canvas.width * c.canvas.height, load, { ground, at, lean });
  if (ground) await c.judge(`${where}.src: ${assetName(src)} with its shadows`, sprite.raster);
  return { box, sprites: [sprite] };
}

/** The picture with a white rim and round corners. */
function print(raster: Raster): Raster {
  const { width, height } = raster;
  const shortest = Math.min(width, height);
  const radius = Math.round(shortest * CORNER_SHARE);
  const rim = Math.max(2, Math.round(shortest * RIM_SHARE));
  const rgba = new Uint8Array(raster.rgba);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const depth = depthIn(x + 0.5, y + 0.5, width, height, radius);
      if (depth < rim) {
        const inner = Math.max(0, Math.min(1, depth - rim + 1));
        for (let i = 0; i < 3; i += 1) rgba[at + i] = Math.round(RIM + (rgba[at + i]! - RIM) * inner);
      }
      rgba[at + 3] = Math.round(rgba[at + 3]! * Math.max(0, Math.min(1, depth + 0.5)));
    }
  }
  return { rgba, width, height };
}

/** How far a point lies inside a rectangle with round corners. */
function depthIn(x: number, y: number, width: number, height: number, radius: number): number {
  const cx = Math.max(radius - x, x - (width - radius), 0);
  const cy = Math.max(radius - y, y - (height - radius), 0);
  if (cx > 0 && cy > 0) return radius - Math.hypot(cx, cy);
  return Math.min(x, width - x, y, height - y);
}

/** The picture with the shadow it casts to the right and the dark line where it touches the ground. */
function onGround({ raster, dx, dy }: BuiltSprite): BuiltSprite {
  const shortest = Math.min(raster.width, raster.height);
  const part = (share: number): number => Math.max(1, Math.round(shortest * share));
  const [right, down, castBlur] = [part(CAST.right), part(CAST.down), part(CAST.blur)];
  const reach = right + 3 * castBlur + 2;
  const width = raster.width + 2 * reach;
  const height = raster.height + 2 * reach;
  let cast = alphaAt(raster, reach + right, reach + down, width, height);
  for (let pass = 0; pass < 2; pass += 1) cast = soft(cast, width, height, castBlur);
  const foot = footOf(raster, reach, width, height, { contact: part(CONTACT.height), under: part(UNDER.height) });
  const contact = soft(foot.contact, width, height, part(CONTACT.blur));
  const under = soft(foot.under, width, height, part(UNDER.blur));
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < cast.length; i += 1) {
    const light =
      (1 - (cast[i]! / 255) * CAST.opacity) *
      (1 - (contact[i]! / 255) * CONTACT.opacity) *
      (1 - (under[i]! / 255) * UNDER.opacity);
    rgba[i * 4 + 3] = Math.round(255 * (1 - light));
  }
  drawOver(raster, reach, rgba, width);
  return { raster: { rgba, width, height }, dx: dx - reach, dy: dy - reach };
}

const soft = (from: Float32Array, width: number, height: number, radius: number): Float32Array =>
  blurred(blurred(from, width, height, radius, 1), width, height, radius, width);

/** A flat ellipse below the feet as a whole, and a thin line below each of them. */
function footOf(
  raster: Raster,
  reach: number,
  width: number,
  height: number,
  thick: { readonly contact: number; readonly under: number },
): { contact: Float32Array; under: Float32Array } {
  const body = inkBox(raster, SILHOUETTE_ALPHA)!;
  const end = body.y + body.height;
  const contact = new Float32Array(width * height);
  const under = new Float32Array(width * height);
  let left = raster.width;
  let right = 0;
  for (let x = 0; x < raster.width; x += 1) {
    let y = end - 1;
    while (y >= body.y && raster.rgba[(y * raster.width + x) * 4 + 3]! < SILHOUETTE_ALPHA) y -= 1;
    if (y < end - body.height * 0.07) continue;
    left = Math.min(left, x);
    right = Math.max(right, x);
    if (y < end - body.height * TOUCHES) continue;
    for (let dy = -thick.contact; dy < thick.contact; dy += 1) {
      const row = reach + y + dy;
      if (row >= 0 && row < height) contact[row * width + reach + x] = 255;
    }
  }
  const middle = reach + (left + right) / 2 + thick.under * 0.4;
  const rx = Math.max(1, ((right - left) / 2) * 1.06);
  const base = reach + end - thick.under * 0.25;
  for (let y = Math.max(0, Math.floor(base - thick.under)); y < Math.min(height, base + thick.under); y += 1) {
    for (let x = Math.max(0, Math.floor(middle - rx)); x < Math.min(width, middle + rx); x += 1) {
      if (((x - middle) / rx) ** 2 + ((y - base) / thick.under) ** 2 <= 1) under[y * width + x] = 255;
    }
  }
  return { contact, under };
}
