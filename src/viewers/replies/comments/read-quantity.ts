/** "2k", "1.5万", "五百": how chats write round numbers. */
const FACTORS: Readonly<Record<string, number>> = {
  k: 1e3,
  千: 1e3,
  万: 1e4,
  萬: 1e4,
  百: 100,
  만: 1e4,
  천: 1e3,
  พัน: 1e3,
  หมื่น: 1e4,
};
const HAN_DIGITS: Readonly<Record<string, number>> = {
  一: 1,
  两: 2,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};
const FIGURE =
  /(?<![\p{L}\p{N}.,])(\d{1,3}(?:[.,\u00a0 ]\d{3})+|\d{1,7}(?:[.,]\d{1,2})?)\s?(k|千|万|萬|百|만|천|พัน|หมื่น)?(?![\d%])\s?(\p{L}*)/giu;
const HAN = /([一两二三四五六七八九])(百|千|万)/u;
/** Units of measures: their figures are no quantities. */
const MEASURES =
  /^(ml|cl|l|lt|litre|liter|litro|g|gr|kg|gram|mm|cm|m|meter|w|watt|v|volt|mah|inch|oz|day|dia|tag|jour|giorn|dag|dni|gun|hari|ngay|year|jahr|ano|usd|dollar|euro|eur|年|天|日|元|块|毫升|升|厘米|克|瓦|дн|руб|days|años|anni)/iu;
const MAX_QUANTITY = 10_000_000;

/** The number of pieces that a comment asks about; undefined without one. */
export function readQuantity(comment: string): number | undefined {
  const text = comment.normalize('NFKC');
  for (const [, figure, factor, unit] of text.matchAll(FIGURE)) {
    if (unit !== undefined && unit !== '' && MEASURES.test(unit)) continue;
    const value = Number(figure!.replace(/[.,\u00a0 ](?=\d{3}(?!\d))/g, '').replace(',', '.'));
    const count = Math.round(value * (FACTORS[factor?.toLowerCase() ?? ''] ?? 1));
    if (count >= 1 && count <= MAX_QUANTITY) return count;
  }
  const han = HAN.exec(text);
  return han === null ? undefined : HAN_DIGITS[han[1]!]! * FACTORS[han[2]!]!;
}

const FIGURES = /\p{Nd}+(?:[.,\u00a0 ]\p{Nd}{3}(?!\p{Nd}))*/gu;

/**
 * The quantity of a question as the show may say it. A comment with a second figure has none: "13800 13800" is no
 * quantity, and nobody needs to know which of two was meant.
 */
export function askedQuantity(comment: string): number | undefined {
  const figures = comment.normalize('NFKC').match(FIGURES) ?? [];
  return figures.length > 1 ? undefined : readQuantity(comment);
}
