import type { RoomConfig } from '../../config/room-config.js';
import type { Layer } from '../../config/sections/layer.js';
import type { Box } from '../../core/verdict.js';
import { beyond } from '../../scene/layer-boxes.js';

interface Placed {
  readonly layer: Layer;
  readonly box: Box;
}

/** Panels without a see-through part. */
const OPAQUE: ReadonlySet<string> = new Set(['ladder', 'attributes', 'coupon', 'countdown']);

/** Whether one layer is a panel on cue before the whole of the other: while it is shown, nothing of that one is seen. */
export function standsInFor(a: Placed, b: Placed): boolean {
  const hides = (panel: Placed, other: Placed): boolean =>
    panel.layer.shown === 'on-cue' &&
    OPAQUE.has(panel.layer.type) &&
    panel.layer.z > other.layer.z &&
    beyond(other.box, panel.box) === 0;
  return hides(a, b) || hides(b, a);
}

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
