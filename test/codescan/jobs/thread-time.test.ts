import t from 'tap';
import { ownThreadNumber, readingOf, readThread, ThreadTime } from '../../../src/codescan/jobs/thread-time.js';

t.test('reads CPU time and state of a thread', async (t) => {
  const rest = Array.from({ length: 40 }, () => '0').join(' ');
  t.strictSame(readingOf(`7 (a) b) R 1 1 1 0 -1 4194368 5 0 0 0 120 30 ${rest}`), { cpuMs: 1500, asleep: false });
  t.equal(readingOf(`7 (node) S 1 1 1 0 -1 4194368 5 0 0 0 1 0 ${rest}`).asleep, true);
  if (process.platform === 'linux') {
    const own = readThread(ownThreadNumber());
    t.ok(own !== undefined && own.cpuMs > 0 && !own.asleep);
  }
  t.equal(readThread(0), undefined);
});

t.test('counts a working thread by its CPU time and a sleeping one by the clock', async (t) => {
  const time = new ThreadTime();
  time.look(0, { cpuMs: 100, asleep: false }, 1, 0, 0);
  t.strictSame(time.spent(5000, { cpuMs: 130, asleep: false }), { job: 30, step: 30 });
  t.strictSame(time.spent(5000, undefined), { job: 5000, step: 5000 });
  time.look(4000, { cpuMs: 120, asleep: true }, 1, 1, 0);
  t.strictSame(time.spent(5000, { cpuMs: 130, asleep: true }), { job: 5000, step: 1000 });
});

t.test('is patient with sleep where busy threads get little of a processor, and not any more after it', async (t) => {
  const time = new ThreadTime();
  t.equal(time.patience, 1);
  for (let i = 0; i < 400; i += 1) time.look(i * 50, { cpuMs: i * 10, asleep: false }, 1, i, 0);
  t.ok(time.patience > 4 && time.patience < 6, `a fifth of a processor: ${time.patience}`);
  for (let i = 0; i < 400; i += 1) time.look(20_000 + i, { cpuMs: 4000 + i, asleep: false }, i + 2, 0, 0);
  t.ok(time.patience < 1.1);
});
