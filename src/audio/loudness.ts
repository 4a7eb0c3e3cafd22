/** The meter lives in core, since speech and audio both use it; re-exported for users of audio. */
export { LoudnessMeter, integratedLoudness } from '../core/audio/loudness.js';
