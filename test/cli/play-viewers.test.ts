import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { ViewerEvent } from '../../src/config/api/events-handle.js';
import { demoCommand } from '../../src/cli/commands/start-command.js';
import { playViewers } from '../../src/cli/play-viewers.js';

async function played(count: number, seed: number): Promise<ViewerEvent[]> {
  const events: ViewerEvent[] = [];
  const take = (more: readonly ViewerEvent[]) => {
    events.push(...more);
    return { taken: more.length, repeated: 0, dropped: 0 };
  };
  const viewers = playViewers({ events: { take }, perMinute: 6000, seed, run: 'r' });
  while (events.length < count) await sleep(5);
  await viewers.close();
  const { length } = events;
  await sleep(40);
  t.equal(events.length, length, 'nothing after its end');
  return events.slice(0, count);
}

t.test('plays the same viewers for the same seed until it is closed', async (t) => {
  const first = await played(30, 7);
  t.same(await played(30, 7), first);
  t.notSame(await played(30, 8), first);
  t.ok(first.every(({ platform }) => platform === 'simulator'));
  t.ok(first.some(({ kind }) => kind === 'comment'));
});

t.test('the demo has viewers by default, at another rate, or none', async (t) => {
  const viewers = (...args: string[]): unknown => {
    const command = demoCommand();
    command.parseOptions(args);
    return command.opts()['viewers'];
  };
  t.equal(viewers(), 12);
  t.equal(viewers('--viewers', '20/min'), 20);
  t.equal(viewers('--viewers', '1/s'), 60);
  t.equal(viewers('--no-viewers'), false);
  t.throws(() => demoCommand().exitOverride().parseOptions(['--viewers', 'many']), /rate such as 20/);
});
