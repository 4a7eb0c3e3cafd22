import { readFileSync, statSync } from 'node:fs';
import type { Segment } from '../config/sections/script.js';
import { replaceFile } from '../core/files/replace-file.js';

/** Puts new segments into a room file; everything else in it stays as it is, its order too. */
export async function replaceScript(file: string, segments: readonly Segment[]): Promise<void> {
  const room = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')) as { script?: object };
  room.script = { ...room.script, segments };
  await replaceFile(file, `${JSON.stringify(room, null, 2)}\n`, { mode: statSync(file).mode & 0o777 });
}
