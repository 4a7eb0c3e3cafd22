/**
 * Marks and overrides of direction, and characters without width that no script needs. The joiners U+200C and U+200D stay:
 * Persian, Hindi and emoji are written with them.
 */
const UNSEEN =
  /\u034f|[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** A line as somebody typed it, without what nobody sees: what is judged, shown and spoken is one text. */
export const typedText = (text: string): string =>
  text
    .replace(UNSEEN, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .trim();
