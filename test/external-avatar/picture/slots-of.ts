import { newBitmapId, yuvaSize } from '../../../src/core/media/picture.js';
import {
  newExternalControl,
  slotCount,
  type ExternalSlots,
} from '../../../src/external-avatar/picture/external-ring.js';

/** Slots of a small external presenter at (8, 4). */
export function slotsOf(width = 16, height = 16): ExternalSlots {
  const count = slotCount(width, height);
  return {
    ...{ width, height, x: 8, y: 4, opaque: false },
    control: newExternalControl(count),
    slots: Array.from({ length: count }, () => new SharedArrayBuffer(yuvaSize(width, height))),
    ids: Int32Array.from({ length: 2 * count }, () => newBitmapId()),
  };
}
