import type { LayerOf } from '../config/sections/layer.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Box } from '../core/verdict.js';
import { canvasOf, placeBox, sizesOf, type Canvas } from './place-box.js';
import { noPresenter } from './scene-faults.js';

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
