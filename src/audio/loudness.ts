/** The meter stands in core, as speech and audio both measure with it; here is where users of audio look. */
export { LoudnessMeter, integratedLoudness } from '../core/audio/loudness.js';
