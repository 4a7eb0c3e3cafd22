import t from 'tap';
import type { EventRecord, ViewerEvent } from '../../../src/config/api/events-handle.js';
import { silentLog } from '../../../src/core/log.js';
import { EventIntake, EventLog, MAX_PER_SECOND } from '../../../src/viewers/events/event-intake.js';

function intakeOf(onEvent: (record: EventRecord) => void = () => undefined) {
  const clock = { nowMs: 0 };
  const events = new EventLog();
  const warned: object[] = [];
  const log = {
    ...silentLog,
    warn: (fields: object) => void warned.push(fields),
    error: (fields: object) => void warned.push(fields),
  };
  const intake = new EventIntake({ events, onEvent, nowMs: () => clock.nowMs, unixMs: () => 5000 + clock.nowMs, log });
  return { clock, events, intake, warned };
}

const event = (id: string, platform = 'taobao'): ViewerEvent => ({
  id,
  platform,
  kind: 'comment',
  user: 'Anna',
  text: 'Hi',
});

t.test('drops repeated ids of one platform', (t) => {
  const { intake, events } = intakeOf();
  t.same(intake.take([event('1'), event('1'), event('1', 'youtube'), event('2')]), {
    taken: 3,
    repeated: 1,
    dropped: 0,
  });
  t.same(intake.take([event('2')]), { taken: 0, repeated: 1, dropped: 0 });
  t.same(
    events.recent(10).map(({ id, platform, atMs }) => `${platform} ${id} ${atMs}`),
    ['taobao 2 5000', 'youtube 1 5000', 'taobao 1 5000'],
  );
  t.end();
});

t.test('takes 200 events a second and counts the rest', (t) => {
  const { intake, clock, warned } = intakeOf();
  const many = Array.from({ length: 500 }, (_, i) => event(`${i}`));
  t.same(intake.take(many), { taken: MAX_PER_SECOND, repeated: 0, dropped: 300 });
  clock.nowMs = 1000;
  t.same(intake.take(many), { taken: MAX_PER_SECOND, repeated: 200, dropped: 100 }, 'a dropped one may come again');
  t.same(intake.counts, { taken: 400, repeated: 200, dropped: 400 });
  t.equal(warned.length, 1, 'one line in the log');
  t.end();
});

t.test('remembers a bounded number of ids and records', (t) => {
  const { intake, clock, events } = intakeOf();
  for (let i = 0; i < 21_000; i += 200) {
    clock.nowMs += 1000;
    intake.take(Array.from({ length: 200 }, (_, k) => event(`${i + k}`)));
  }
  clock.nowMs += 1000;
  t.equal(intake.take([event('0')]).taken, 1, 'the oldest id is forgotten');
  t.equal(intake.take([event('20999')]).repeated, 1);
  t.equal(events.recent(100_000).length, 500);
  t.end();
});

t.test('goes on when a handler throws', (t) => {
  const { intake, warned } = intakeOf(() => {
    throw new Error('broken');
  });
  t.same(intake.take([event('1'), event('2')]), { taken: 2, repeated: 0, dropped: 0 });
  t.equal(warned.length, 2);
  t.end();
});

t.test('reports every change to listeners until they stop', (t) => {
  const { intake, events } = intakeOf();
  const heard: string[] = [];
  const stop = events.listen(({ id, state }) => void heard.push(`${id} ${state}`));
  intake.take([event('1')]);
  events.change(1, { state: 'answered' });
  events.change(99, { state: 'answered' });
  stop();
  intake.take([event('2')]);
  t.same(heard, ['1 taken', '1 answered']);
  t.end();
});

t.test('nothing happened after it came', (t) => {
  const { intake, events } = intakeOf();
  intake.take([
    { ...event('1'), atMs: 1e300 },
    { ...event('2'), atMs: 4000 },
  ]);
  t.same(
    events.recent(10).map(({ atMs }) => atMs),
    [4000, 5000],
  );
  t.end();
});
