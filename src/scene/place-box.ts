import type { Layer } from '../config/sections/layer.js';
import { resolveLength, type Anchor, type Length } from '../config/sections/length.js';
import type { Box } from '../core/verdict.js';

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

export interface Sizes {
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
