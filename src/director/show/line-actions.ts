/** Rule actions that keep a line from being spoken at all. */
export const UNSPOKEN: ReadonlySet<string> = new Set(['skip', 'blank', 'refuse', 'stop']);
/** Rule actions that silence the words they name. */
export const SILENCED: ReadonlySet<string> = new Set(['mute', 'tone', 'hold', 'drop-caption']);
