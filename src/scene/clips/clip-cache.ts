/**
 * A cache of decoded clips that survives restarts.
 *
 * Demands: an entry was made from the same file, by the same tool, with the same settings; the disk does not fill up.
 * Rule: entries are named by a digest of the file's content, its fitting, the rate and ffmpeg's version; 6 GB, most
 * recently used. The folder is on the disk: the temporary folder is memory on many systems.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameRate } from '../../core/time.js';
import type { FittedClip } from './fit-clip.js';

const BUDGET_BYTES = 6 * 1024 ** 3;
/** Half-written files of killed engines. */
const STALE_MS = 3600_000;
/** Bump when the decoding or the file format changes. */
const FORMAT = 1;

export async function digestOfFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { signal })) hash.update(part as Buffer);
  return hash.digest('hex');
}

export function clipKey(
  content: string,
  { scaleWidth, scaleHeight, width, height }: FittedClip,
  radius: number,
  rate: FrameRate,
  tool: string,
): string {
  const parts = [FORMAT, content, scaleWidth, scaleHeight, width, height, radius, rate.num, rate.den, tool];
  return createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 40);
}

export const clipPath = (dir: string, key: string): string => join(dir, `${key}.clip`);

/** Removes the least recently used files; a file being read stays readable for its reader. */
export async function trimClipCache(dir: string, budgetBytes = BUDGET_BYTES, nowMs = Date.now()): Promise<void> {
  const names = await readdir(dir).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name);
      const found = await stat(path).catch(() => undefined);
      return { path, bytes: found?.size ?? 0, usedMs: found?.mtimeMs ?? 0, whole: name.endsWith('.clip') };
    }),
  );
  let bytes = 0;
  for (const file of files.toSorted((a, b) => b.usedMs - a.usedMs)) {
    if (file.whole) bytes += file.bytes;
    const old = file.whole ? bytes > budgetBytes : nowMs - file.usedMs > STALE_MS;
    if (old) await rm(file.path, { force: true });
  }
}
