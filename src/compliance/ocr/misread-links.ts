/** Half-open range of UTF-16 offsets. */
interface Range {
  readonly start: number;
  readonly end: number;
}

const ADDRESS = /(?:\bw{3}\s?[.,·。]\s?|\bhttps?\s?[:：;]\s?[/／]{1,2}\s?)[a-z0-9][a-z0-9.,·/_-]{2,}/gi;

/**
 * Web addresses whose ending was misread (`www.shop.cor`) or cut off by the picture's edge. The text rules identify an
 * address by its top-level domain, which text recognition often garbles. The beginning is sufficient.
 */
export function findMisreadLinks(text: string): Range[] {
  return [...text.matchAll(ADDRESS)].map((m) => ({ start: m.index, end: m.index + m[0].length }));
}

/** The platform's own addresses, which may be shown. */
export const isOwnAddress = (match: string): boolean =>
  /[./](?:alibaba|taobao|tmall|1688|aliexpress)[.,·]/i.test(match);
