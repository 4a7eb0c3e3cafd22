/** Classes of characters for word matching. */

/** Scripts without spaces between words: a word may begin and end anywhere. */
const LOOSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}\u30fc]/u;
const WORDY = /[\p{L}\p{M}\p{N}]/u;
const HAN_OR_KANA = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc]/u;

const enum Kind {
  Other = 1,
  Wordy = 2,
  Loose = 3,
  HanOrKana = 4,
}

const kinds = new Map<number, Kind>();

function kindOf(unit: number): Kind {
  let kind = kinds.get(unit);
  if (kind === undefined) {
    const c = String.fromCharCode(unit);
    if (HAN_OR_KANA.test(c)) kind = Kind.HanOrKana;
    else if (LOOSE.test(c)) kind = Kind.Loose;
    else if (WORDY.test(c) || (unit >= 0xd800 && unit <= 0xdfff)) kind = Kind.Wordy;
    else kind = Kind.Other;
    kinds.set(unit, kind);
  }
  return kind;
}

/** Letters, digits and marks of any script. */
export const isWordy = (unit: number): boolean => kindOf(unit) !== Kind.Other;
/** Han and kana. */
export const isHanOrKana = (unit: number): boolean => kindOf(unit) === Kind.HanOrKana;
/** Letters of scripts without spaces between words. */
export const isLoose = (unit: number): boolean => kindOf(unit) === Kind.Loose || kindOf(unit) === Kind.HanOrKana;
export const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57;
export const isAsciiLetter = (unit: number): boolean => unit >= 97 && unit <= 122;
export const isArabic = (unit: number): boolean => unit >= 0x600 && unit <= 0x6ff;
