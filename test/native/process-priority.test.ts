import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import t from 'tap';
import { preferThisProcess } from '../../src/native/process-priority.js';

const linux = process.platform === 'linux';

t.test('every thread gets the priority that was asked for', { skip: linux ? false : 'needs /proc' }, async (t) => {
  t.equal(preferThisProcess('3'), true, 'less than usual, which anybody may have');
  const threads = readdirSync('/proc/self/task').map(Number);
  t.ok(threads.length > 1);
  t.strictSame([...new Set(threads.map((thread) => getPriority(thread)))], [3]);
});

t.test('0 changes nothing, and what is no priority is not taken', async (t) => {
  const before = getPriority();
  t.equal(preferThisProcess('0'), true);
  t.equal(preferThisProcess('fast'), false);
  t.equal(preferThisProcess('-40'), false);
  t.equal(getPriority(), before);
});
