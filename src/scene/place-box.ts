import type { RoomConfig } from '../config/room-config.js';
import type { Layer, LayerOf } from '../config/sections/layer.js';
import { type Anchor, type Length, resolveLength } from '../config/sections/length.js';
import type { Box } from '../core/verdict.js';
import { noPresenter } from './scene-faults.js';

/** The frame that lengths refer to. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly shortest: number;
}

export const canvasOf = (width: number, height: number): Canvas => ({
  width,
  height,
  shortest: Math.min(width, height),
});

export const alongX = (value: Length, c: Canvas): number => resolveLength(value, c.width, c.shortest);
export const alongY = (value: Length, c: Canvas): number => resolveLength(value, c.height, c.shortest);
/** Font sizes, radii, paddings: a percentage is of the shortest side. */
export const alongShortest = (value: Length, c: Canvas): number => resolveLength(value, c.shortest, c.shortest);

/** Way of a layer with depth 1, from the middle of the presenter's sway to its end, as a share of the shorter side. */
const DEPTH_SHARE = 0.012;

/** How far a layer moves with the presenter's sway, in pixels to either side. */
export const depthPx = (layer: Layer, c: Canvas): number => (layer.depth ?? 0) * DEPTH_SHARE * c.shortest;

interface Sizes {
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** Width and height as requested by the layer. */
export const sizesOf = (layer: Layer, c: Canvas): Sizes => ({
  width: layer.width === undefined ? undefined : Math.max(1, alongX(layer.width, c)),
  height: layer.height === undefined ? undefined : Math.max(1, alongY(layer.height, c)),
});

/** Position of a layer of this size: x and y are measured between the anchor points of frame and layer. */
export function placeBox(layer: Layer, width: number, height: number, c: Canvas): Box {
  return {
    x: alongX(layer.x, c) + Math.round((c.width - width) * share(layer.anchor, 'left', 'right')),
    y: alongY(layer.y, c) + Math.round((c.height - height) * share(layer.anchor, 'top', 'bottom')),
    width,
    height,
  };
}

const share = (anchor: Anchor, start: string, end: string): number =>
  anchor.includes(start) ? 0 : anchor.includes(end) ? 1 : 0.5;

export const areaOf = (box: Box): number => Math.max(0, box.width) * Math.max(0, box.height);

/** Intersection of two boxes; empty when they are apart. */
export function meet(a: Box, b: Box): Box {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x);
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y);
  return { x, y, width, height };
}

/** Maximum distance in pixels by which the first box reaches beyond the second. */
export const beyond = (inner: Box, outer: Box): number =>
  Math.max(
    0,
    outer.x - inner.x,
    outer.y - inner.y,
    inner.x + inner.width - (outer.x + outer.width),
    inner.y + inner.height - (outer.y + outer.height),
  );

export const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
export const placeOf = ({ x, y, width, height }: Box): string => `${width}×${height} at ${x},${y}`;

/** Offsets count to the right and down from every anchor, but people write `y: 280` for 280 px above the bottom. */
export function turnedOffset({ anchor, x, y }: Layer): { todo?: string } {
  const turned = (key: string, value: Layer['x'], side: string): string | undefined =>
    anchor.includes(side) && Number.parseFloat(String(value)) > 0
      ? `with anchor "${anchor}" use "${key}": ${JSON.stringify(typeof value === 'number' ? -value : `-${value}`)}`
      : undefined;
  const todo = turned('y', y, 'bottom') ?? turned('x', x, 'right');
  return todo === undefined ? {} : { todo };
}

/** Width for a height: room for a pointing arm, at the size of the built-in presenters. */
const WIDTH_SHARE = 0.84;
/** A product nearer to the presenter's middle than this share of its width stands on neither side. */
const BESIDE_SHARE = 0.12;

type Room = Pick<RoomConfig, 'video' | 'layers' | 'file'>;
const canvas = ({ video }: Room): Canvas => canvasOf(video.width, video.height);

/** A person's box, with even edges. Default size: 80 % of the frame's height, and wide enough for gestures. */
export function personBox(layer: LayerOf<'presenter' | 'assistant'>, canvas: Canvas): Box {
  const sizes = sizesOf(layer, canvas);
  const height = sizes.height ?? Math.round(canvas.height * 0.8);
  const width = sizes.width ?? Math.min(canvas.width, Math.round(height * WIDTH_SHARE));
  const even = (v: number): number => Math.max(2, v & ~1);
  const box = placeBox(layer, even(width), even(height), canvas);
  return { ...box, x: box.x & ~1, y: box.y & ~1 };
}

/** The presenter's box, in canvas pixels. Throws E_ROOM_INVALID for a room without a presenter layer. */
export function presenterBox(room: Room): Box {
  const found = room.layers.find((l): l is LayerOf<'presenter'> => l.type === 'presenter');
  if (found === undefined) throw noPresenter(room.file);
  return personBox(found, canvas(room));
}

/** The assistant's box; undefined for a room with one person on stage. */
export function assistantBox(room: Room): Box | undefined {
  const found = room.layers.find((l): l is LayerOf<'assistant'> => l.type === 'assistant');
  return found === undefined ? undefined : personBox(found, canvas(room));
}

/** The side of the presenter on which the product's picture stands: 1 left, 2 right, 0 for neither. */
export function productSide(room: Room): 0 | 1 | 2 {
  const shows = room.layers.find((l) => (l.type === 'image' && l.src === 'product') || l.type === 'card');
  if (shows === undefined) return 0;
  const { width = 0, height = 0 } = sizesOf(shows, canvas(room));
  const at = placeBox(shows, width, height, canvas(room));
  const own = presenterBox(room);
  const apart = at.x + at.width / 2 - (own.x + own.width / 2);
  return Math.abs(apart) < own.width * BESIDE_SHARE ? 0 : apart < 0 ? 1 : 2;
}
