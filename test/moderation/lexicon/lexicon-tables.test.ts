import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { readCheckedPacks, writeCheckedPacks } from '../../../src/moderation/packs/checked-packs.js';
import { loadRulePacks, rulePack } from '../../../src/moderation/packs/rule-packs.js';
import { lexiconTables, writeLexiconTables } from '../../../src/moderation/lexicon/lexicon-tables.js';

const pack = (words: string[]) => rulePack.parse({ rule: '3.1', language: 'en', say: { payment: words } });
const dir = mkdtempSync(join(tmpdir(), 'showroom-tables-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

t.test('uses the tables of the build for the packs they were made of, and for no others', async (t) => {
  const file = pathToFileURL(join(dir, 'tables.bin'));
  const packs = [pack(['wire transfer', 'ｐａｙｐａｌ*'])];
  const made = lexiconTables(packs, file);
  writeLexiconTables(packs, file);
  const kept = lexiconTables(packs, file) as object;
  t.match(kept, { packs: /^[0-9a-f]{64}$/ }, 'read from the file');
  t.strictSame({ ...kept, packs: undefined }, { ...made, packs: undefined });
  const others = lexiconTables([pack(['wire transfers'])], file) as object;
  t.notHas(others, { packs: /./ }, 'one word was changed');
  writeFileSync(file, 'damaged');
  t.strictSame(lexiconTables(packs, file), made);
});

t.test('uses checked packs only for the bytes that were checked', async (t) => {
  mkdirSync(join(dir, 'rules', '3.1'), { recursive: true });
  const one = join(dir, 'rules', '3.1', 'en.json');
  writeFileSync(one, JSON.stringify({ rule: '3.1', language: 'en', say: { payment: ['wire transfer'] } }));
  const folder = join(dir, 'rules');
  const file = pathToFileURL(join(dir, 'packs.bin'));
  t.equal(readCheckedPacks(folder, file), undefined, 'none were kept');
  const packs = loadRulePacks(folder);
  writeCheckedPacks(folder, packs, file);
  t.strictSame(readCheckedPacks(folder, file), packs);
  writeFileSync(one, JSON.stringify({ rule: '3.1', language: 'en', say: { payment: ['cash'] } }));
  t.equal(readCheckedPacks(folder, file), undefined, 'a file was changed');
});
