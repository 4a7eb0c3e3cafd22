import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeFolder } from '../../../src/core/files/make-folder.js';

t.test('creates a folder with its parents, and returns the topmost new one', async (t) => {
  const dir = t.testdir();
  t.equal(await makeFolder(join(dir, 'a', 'b', 'c'), 0o700), join(dir, 'a'));
  t.equal(statSync(join(dir, 'a', 'b')).mode & 0o777, 0o700);
  t.equal(await makeFolder(join(dir, 'a', 'b')), undefined);
  t.equal(await makeFolder(join(dir, 'a', 'd')), join(dir, 'a', 'd'));
});

t.test('concurrent calls create it once', async (t) => {
  const dir = join(t.testdir(), 'x', 'y');
  await Promise.all(Array.from({ length: 8 }, () => makeFolder(dir)));
  t.ok(existsSync(dir));
});

t.test('ends with the cause where no folder can be created', async (t) => {
  const dir = t.testdir({ file: '' });
  await t.rejects(makeFolder('/proc/none/room'), { code: 'ENOENT' });
  await t.rejects(makeFolder(join(dir, 'file')), { code: 'EEXIST' });
  await t.rejects(makeFolder(join(dir, 'file', 'x')), { code: 'ENOTDIR' });
});
