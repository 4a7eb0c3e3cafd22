import type { Layer, LayerOf } from '../../config/sections/layer.js';

/** Whether a layer looks different at another time of day. */
export const followsLight = (layer: Layer): layer is LayerOf<'image'> & { night: string } =>
  layer.type === 'image' && layer.night !== undefined;

/**
 * How a set goes over into another light: the new picture fades in over the old one.
 *
 * Problem: each frame of such a fade changes the whole picture, which is composed, scanned and encoded again.
 * Rule: eight seconds long, yet only a new frame every 400 ms; a change of light has no step in it that a viewer sees.
 * Five changes of light a day cost a hundred such frames.
 */
export const LIGHT_FADE_MS = 8000;
const LIGHT_STEP_MS = 400;

/** The layer as it comes in over itself in the old light. */
export const fadedIn = <T extends Layer>(layer: T): T => ({
  ...layer,
  enter: { type: 'fade', durationMs: LIGHT_FADE_MS, easing: 'linear', stepMs: LIGHT_STEP_MS },
});
