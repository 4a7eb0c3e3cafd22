import { spawn } from 'node:child_process';
import t from 'tap';
import { activityOf, processActivity } from '../../../src/encoder/process/hang-watch.js';
import { until } from '../synthetic-room.js';

t.test('reports working for one running thread and stopped when all threads are stopped', async (t) => {
  t.equal(activityOf('SSSS'), 'asleep');
  t.equal(activityOf('SSRS'), 'working');
  t.equal(activityOf('SD'), 'working');
  t.equal(activityOf('TTT'), 'stopped');
  t.equal(activityOf('TS'), 'asleep');
  t.equal(activityOf(''), 'working', 'nothing known is no proof');
});

t.test('sees a real process asleep, stopped and gone', { skip: process.platform !== 'linux' }, async (t) => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  t.teardown(() => child.kill('SIGKILL'));
  const is = (activity: string) => until(() => processActivity(child.pid!) === activity, 3000);
  t.ok(await is('asleep'));
  child.kill('SIGSTOP');
  t.ok(await is('stopped'));
  child.kill('SIGKILL');
  t.ok(await is('working'), 'of what is gone nothing can be said');
});
