/** Rule actions that keep a whole line from being spoken. */
export const UNSPOKEN: ReadonlySet<string> = new Set(['skip', 'blank', 'refuse', 'stop']);
/** Rule actions that mute the matched words. */
export const SILENCED: ReadonlySet<string> = new Set(['mute', 'tone', 'hold', 'drop-caption']);
