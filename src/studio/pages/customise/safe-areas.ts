/**
 * What the platforms' own apps draw over a show, as shares of the picture.
 *
 * No platform publishes these, and they change with the phone and the version of the app. These are cautious estimates of
 * ours: names and counts above, comments and the basket below, the column of buttons at the right.
 */
import { meets } from './geometry';
import type { Box, Canvas, Layer, LayerState } from './shapes';

export interface Platform {
  readonly id: string;
  readonly name: string;
  /** x, y, width, height, 0 to 1. */
  readonly covers: readonly (readonly [number, number, number, number])[];
}

const bands = (top: number, bottom: number): Platform['covers'] => [
  [0, 0, 1, top],
  [0, 1 - bottom, 1, bottom],
];
const column = (width: number, from: number, to: number): readonly [number, number, number, number] => [
  1 - width,
  from,
  width,
  to - from,
];

export const PORTRAIT: readonly Platform[] = [
  { id: 'tiktok', name: 'TikTok', covers: [...bands(0.1, 0.21), column(0.14, 0.6, 0.79)] },
  { id: 'douyin', name: 'Douyin', covers: [...bands(0.11, 0.24), column(0.14, 0.62, 0.76)] },
  { id: 'taobao', name: 'Taobao Live', covers: [...bands(0.11, 0.22), column(0.15, 0.58, 0.78)] },
  { id: 'alibaba', name: 'Alibaba.com', covers: bands(0.1, 0.2) },
  { id: 'youtube', name: 'YouTube', covers: [...bands(0.09, 0.22), column(0.15, 0.5, 0.78)] },
];
export const LANDSCAPE: readonly Platform[] = [
  { id: 'youtube', name: 'YouTube', covers: bands(0.06, 0.12) },
  { id: 'twitch', name: 'Twitch', covers: bands(0.08, 0.1) },
  { id: 'bilibili', name: 'Bilibili', covers: bands(0.08, 0.11) },
];

export const platformsOf = ({ width, height }: Canvas): readonly Platform[] => (height > width ? PORTRAIT : LANDSCAPE);

export const coveredBoxes = (platform: Platform, { width, height }: Canvas): Box[] =>
  platform.covers.map(([x, y, w, h]) => ({
    x: Math.round(x * width),
    y: Math.round(y * height),
    width: Math.round(w * width),
    height: Math.round(h * height),
  }));

/** Layers that people read; pictures and people may be under a platform's buttons. */
const READ: ReadonlySet<string> = new Set([
  'caption',
  'card',
  'text',
  'bubble',
  'countdown',
  'coupon',
  'ladder',
  'attributes',
  'question',
  'announcement',
  'label',
]);

export const isRead = (layer: Layer): boolean => READ.has(layer.type);

/** Readable layers that a platform covers, the topmost first. */
export const coveredLayers = (layers: readonly LayerState[], covered: readonly Box[]): LayerState[] =>
  layers
    .filter(({ layer, box }) => box !== null && isRead(layer) && covered.some((one) => meets(one, box)))
    .toReversed();

/** The nearest place of a box that nothing covers; null where it fits nowhere. */
export function moveIn(box: Box, covered: readonly Box[], canvas: Canvas): Box | null {
  const margin = Math.round(Math.min(canvas.width, canvas.height) * 0.02);
  const xs = [box.x, ...covered.flatMap((one) => [one.x - box.width - margin, one.x + one.width + margin])];
  const ys = [box.y, ...covered.flatMap((one) => [one.y - box.height - margin, one.y + one.height + margin])];
  const fits = xs
    .flatMap((x) => ys.map((y) => ({ ...box, x: Math.round(x), y: Math.round(y) })))
    .filter(
      (one) =>
        one.x >= 0 &&
        one.y >= 0 &&
        one.x + one.width <= canvas.width &&
        one.y + one.height <= canvas.height &&
        !covered.some((cover) => meets(cover, one)),
    );
  const far = (one: Box): number => Math.hypot(one.x - box.x, one.y - box.y);
  return fits.reduce<Box | null>((best, one) => (best === null || far(one) < far(best) ? one : best), null);
}
