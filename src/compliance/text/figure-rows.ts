/** A price or a measure: 4.80, 2,5. */
const DECIMAL = /(?<!\d)\d{1,6}[.,]\d{1,2}(?![\d.,])/;
/** A unit of one letter, which else may be read as a one or a nought: 1 L, 5 l. */
const LETTER_UNIT = /\d\s?[lLiIoO](?![\p{L}\d])/u;
const YEAR = /^(?:19|20)\d\d$/;

/**
 * Whether what looks like a telephone number is a row of a table: prices, years, sizes with a unit, or quantities that go up. Texts
 * that stand beside each other are that far more often than parts of one number.
 */
export function isRowOfFigures(text: string): boolean {
  if (text.includes('+')) return false;
  if (DECIMAL.test(text) || LETTER_UNIT.test(text)) return true;
  const groups = text.match(/\d+/g) ?? [];
  if (groups.length < 3) return false;
  if (groups.every((g) => YEAR.test(g))) return true;
  const round = groups.filter((g) => g.length >= 2 && g.endsWith('0')).length;
  return 3 * round >= 2 * groups.length && groups.every((g, i) => i === 0 || Number(g) > Number(groups[i - 1]));
}
