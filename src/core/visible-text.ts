/**
 * Marks and overrides of direction, and characters without width that no script needs. The joiners U+200C and U+200D stay:
 * Persian, Hindi and emoji are written with them.
 */
const UNSEEN =
  /\u034f|[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Removes invisible characters from a typed line, so that judge, picture and voice get the same text. */
export const typedText = (text: string): string =>
  text
    .replace(UNSEEN, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .trim();

/**
 * Characters that move the cursor, colour or clear the screen, set its title, or change the direction of what follows:
 * C0 but the line feed, DEL, C1, line and paragraph separators, marks and overrides of direction.
 */
// oxlint-disable-next-line no-control-regex -- these are what it is for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text of strangers for a terminal or a log: such a character is written as its escape, `\u001b`. Within JSON that is the same
 * text, so JSON goes through here as well. A tab becomes a blank.
 */
export const visibleText = (text: string): string =>
  text.replace(CONTROLS, (c) => (c === '\t' ? ' ' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
