/** A text as the detectors see it: folded, without disguises, with the way back to its own offsets. */
export { normalise } from './normalise.js';
export * from './scripts.js';
