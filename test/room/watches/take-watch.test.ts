import t from 'tap';
import { script as scriptSchema } from '../../../src/config/sections/script.js';
import { silentLog } from '../../../src/core/log.js';
import { frameIndex } from '../../../src/core/time.js';
import type { WatchEvent } from '../../../src/compliance/watch/watch-event.js';
import { Agenda } from '../../../src/show/agenda/agenda.js';
import { Rundown } from '../../../src/show/rundown.js';
import { takeWatch } from '../../../src/room/watches/show-health.js';

const event = (kind: WatchEvent['kind'], active: boolean): WatchEvent => ({
  kind,
  rule: '5.8',
  active,
  since: frameIndex(10),
  frame: frameIndex(20),
  value: 0,
});

/** A room with two fillers; `told` are the events that were recorded. */
function rig() {
  const rundown = new Rundown(
    scriptSchema.parse({ fillers: ['hm', 'well'], segments: [{ lines: [{ text: 'one' }] }] }),
  );
  const agenda = new Agenda(() => 0);
  const told: WatchEvent[] = [];
  const watch = { take: (e: WatchEvent) => told.push(e), faults: () => told.filter((e) => e.active) };
  const runner = { paused: false };
  const room = { audio: {} };
  const parts = { rundown, agenda, runner, room, log: silentLog, watch } as unknown as Parameters<typeof takeWatch>[1];
  const waiting = () => agenda.items().map(({ id, text }) => `${id} ${text}`);
  return { agenda, told, runner, waiting, take: (e: WatchEvent) => takeWatch(e, parts) };
}

t.test('fills dead air when it begins; only records other faults and its end', async (t) => {
  const { agenda, told, waiting, take } = rig();
  for (const kind of ['silent', 'frozen'] as const) take(event(kind, true));
  t.same(waiting(), []);
  take(event('dead-air', true));
  t.same(waiting(), ['fill-1 hm']);
  take(event('dead-air', true));
  t.same(waiting(), ['fill-1 hm'], 'one at a time');
  agenda.cancel('fill-1');
  take(event('dead-air', false));
  t.same(waiting(), []);
  take(event('dead-air', true));
  t.same(waiting(), ['fill-2 well']);
  t.equal(told.length, 6);
});

t.test('neither reports nor fills the silence of a held script', async (t) => {
  const { told, runner, waiting, take } = rig();
  runner.paused = true;
  take(event('dead-air', true));
  take(event('silent', true));
  take(event('frozen', true));
  t.same(waiting(), []);
  runner.paused = false;
  take(event('dead-air', false));
  t.same(
    told.map(({ kind, active }) => [kind, active]),
    [['frozen', true]],
  );
});
