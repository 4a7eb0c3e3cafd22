import { PassThrough } from 'node:stream';
import { spawn } from 'node:child_process';
import t from 'tap';
import { holdLease, type HeldLease } from '../../src/cli/hold-lease.js';
import { bootMs } from '../../src/core/boot-clock.js';
import { below, endTree } from '../../src/fleet/lease/end-tree.js';
import { until, wait } from '../kit/until.js';

t.test('an engine ends itself when no renewal moves its deadline', async (t) => {
  const input = new PassThrough();
  let ended = 0;
  const holder = holdLease(input, () => (ended += 1));
  t.teardown(() => holder.close());
  const leases: HeldLease[] = [];
  holder.onLease((lease) => leases.push(lease));
  const renew = (fence: number, ms: number): boolean =>
    input.write(`${JSON.stringify({ worker: 'w1', fence, untilMs: bootMs() + ms })}\n`);
  renew(1, 400);
  input.write('not a renewal\n');
  await wait(200);
  renew(1, 600);
  await wait(350);
  t.equal(ended, 0, 'it was renewed');
  renew(2, 300);
  // The end of the input renews nothing.
  input.end();
  await until('it ends', () => ended > 0, 5000);
  t.same(leases, [
    { worker: 'w1', fence: 1 },
    { worker: 'w1', fence: 2 },
  ]);
});

t.test('a tree is ended with what leads sessions of its own, and with what is stopped', async (t) => {
  const child = spawn('sh', ['-c', 'setsid sleep 60 & sleep 60 & wait'], { stdio: 'ignore' });
  t.teardown(() => child.kill('SIGKILL'));
  await until('its children run', () => below(child.pid!).length >= 2);
  const all = [child.pid!, ...below(child.pid!)];
  process.kill(all.at(-1)!, 'SIGSTOP');
  endTree(child.pid!);
  const runs = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return below(process.pid).includes(pid) || pid !== child.pid;
    } catch {
      return false;
    }
  };
  await until('all have ended', () => all.slice(1).every((pid) => !runs(pid)), 5000);
  t.pass();
});
