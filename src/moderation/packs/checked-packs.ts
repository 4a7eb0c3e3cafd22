import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { RulePack, RulePacks } from './rule-table.js';

/**
 * The rule packs as read and checked by the build, because checking every word takes a tenth of a second at each start.
 * They are valid for the exact bytes that were checked: after a file is changed, added or removed, all packs are read
 * again. Fixtures are omitted; only tests need them.
 */
const FILE = new URL('./checked-packs.bin', import.meta.url);

interface Kept {
  readonly digest: string;
  /** See `wordsDigest`. */
  readonly words: string;
  readonly packs: readonly RulePack[];
}

/** Digest of the words of packs that the build has read; computing it takes 20 ms. */
const known = new WeakMap<RulePacks, string>();

/** Digest of all words and their meanings, in order. */
export function wordsDigest(packs: RulePacks): string {
  const before = known.get(packs);
  if (before !== undefined) return before;
  const words = packs.map(({ rule, language, say, sets, except }) => [rule, language, say, sets, except]);
  return createHash('sha256').update(JSON.stringify(words)).digest('hex');
}

/** The files of all packs under a folder, `<rule>/<language>.json`, in a fixed order. */
export function packFiles(folder: string): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory()) continue;
    for (const file of readdirSync(join(folder, entry.name)).sort()) {
      if (file.endsWith('.json')) files.push(join(folder, entry.name, file));
    }
  }
  return files;
}

/** Undefined when the build left no file, or one for other packs. */
export function readCheckedPacks(folder: string, file: URL = FILE): RulePacks | undefined {
  try {
    const kept = deserialize(readFileSync(file)) as Kept;
    if (kept.digest !== digestOf(folder)) return undefined;
    known.set(kept.packs, kept.words);
    return kept.packs;
  } catch {
    return undefined; // running from sources, or the file is damaged
  }
}

/** Called by the build. */
export function writeCheckedPacks(folder: string, packs: RulePacks, file: URL = FILE): void {
  const kept: Kept = {
    digest: digestOf(folder),
    words: wordsDigest(packs),
    packs: packs.map((pack) => ({ ...pack, trip: [], pass: [] })),
  };
  writeFileSync(file, serialize(kept));
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const path of packFiles(folder)) {
    const bytes = readFileSync(path);
    hash.update(`${path.slice(folder.length)} ${bytes.length} `).update(bytes);
  }
  return hash.digest('hex');
}
