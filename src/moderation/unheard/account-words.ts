import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('account-words');

/**
 * Words of spoken accounts in the languages of the rule packs. They are harmless by themselves and count only near a
 * forbidden match.
 */

/** "Dot" of an address. A domain ending must follow. */
export const DOT_WORDS = WORDS.any('dots');

/** Spoken names of signs in account names. */
export const SIGN_WORDS = WORDS.any('signs');

/** Beginnings of a short introduction: "We're harbour kettles there." */
export const WHO_WORDS = WORDS.any('who');

/** Introductions in scripts without blanks. */
export const WHO_SIGNS = WORDS.any('who-unparted');

/** Greetings and thanks, which are short but not names. */
export const SMALL_TALK = new RegExp(String.raw`^(?:${WORDS.any('small-talk')})`, 'u');

/** Words between the figures of a range: "7 to 15 days", "30 x 40 cm". */
export const SPAN_WORDS = new RegExp(String.raw`^\s*(?:${WORDS.any('spans')})?\s*$`, 'u');

/** Words that point back: "that's us on Telegram", 微信上搜这个. */
export const BACK_WORDS = WORDS.any('back');
export const BACK_SIGNS = WORDS.any('back-unparted');
