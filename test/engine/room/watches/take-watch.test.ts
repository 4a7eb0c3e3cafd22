import t from 'tap';
import { script as scriptSchema } from '../../../../src/config/sections/script.js';
import { silentLog } from '../../../../src/core/log.js';
import { frameIndex } from '../../../../src/core/time.js';
import type { WatchEvent } from '../../../../src/compliance/watch/watch-event.js';
import { Rundown } from '../../../../src/director/rundown.js';
import { takeWatch } from '../../../../src/engine/room/watches/take-watch.js';

const event = (kind: WatchEvent['kind'], active: boolean): WatchEvent => ({
  kind,
  rule: '5.8',
  active,
  since: frameIndex(10),
  frame: frameIndex(20),
  value: 0,
});

t.test('fills dead air when it begins; only records other faults and its end', async (t) => {
  const rundown = new Rundown(
    scriptSchema.parse({ fillers: ['hm', 'well'], segments: [{ lines: [{ text: 'one' }] }] }),
  );
  const told: WatchEvent[] = [];
  const watch = { take: (e: WatchEvent) => told.push(e) };
  const parts = { rundown, log: silentLog, watch } as unknown as Parameters<typeof takeWatch>[1];
  for (const kind of ['silent', 'frozen'] as const) takeWatch(event(kind, true), parts);
  t.equal(rundown.takeUrgent(), undefined);
  takeWatch(event('dead-air', true), parts);
  t.equal(rundown.takeUrgent()?.text, 'hm');
  takeWatch(event('dead-air', false), parts);
  t.equal(rundown.takeUrgent(), undefined);
  takeWatch(event('dead-air', true), parts);
  t.equal(rundown.takeUrgent()?.text, 'well');
  t.equal(told.length, 5);
});
