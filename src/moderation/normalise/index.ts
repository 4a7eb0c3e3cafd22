/** The detectors' views of a text: folded, without disguises, with offsets of the original. */
export { normalise } from './normalise.js';
export * from './scripts.js';
