import type { TextHit } from '../core/verdict.js';

/** Rule actions that keep a whole line from being spoken. */
export const UNSPOKEN: ReadonlySet<string> = new Set(['skip', 'blank', 'refuse', 'stop']);
/** Rule actions that mute the matched words. */
export const SILENCED: ReadonlySet<string> = new Set(['mute', 'tone', 'hold', 'drop-caption']);

/** The words are not heard as they are: the line is not spoken, or they are muted. */
export const withholds = ({ action }: Pick<TextHit, 'action'>): boolean => UNSPOKEN.has(action) || SILENCED.has(action);

/** Nobody hears these words: muted, or in a line that ends the room and is never scheduled. */
export const isSilenced = ({ action }: Pick<TextHit, 'action'>): boolean => SILENCED.has(action) || action === 'stop';
