const HEADS: readonly (readonly [at: number, bytes: string])[] = [
  [0, '\x89PNG\r\n\x1a\n'],
  [0, '\xff\xd8\xff'],
  [0, 'GIF8'],
  [8, 'WEBP'],
  [0, 'II*\0'],
  [0, 'MM\0*'],
  [4, 'ftypavif'],
  [4, 'ftypavis'],
  [4, 'ftypmif1'],
  [4, 'ftyphei'],
];
const SVG_HEAD_BYTES = 64 * 1024;

/** Whether a file begins as a picture does, whatever its name. */
export function isPicture(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, 16);
  if (HEADS.some(([at, begin]) => head.startsWith(begin, at))) return true;
  const text = bytes.toString('utf8', 0, SVG_HEAD_BYTES);
  return /^[\uFEFF\s]*</.test(text) && /<(?:[\w-]+:)?svg[\s>]/.test(text);
}
