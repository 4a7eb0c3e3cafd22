import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readRegularFile } from '../../../src/core/files/regular-file.js';

const dir = t.testdir({ inside: { a: 'abc', empty: '' }, outside: 'secret' });
const inside = join(dir, 'inside');

t.test('reads a regular file up to its bound', async (t) => {
  t.equal((await readRegularFile(join(inside, 'a'), { maxBytes: 3 })).toString(), 'abc');
  t.equal((await readRegularFile(join(inside, 'empty'), { maxBytes: 3 })).length, 0);
  await t.rejects(readRegularFile(join(inside, 'a'), { maxBytes: 2 }), { code: 'too-large' });
  const large = Buffer.alloc(3_000_000, 7);
  writeFileSync(join(inside, 'large'), large);
  t.ok((await readRegularFile(join(inside, 'large'), { maxBytes: 3_000_000 })).equals(large));
});

t.test('reads no folder, no device, no pipe and no file of an endless system', async (t) => {
  await t.rejects(readRegularFile(inside, { maxBytes: 9 }), { code: 'no-file', found: 'a folder' });
  await t.rejects(readRegularFile(join(dir, 'none'), { maxBytes: 9 }), { code: 'missing' });
  if (process.platform === 'win32') return;
  await t.rejects(readRegularFile('/dev/zero', { maxBytes: 9 }), { code: 'no-file' });
  const pipe = join(dir, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await t.rejects(readRegularFile(pipe, { maxBytes: 9 }), { code: 'no-file' });
  // Its size is reported as 0.
  if (process.platform === 'linux')
    await t.rejects(readRegularFile('/proc/self/maps', { maxBytes: 9 }), { code: 'too-large' });
});

t.test('follows links by where they really lead', { skip: process.platform === 'win32' }, async (t) => {
  symlinkSync(join(dir, 'outside'), join(inside, 'out'));
  symlinkSync('a', join(inside, 'in'));
  const options = { maxBytes: 99, within: inside };
  t.equal((await readRegularFile(join(inside, 'in'), options)).toString(), 'abc');
  await t.rejects(readRegularFile(join(inside, 'out'), options), { code: 'outside' });
  await t.rejects(readRegularFile(join(inside, '..', 'outside'), options), { code: 'outside' });
  symlinkSync(inside, join(dir, 'linked'));
  const linked = join(dir, 'linked');
  t.equal((await readRegularFile(join(linked, 'a'), { ...options, within: linked })).toString(), 'abc');
});
