import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { replaceFile, syncFolder } from '../../../src/core/files/replace-file.js';
import { fullDisk } from '../../compliance/ledger/full-disk.js';

t.test('replaces a file atomically, and a full disk leaves the old one unchanged', async (t) => {
  const disk = await fullDisk(t);
  const file = join(t.testdir(), 'state.json');
  await replaceFile(file, 'old', { mode: 0o600 });
  t.equal(statSync(file).mode & 0o777, 0o600);
  disk.full = true;
  await t.rejects(replaceFile(file, 'new'), { code: 'ENOSPC' });
  t.equal(readFileSync(file, 'utf8'), 'old');
  t.same(readdirSync(join(file, '..')), ['state.json']);
  disk.full = false;
  await replaceFile(file, new Uint8Array([110]), { draft: `${file}.part` });
  t.equal(readFileSync(file, 'utf8'), 'n');
});

t.test('a missing folder cannot be synced', async (t) => {
  await t.rejects(syncFolder(join(t.testdir(), 'none')), { code: 'ENOENT' });
});
