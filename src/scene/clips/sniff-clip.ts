import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { clipInvalid } from './clip-limits.js';

/** The demuxer for ffmpeg; it must not guess. */
export type ClipContainer = 'mov' | 'matroska';

const HEAD_BYTES = 64;
/** Brands of still pictures in MP4's container: AVIF and HEIC. */
const PICTURE_BRANDS = new Set(['avif', 'heic', 'heix', 'heim', 'heis', 'mif1', 'mif2', 'miaf']);
const OLD_MOV_BOXES = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);
/** Video in other containers; without this the picture reader would report a broken picture. */
const FOREIGN: readonly (readonly [name: string, test: (head: Buffer) => boolean])[] = [
  ['AVI', (h) => latin(h, 0, 4) === 'RIFF' && latin(h, 8, 12) === 'AVI '],
  ['FLV', (h) => latin(h, 0, 3) === 'FLV'],
  ['Ogg', (h) => latin(h, 0, 4) === 'OggS'],
  ['ASF or WMV', (h) => h.readUInt32BE(0) === 0x3026b275],
  ['MPEG', (h) => h.readUInt32BE(0) === 0x000001ba || h.readUInt32BE(0) === 0x000001b3],
  ['an HLS playlist', (h) => latin(h, 0, 7) === '#EXTM3U'],
  ['an ffmpeg list of files', (h) => /^ffconcat/i.test(latin(h, 0, 8))],
];
const CLIP_NAMES = new Set(['.mp4', '.m4v', '.mov', '.webm', '.mkv', '.avi', '.ts', '.flv', '.wmv', '.mpg', '.m3u8']);

const latin = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);

/**
 * A file's kind by its first bytes, whatever its name: a clip's container, or undefined for anything else, which the
 * picture reader then judges. Throws E_ASSET_INVALID for an unsupported video container, and for another file with a
 * clip's name.
 */
export async function sniffClip(src: string, place: string): Promise<ClipContainer | undefined> {
  if (src.startsWith('data:')) return undefined;
  const head = await headOf(src);
  if (head === undefined) return undefined;
  if (head.readUInt32BE(0) === 0x1a45dfa3) return 'matroska';
  const box = latin(head, 4, 8);
  if (box === 'ftyp' && !PICTURE_BRANDS.has(latin(head, 8, 12))) return 'mov';
  if (OLD_MOV_BOXES.has(box)) return 'mov';
  for (const [name, test] of FOREIGN) if (test(head)) throw clipInvalid(place, name);
  if (CLIP_NAMES.has(extname(src).toLowerCase()) && box !== 'ftyp') throw clipInvalid(place, 'a file of another kind');
  return undefined;
}

/** Undefined when the file cannot be read: the picture reader reports the reason. */
async function headOf(src: string): Promise<Buffer | undefined> {
  const file = await open(src, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const head = Buffer.alloc(HEAD_BYTES);
    await file.read(head, 0, HEAD_BYTES, 0);
    return head;
  } catch {
    return undefined; // the picture reader reports the reason
  } finally {
    await file.close();
  }
}
