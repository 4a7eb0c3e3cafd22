import type { Product } from '../../../config/sections/product.js';

/**
 * Marks and labels of goods that viewers ask for by name.
 *
 * Rule: a question for one of them is answered by certificates only where the listing prints that one. "Is it halal" is not
 * answered by "It has these certificates: CE".
 */
const LATIN = [
  'ce',
  'ukca',
  'fcc',
  'rohs',
  'reach',
  'fda',
  'ul',
  'etl',
  'gs',
  'tuv|tüv',
  'ccc|3c',
  'kc',
  'pse',
  'eac',
  'saa',
  'csa',
  'lfgb',
  'cpc',
  'cpsia',
  'en ?-?71',
  'astm',
  'oeko ?-?tex',
  'gots',
  'grs',
  'fsc',
  'haccp',
  'gmp',
  'nsf',
  'iso(?: ?-?\\d{4,5})?',
  'bsci',
  'sgs',
  'bifma',
  'bis|isi',
  'sni',
  'bpom',
  'inmetro',
  'anvisa',
  'msds',
  'un ?38\\.3',
];
const EDGE = String.raw`[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Devanagari}\p{N}]`;
const wholeWord = (pattern: string): string => `(?<!${EDGE})(?:${pattern})(?!${EDGE})`;
const MARKS: readonly RegExp[] = [
  ...LATIN.map((one) => new RegExp(wholeWord(one), 'iu')),
  /มอก/u,
  new RegExp(`${wholeWord('halal|helal|халяль|حلال|हलाल')}|清真|ハラー?ル|할랄|ฮาลาล`, 'iu'),
  new RegExp(`${wholeWord('kosher|ko(?:sch|osj)er|koszern\\p{L}*|кошер\\p{L}*|koşer')}|犹太洁食|コーシャ|코셔`, 'iu'),
  new RegExp(`${wholeWord('v[eé]gan\\p{L}*|веган\\p{L}*|wega[nń]\\p{L}*|वीगन')}|纯素|[ヴビ]ィ?ーガン|비건|วีแกน`, 'iu'),
  new RegExp(
    `${wholeWord('org[aáâ]ni[ckq]\\p{L}*|ecol[oó]gic\\p{L}*|bio|biologi\\p{L}*|öko|органи\\p{L}*|عضوي\\p{L}*|ऑर्गेनिक|hữu cơ')}|有机|オーガニック|유기농|ออร์แกนิก`,
    'iu',
  ),
];

/** Whether the comment names marks, and the listing prints none of them. */
export function asksOtherMark(comment: string, { title, attributes, certificates, facts }: Product): boolean {
  const asked = MARKS.filter((mark) => mark.test(comment.normalize('NFKC')));
  if (asked.length === 0) return false;
  const printed = [title, ...certificates.map(({ name }) => name), ...attributes.map(({ value }) => value), ...facts];
  return !asked.some((mark) => printed.some((one) => mark.test(one)));
}
