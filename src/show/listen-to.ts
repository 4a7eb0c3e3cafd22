import type { Layer } from '../config/sections/layer.js';
import { millisecondsToFrames, type FrameIndex, type FrameRate } from '../core/time.js';
import type { ShowCommand } from './show-command.js';

/** How long somebody listens to a comment: the time of reading it. */
const LISTEN_MS = 2600;

/** People on stage who do not speak listen while a viewer's comment comes on the picture; undefined for other layers. */
export const listenTo = (
  { type }: Pick<Layer, 'type'>,
  atFrame: FrameIndex,
  rate: FrameRate,
): Extract<ShowCommand, { type: 'listen' }> | undefined =>
  type === 'question' ? { type: 'listen', atFrame, frames: millisecondsToFrames(LISTEN_MS, rate) } : undefined;
