import type { RoomConfig } from '../../../config/room-config.js';
import type { Layer } from '../../../config/sections/layer.js';

/** Whether two layers are on cue and no line about the product shows both. */
export function shownInTurn(
  { script }: Pick<RoomConfig, 'script'>,
  product: string | null,
  a: Layer,
  b: Layer,
): boolean {
  if (a.shown !== 'on-cue' || b.shown !== 'on-cue') return false;
  return !script.segments
    .filter((one) => (one.product ?? null) === product)
    .some(({ lines }) => lines.some(({ show = [] }) => show.includes(a.id) && show.includes(b.id)));
}
