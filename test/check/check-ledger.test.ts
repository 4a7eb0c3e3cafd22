import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { checkLedger } from '../../src/check/check-ledger.js';

t.test('accepts a writable ledger and leaves nothing behind', async (t) => {
  const dir = t.testdir({ 'old.jsonl': 'a line\n' });
  t.same(await checkLedger(join(dir, 'a', 'b', 'ledger.jsonl')), []);
  t.notOk(existsSync(join(dir, 'a')));
  t.same(await checkLedger(join(dir, 'old.jsonl')), []);
  t.equal(readFileSync(join(dir, 'old.jsonl'), 'utf8'), 'a line\n');
});

t.test('reports an unwritable ledger with its place and cause', async (t) => {
  const dir = t.testdir({ file: 'x', folder: {} });
  const cases: [string, RegExp][] = [
    [join(dir, 'folder'), /^a folder$/],
    [join(dir, 'file', 'ledger.jsonl'), /ENOTDIR|EEXIST/],
    ['/dev/null', /other than a regular file/],
    ['/proc/none/room/ledger.jsonl', /ENOENT/],
  ];
  for (const [file, found] of cases) {
    const faults = await checkLedger(file);
    t.match(faults, [{ severity: 'fault', where: 'compliance.ledger', found }], file);
    t.match(faults[0]!.expected, file);
  }
  t.ok(existsSync(join(dir, 'folder')));
});
