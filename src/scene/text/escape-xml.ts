/** LEFT-TO-RIGHT and RIGHT-TO-LEFT OVERRIDE reverse letters: the shown text would differ from the judged one. */
const TURNS = /[\u202d\u202e]/g;
/** Zero-width, and as long as the character it replaces, so offsets stay. */
const WORD_JOINER = '\u2060';

/**
 * Text as XML content or attribute value; characters that XML 1.0 does not allow become spaces. Letters keep their
 * order.
 */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ' ')
    .replace(TURNS, WORD_JOINER)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
