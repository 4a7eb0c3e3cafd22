import { readFile, stat } from 'node:fs/promises';
import { EngineError } from '../../core/errors.js';

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

export const MAX_ASSET_BYTES = 20 * 1024 * 1024;
export const MAX_ASSET_PIXELS = 50_000_000;

/** Bytes of a picture, from an absolute path or a base64 data: URL. `where` names the layer. */
export async function readAsset(src: string, where: string): Promise<Buffer> {
  if (src.startsWith('data:')) return readDataUrl(src, where);
  let size: number;
  try {
    const found = await stat(src);
    if (!found.isFile()) throw Object.assign(new Error('not a file'), { code: 'EISDIR' });
    size = found.size;
  } catch (cause) {
    throw missing(src, where, cause);
  }
  if (size > MAX_ASSET_BYTES) throw tooLarge(`${where}: ${src}`, `${(size / 1024 / 1024).toFixed(1)} MB`);
  try {
    return await readFile(src);
  } catch (cause) {
    throw missing(src, where, cause);
  }
}

/** An asset's name in messages: the path, or the head of a data: URL. */
export const assetName = (src: string): string => (src.startsWith('data:') ? `${src.slice(0, 24)}…` : src);

function readDataUrl(src: string, where: string): Buffer {
  if (src.length > MAX_ASSET_BYTES * 1.4) throw tooLarge(where, `a data: URL of ${src.length} characters`);
  const match = /^data:image\/(?:png|jpe?g|webp|gif|svg\+xml)(?:;charset=utf-?8)?(;base64)?,/i.exec(src);
  if (match === null) {
    throw new EngineError('E_ASSET_INVALID', {
      where,
      expected: 'a data: URL of a PNG, JPEG, WebP, GIF or SVG',
      found: assetName(src),
    });
  }
  const body = src.slice(match[0].length);
  if (match[1] !== undefined) return Buffer.from(body, 'base64');
  try {
    return Buffer.from(decodeURIComponent(body), 'utf8');
  } catch (cause) {
    throw new EngineError('E_ASSET_INVALID', {
      where,
      expected: 'a well-formed data: URL',
      found: assetName(src),
      cause,
    });
  }
}

function missing(src: string, where: string, cause: unknown): EngineError {
  const code = (cause as NodeJS.ErrnoException).code;
  return new EngineError('E_ASSET_MISSING', {
    where,
    expected: `the file ${src}`,
    found: code === 'ENOENT' ? 'no such file' : String((cause as Error).message),
    todo: 'paths are relative to the room file',
    cause,
  });
}

export const tooLarge = (where: string, found: string): EngineError =>
  new EngineError('E_ASSET_TOO_LARGE', {
    where,
    expected: `at most ${MAX_ASSET_BYTES / 1024 / 1024} MB and ${MAX_ASSET_PIXELS / 1e6} megapixels`,
    found,
    todo: 'save it at the size it is shown',
  });
