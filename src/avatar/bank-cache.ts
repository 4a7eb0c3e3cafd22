import { createHash } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { keepNewest, openOwnFile, writeOwnFile } from '../core/files/own-folder.js';
import { newBitmapId } from '../core/media/picture.js';
import type { Log } from '../core/log.js';
import { bytesOfFile } from '../native/map-file.js';
import type { PlacedBitmap } from './presenter-data.js';
import type { PoseBank } from './pose-bank.js';

/**
 * A pose bank on disk: `SRBANK01`, length of the header (uint32 LE), SHA-256 of everything after it, header as JSON,
 * then the bitmaps' planes one after another. An incomplete file, or another user's, is ignored. About 40 MB each; the
 * twelve most recently used are kept.
 */
const MAGIC = Buffer.from('SRBANK01');
const PREFIX_BYTES = MAGIC.length + 4 + 32;
const ENDING = '.bank';
const KEPT = 12;

interface Header {
  readonly sprites: readonly (readonly [x: number, y: number, width: number, height: number, opaque: 0 | 1])[];
  readonly bank: Omit<PoseBank, 'sprites'>;
}

const fileOf = (dir: string, key: string): string => join(dir, `${key}${ENDING}`);

export async function readBank(dir: string, key: string, log: Log): Promise<PoseBank | undefined> {
  const path = fileOf(dir, key);
  const file = await openOwnFile(path); // missing or unreadable: drawn again
  if (file === undefined) return undefined;
  try {
    const bytes = await bytesOfFile(file);
    const prefix = Buffer.from(bytes.slice(0, PREFIX_BYTES));
    if (prefix.length < PREFIX_BYTES || !prefix.subarray(0, 8).equals(MAGIC)) throw new Error('not a pose bank');
    const body = bytes.subarray(PREFIX_BYTES);
    if (!createHash('sha256').update(body).digest().equals(prefix.subarray(12))) throw new Error('damaged');
    const headerBytes = prefix.readUInt32LE(8);
    const header = JSON.parse(Buffer.from(body.slice(0, headerBytes)).toString('utf8')) as Header;
    let offset = headerBytes;
    const sprites: PlacedBitmap[] = header.sprites.map(([x, y, width, height, opaque]) => {
      const length = (width * height * 11) / 4;
      const data = body.subarray(offset, offset + length);
      offset += length;
      return { id: newBitmapId(), x, y, bitmap: { width, height, opaque: opaque === 1, data } };
    });
    if (offset !== body.length) throw new Error('length does not fit its header');
    await utimes(path, new Date(), new Date()); // marks it as recently used
    return { ...header.bank, sprites };
  } catch (error) {
    log.warn(
      { file: path, reason: (error as Error).message },
      'the presenter cache is unusable; drawing the presenter again',
    );
    return undefined;
  } finally {
    await file.close();
  }
}

/** A full disk only costs the cache. */
export async function writeBank(dir: string, key: string, bank: PoseBank, log: Log): Promise<void> {
  const { sprites, ...rest } = bank;
  const header: Header = {
    sprites: sprites.map((s) => [s.x, s.y, s.bitmap.width, s.bitmap.height, s.bitmap.opaque ? 1 : 0]),
    bank: rest,
  };
  let text = JSON.stringify(header);
  text += ' '.repeat((4 - (Buffer.byteLength(text) % 4)) % 4);
  const headerBytes = Buffer.from(text);
  const hash = createHash('sha256').update(headerBytes);
  for (const s of sprites) hash.update(s.bitmap.data);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(headerBytes.length, 8);
  hash.digest().copy(prefix, 12);
  const path = fileOf(dir, key);
  try {
    await writeOwnFile(path, [prefix, headerBytes, ...sprites.map((sprite) => sprite.bitmap.data)]);
    await keepNewest(dir, ENDING, KEPT);
  } catch (error) {
    log.warn(
      { file: path, reason: (error as Error).message },
      'the presenter could not be cached; the next start draws it again',
    );
  }
}
