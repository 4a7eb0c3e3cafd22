/** A one-letter unit, which might otherwise be read as one or zero: 1 L, 5 l. */
const LETTER_UNIT = /(?<!\d)\d{1,2}\s?[lLiIoO](?![\p{L}\d])/u;
const YEAR = /^(?:19|20)\d\d$/;
const FIGURE = /^\d{1,6}(?:[.,]\d{1,2})?$/;
const DECIMAL = /^\d{1,6}[.,]\d{1,2}$/;
const FRACTIONS = /^\d{1,2}\/\d{1,2}(?:[\s,;]{1,3}\d{1,2}\/\d{1,2})+$/;
/** Quantities and prices do not begin with zero; telephone numbers do. */
const LEADING_NOUGHT = /^0\d/;
/** Figures allowed beside prices; others may be the remainder of a number with a stop in it. */
const SHORT_OR_ROUND = /^(?:\d{1,3}|\d+00)$/;
const BETWEEN = /[^\d.,]+|[.,]\s+/;

/**
 * Whether an apparent telephone number is a row of a table: prices, fractions, years, sizes, or quantities. Adjacent
 * figures are far more often a row than parts of one number.
 */
export function isRowOfFigures(text: string): boolean {
  if (text.includes('+')) return false;
  if (LETTER_UNIT.test(text) || FRACTIONS.test(text)) return true;
  const tokens = text.split(BETWEEN).filter((token) => token !== '');
  if (tokens.length < 2 || !tokens.every((token) => FIGURE.test(token))) return false;
  if (tokens.some((token) => LEADING_NOUGHT.test(token))) return false;
  if (tokens.some((token) => DECIMAL.test(token)))
    return tokens.every((token) => DECIMAL.test(token) || SHORT_OR_ROUND.test(token));
  if (tokens.length < 3) return false;
  const rises = tokens.every((n, i) => i === 0 || Number(n) > Number(tokens[i - 1]));
  const round = tokens.filter((n) => n.length >= 2 && n.endsWith('0')).length;
  if (tokens.every((n) => YEAR.test(n)) || round === tokens.length || (rises && 3 * round >= 2 * tokens.length))
    return true;
  return rises && tokens.length >= 4 && tokens.every((n) => n.length === 2);
}
