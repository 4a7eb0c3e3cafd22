/**
 * Writes templates/languages/latin.bin: how often runs of letters occur in the languages that are written in Latin
 * letters, packed into half a megabyte. The frequencies are those of ELD (medium size, © Nito T.M., Apache-2.0),
 * of which half, the languages with a script of their own, is left out.
 *
 *   npm run tool -- write-language-table
 *
 * The file, deflated: one line of JSON (see LatinLanguages), then little-endian keys as differences (Uint32), the
 * number of entries of each key (Uint8), the entries' languages (Uint8) and their scores (Uint8).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { packageRoot, templatePath } from '../../../src/core/files/paths.js';

const LATIN = 'az ca cs da de en es et eu fi fr hr hu is it lt lv ms nl no pl pt ro sk sl sq sv tl tr vi yo'.split(' ');
/** Offset of every score in the source. */
const SCORE_BASE = 53;

interface Source {
  readonly ngramsData: {
    readonly languages: Readonly<Record<string, string>>;
    readonly ngrams: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
}
const source = (file: string): Promise<unknown> =>
  import(pathToFileURL(join(packageRoot(), 'node_modules/eld/src', file)).href) as Promise<unknown>;
const { ngramsData } = (await source('ngrams/medium.js')) as Source;
const { avgScore } = (await source('avgScore.js')) as { avgScore: Readonly<Record<string, number>> };
const { dictionary } = (await source('dictionary.js')) as { dictionary: readonly string[] };
const byteOf = new Map(dictionary.map((c, byte) => [c, byte] as const).filter(([, byte]) => byte >= 0x80));

interface Row {
  readonly key: number;
  readonly entries: readonly (readonly [language: number, score: number])[];
}
/** By whether the run begins a word (2) and ends one (1). */
const sections: Row[][] = [[], [], [], []];
for (const [run, scores] of Object.entries(ngramsData.ngrams)) {
  const entries = Object.entries(scores)
    .map(([id, score]) => [LATIN.indexOf(ngramsData.languages[id]!), score] as const)
    .filter(([language]) => language >= 0);
  if (entries.length === 0) continue;
  const begins = run.startsWith(' ');
  const ends = run.endsWith(' ') && run.length > 1;
  const letters = run.slice(begins ? 1 : 0, ends ? -1 : undefined);
  let key = 0;
  for (const c of letters) key = ((key << 8) | (byteOf.get(c) ?? c.charCodeAt(0))) >>> 0;
  if (letters.length > 4 || letters.length === 0) throw new Error(`a run of ${letters.length} bytes: "${run}"`);
  sections[(begins ? 2 : 0) + (ends ? 1 : 0)]!.push({ key, entries });
}

const rows = sections.flatMap((section) => {
  section.sort((a, b) => a.key - b.key);
  return section.map(({ key, entries }, i) => ({ step: i === 0 ? key : key - section[i - 1]!.key, entries }));
});
const entries = rows.flatMap((row) => row.entries);
const header = {
  languages: LATIN,
  usual: LATIN.map((language) => avgScore[language]),
  sections: sections.map((section) => section.length),
  entries: entries.length,
};
const bytes = Buffer.concat([
  Buffer.from(`${JSON.stringify(header)}\n`),
  Buffer.from(Uint32Array.from(rows, (row) => row.step).buffer),
  Buffer.from(Uint8Array.from(rows, (row) => row.entries.length)),
  Buffer.from(Uint8Array.from(entries, ([language]) => language)),
  Buffer.from(Uint8Array.from(entries, ([, score]) => score + SCORE_BASE)),
]);
const packed = deflateRawSync(bytes, { level: 9 });
writeFileSync(templatePath('languages', 'latin.bin'), packed);
process.stdout.write(`${rows.length} runs of letters, ${entries.length} entries, ${packed.length} bytes\n`);
