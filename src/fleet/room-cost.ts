import type { RoomConfig } from '../config/room-config.js';

/**
 * The cost of a room in reference rooms: 720×1280 at 30 frames a second with nine layers. A part of a room's cost is
 * the same for all (speech, sound, scripts, connections); the rest goes with the pixels that are composed, scanned and
 * encoded a second, and a little with the layers. `engine worker` measures what one reference room costs its machine.
 */
export function roomCost({
  video,
  rate,
  layers,
  encoder,
}: Pick<RoomConfig, 'video' | 'rate' | 'layers' | 'encoder'>): number {
  const fps = rate.num / rate.den;
  const pixels = (video.width * video.height * fps) / REFERENCE_PIXELS;
  const sent = pixels / (encoder.frameStep ?? 1);
  const busy = 1 + (layers.length - REFERENCE_LAYERS) * A_LAYER;
  const cost = BASE + (1 - BASE) * (0.5 * pixels * Math.max(0.5, busy) + 0.5 * sent);
  return Math.round(cost * 1000) / 1000;
}

const REFERENCE_PIXELS = 720 * 1280 * 30;
const REFERENCE_LAYERS = 9;
/** Share of a reference room's cost that a room of any size has. */
const BASE = 0.15;
const A_LAYER = 0.02;
