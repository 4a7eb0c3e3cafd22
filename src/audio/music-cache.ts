/**
 * Keeps music beds as they are mixed, so that a room that starts again does not decode and measure them again.
 *
 * Problem: decoding and measuring a minute of music takes 0.4 s of CPU, the longest work of a start after a crash.
 * Demands: the same samples as without; a file that is damaged, or of anybody else, counts as none; the disk does not
 * fill up.
 * Rule: under the SHA-256 of the music's file stand `SRMUSIC1`, the loudness (float64 LE), the SHA-256 of the
 * samples, and the samples. Written beside and renamed. Numbers: 11.5 MB a minute; the eight used last are kept.
 */
import { createHash } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { keepNewest } from '../core/files/keep-newest.js';
import { openOwnFile, writeOwnFile } from '../core/files/own-folder.js';
import type { Music } from './music.js';

const MAGIC = Buffer.from('SRMUSIC1');
const HEAD_BYTES = MAGIC.length + 8 + 32;
const ENDING = '.music';
const KEPT = 8;

/** Of the bytes of a music file. */
export const musicKey = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 40);

const fileOf = (dir: string, key: string): string => join(dir, `${key}${ENDING}`);

/** Undefined when there is none that is whole and ours. */
export async function readMusic(dir: string, key: string): Promise<Music | undefined> {
  const path = fileOf(dir, key);
  const file = await openOwnFile(path); // not kept, or not ours to read: made anew
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    if (size <= HEAD_BYTES || (size - HEAD_BYTES) % 4 !== 0) return undefined;
    const head = Buffer.alloc(HEAD_BYTES);
    await file.read(head, 0, HEAD_BYTES, 0);
    if (!head.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
    const body = new Uint8Array(new SharedArrayBuffer(size - HEAD_BYTES));
    for (let at = 0; at < body.length;) {
      const { bytesRead } = await file.read(body, at, body.length - at, HEAD_BYTES + at);
      if (bytesRead === 0) return undefined;
      at += bytesRead;
    }
    if (
      !createHash('sha256')
        .update(body)
        .digest()
        .equals(head.subarray(MAGIC.length + 8))
    )
      return undefined;
    await utimes(path, new Date(), new Date()); // used last
    return { pcm: new Int16Array(body.buffer), loudnessLufs: head.readDoubleLE(MAGIC.length) };
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** A full disk costs the next start its speed only. */
export async function writeMusic(dir: string, key: string, { pcm, loudnessLufs }: Music): Promise<void> {
  const body = new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head.writeDoubleLE(loudnessLufs, MAGIC.length);
  createHash('sha256')
    .update(body)
    .digest()
    .copy(head, MAGIC.length + 8);
  const path = fileOf(dir, key);
  try {
    await writeOwnFile(path, [head, body]);
    await keepNewest(dir, ENDING, KEPT);
  } catch {
    return; // a cache that can't be written costs time only
  }
}
