/**
 * Characters that move the cursor, colour or clear the screen, set its title, or change the direction of what follows:
 * C0 but the line feed, DEL, C1, line and paragraph separators, marks and overrides of direction.
 */
// oxlint-disable-next-line no-control-regex -- these are what it is for
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text of strangers for a terminal or a log: such a character is written as its escape, `\u001b`. Within JSON that is the same
 * text, so JSON goes through here as well. A tab becomes a blank.
 */
export const visibleText = (text: string): string =>
  text.replace(UNSEEN, (c) => (c === '\t' ? ' ' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
