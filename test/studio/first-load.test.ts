import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';

const MAX_BYTES = 200 * 1000;
const built = join(packageRoot(), 'dist', 'studio');
const read = (name: string): string => readFileSync(join(built, 'assets', name), 'utf8');
/** A script and what it cannot run without. */
function withImports(name: string, seen: Set<string>): void {
  if (seen.has(name)) return;
  seen.add(name);
  for (const [, other] of read(name).matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
    withImports(other!, seen);
}
const bytesOf = (names: Iterable<string>): number =>
  [...names].reduce((sum, name) => sum + gzipSync(readFileSync(join(built, 'assets', name))).length, 0);

t.test('no page loads more than 200 kB of script, packed', (t) => {
  const index = readFileSync(join(built, 'index.html'), 'utf8');
  const scripts = [...index.matchAll(/(?:src|href)="\/assets\/([\w.-]+\.js)"/g)].map(([, name]) => name!);
  t.ok(scripts.length > 0);
  t.notMatch(index, /<script(?![^>]*\ssrc=)/, 'no script within the page');
  const pages = readdirSync(join(built, 'assets')).filter((name) => /Page-[\w-]+\.js$/.test(name));
  t.ok(pages.length >= 10, `${pages.length} pages`);
  for (const page of pages) {
    const loaded = new Set<string>();
    for (const name of [...scripts, page]) withImports(name, loaded);
    const bytes = bytesOf(loaded);
    t.ok(bytes <= MAX_BYTES, `${page}: ${(bytes / 1000).toFixed(0)} kB in ${loaded.size} files`);
  }
  t.end();
});
