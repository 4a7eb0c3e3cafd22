import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { isAnotherOnAir, markOnAir } from '../../../src/core/processes/on-air-marks.js';
import { markProcess } from '../../../src/core/processes/process-mark.js';

const skip = existsSync('/proc/self/stat') ? false : 'needs /proc';

t.test('detects another engine on air, and forgets a killed one', { skip }, async (t) => {
  const folder = join(t.testdir(), 'on-air');
  t.equal(isAnotherOnAir(folder), false, 'no folder');
  const own = markOnAir(folder);
  t.equal(isAnotherOnAir(folder), false, 'this process itself');
  const other = spawn('sleep', ['60']);
  const mark = markProcess(other.pid!)!;
  writeFileSync(join(folder, `${other.pid}.json`), JSON.stringify(mark));
  t.equal(isAnotherOnAir(folder), true);
  const ended = new Promise((resolve) => other.once('exit', resolve));
  other.kill('SIGKILL');
  await ended;
  t.equal(isAnotherOnAir(folder), false);
  t.strictSame(readdirSync(folder), [`${process.pid}.json`], 'its file is removed');
  await own.close();
  await own.close();
  t.strictSame(readdirSync(folder), []);
});

t.test('trusts neither a later process of the same number nor a folder of others', { skip }, async (t) => {
  const folder = join(t.testdir(), 'on-air');
  mkdirSync(folder, { mode: 0o700 });
  const init = { pid: process.ppid, born: 'another boot:1' };
  writeFileSync(join(folder, '1.json'), JSON.stringify(init));
  t.equal(isAnotherOnAir(folder), false);
  writeFileSync(join(folder, '1.json'), JSON.stringify(markProcess(process.ppid)));
  t.equal(isAnotherOnAir(folder), true);
  chmodSync(folder, 0o777);
  t.equal(isAnotherOnAir(folder), false);
  await markOnAir(folder).close();
});
