import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';

const folder = pathToFileURL(join(packageRoot(), 'src/studio/'));
const read = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`messages/${language}.json`, folder), 'utf8'));
const en = read('en');
const zh = read('zh');
const places = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name ?? ''))].sort();

t.test('every text of the pages is there in both languages, with the same values', (t) => {
  t.same(Object.keys(zh).sort(), Object.keys(en).sort());
  for (const [key, text] of Object.entries(en)) t.same(places(zh[key] ?? ''), places(text), key);
  t.end();
});

t.test('no Chinese text is an English one left over', (t) => {
  const same = Object.entries(zh).filter(
    ([key, text]) => text === en[key] && /[a-z]{4,}/.test(text.replace(/\{[^}]*\}/g, '')),
  );
  t.same(
    same.filter(([key]) => !key.endsWith('.name') && !key.startsWith('desk.platform.')),
    [],
  );
  t.end();
});

t.test('every text is used by a page', (t) => {
  const sources = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(svelte|ts)$/.test(entry.name))
    .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8'))
    .join('\n');
  // `error.CODE`, and keys that end in a value: `shell.theme.${theme}`.
  const made = [...sources.matchAll(/[`']([\w-]+\.[\w.-]*)\$\{/g)].map(([, start]) => start ?? '');
  const unused = Object.keys(en).filter(
    (key) => !sources.includes(`'${key}'`) && !made.some((start) => key.startsWith(start)),
  );
  t.same(unused, []);
  t.end();
});

t.test('every change that the studio keeps a record of has its words', (t) => {
  const server = pathToFileURL(join(packageRoot(), 'src/server/'));
  const actions = readdirSync(server, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .flatMap((entry) => [
      ...readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8').matchAll(/\baction: '([\w.-]+)'/g),
    ])
    .map(([, action]) => action ?? '');
  t.ok(actions.length > 30);
  t.same(
    actions.filter((action) => en[`audit.${action}`] === undefined),
    [],
  );
  t.end();
});
