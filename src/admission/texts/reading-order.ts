import type { Layer } from '../../config/sections/layer.js';
import { resolveLength } from '../../config/sections/length.js';
import type { RoomConfig } from '../../config/room-config.js';

/** Tops that differ by less than this part of a letter's height form one row. */
const SAME_ROW = 0.7;
/** Row height for layers without letters, such as a card. */
const MIN_ROW_PX = 12;

interface Placed {
  readonly layer: Layer;
  readonly x: number;
  readonly y: number;
  /** Height of its letters. */
  readonly size: number;
}

/**
 * Layers in the possible reading orders: rows from top to bottom, each from the left, and columns from the left, each
 * from the top. A shift by a pixel changes neither.
 */
export function readingOrders(layers: readonly Layer[], { video }: Pick<RoomConfig, 'video'>): Layer[][] {
  const placed = layers.map((layer) => placeOf(layer, video));
  return [sorted(placed, 'y', 'x'), sorted(placed, 'x', 'y')].map((order) => order.map(({ layer }) => layer));
}

/** Sorts by `first`, with near-equal values as ties, then by `second`. */
function sorted(placed: readonly Placed[], first: 'x' | 'y', second: 'x' | 'y'): Placed[] {
  const lines: Placed[][] = [];
  for (const one of placed.toSorted((a, b) => a[first] - b[first])) {
    const line = lines.at(-1);
    const reach = Math.max(MIN_ROW_PX, SAME_ROW * Math.min(one.size, line?.[0]?.size ?? 0));
    if (line !== undefined && one[first] - line[0]![first] < reach) line.push(one);
    else lines.push([one]);
  }
  return lines.flatMap((line) => line.toSorted((a, b) => a[second] - b[second]));
}

function placeOf(layer: Layer, { width, height }: RoomConfig['video']): Placed {
  const { anchor } = layer;
  const shortest = Math.min(width, height);
  const left = anchor.endsWith('left') ? 0 : anchor.endsWith('right') ? width : width / 2;
  const top = anchor.startsWith('top') ? 0 : anchor.startsWith('bottom') ? height : height / 2;
  return {
    layer,
    x: left + resolveLength(layer.x, width, shortest),
    y: top + resolveLength(layer.y, height, shortest),
    size: 'size' in layer ? resolveLength(layer.size, shortest, shortest) : 0,
  };
}
