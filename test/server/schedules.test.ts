import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { silentLog } from '../../src/core/log.js';
import { Schedules, type ScheduleBody } from '../../src/server/schedules/schedules.js';
import { openStudioDatabase } from '../../src/store/studio/open-studio.js';
import { SchedulesTable } from '../../src/store/studio/schedules-table.js';
import { startStudio } from './studio-rig.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A clock that is set by hand, and everything that starts and ends by it. */
async function open(t: Test, at: string, file = join(folderOf(t), 'studio.db')) {
  const db = await openStudioDatabase(file);
  t.teardown(() => db.close());
  // Rooms are of no matter here.
  db.exec('PRAGMA foreign_keys = OFF');
  const clock = { ms: Date.parse(at) };
  const done: string[] = [];
  const note = (what: string): void => void done.push(`${what} ${new Date(clock.ms).toISOString().slice(0, 16)}`);
  const fails = { with: undefined as Error | undefined };
  const schedules = new Schedules({
    table: new SchedulesTable(db),
    async start(room, destinations) {
      if (fails.with !== undefined) throw fails.with;
      note(`start ${room}${destinations === null ? '' : ` to ${destinations.join(',')}`}`);
    },
    end: async (room) => note(`end ${room}`),
    onChange: () => undefined,
    log: silentLog,
    nowMs: () => clock.ms,
  });
  return {
    ...{ schedules, done, clock, file, fails },
    /** Looks every five minutes until then. */
    async until(to: string) {
      for (; clock.ms < Date.parse(to); clock.ms += 5 * MINUTE) await schedules.look();
      await schedules.look();
    },
  };
}

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'schedules-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const evening: ScheduleBody = { start: '2026-03-06T20:00', minutes: 90, timeZone: 'America/New_York', repeat: 'daily' };

t.test('starts and ends at the wall time of its zone, also when its clocks change', async (t) => {
  const { schedules, done, until } = await open(t, '2026-03-06T12:00:00Z');
  schedules.add('a', { ...evening, destinations: ['YouTube'] });
  // Clocks go forward on 8 March 2026: 20:00 is 01:00 UTC before and 00:00 UTC after.
  await until('2026-03-09T12:00:00Z');
  t.same(done, [
    'start a to YouTube 2026-03-07T01:00',
    'end a 2026-03-07T02:30',
    'start a to YouTube 2026-03-08T01:00',
    'end a 2026-03-08T02:30',
    'start a to YouTube 2026-03-09T00:00',
    'end a 2026-03-09T01:30',
  ]);
});

t.test('once, on weekdays and on chosen days', async (t) => {
  const { schedules, done, until, clock } = await open(t, '2026-12-03T00:00:00Z');
  const at = { timeZone: 'Asia/Shanghai', minutes: 60 };
  schedules.add('once', { ...at, start: '2026-12-03T10:00', repeat: 'once' });
  schedules.add('work', { ...at, start: '2026-12-03T09:00', repeat: 'weekdays' });
  schedules.add('week', { ...at, start: '2026-12-03T20:00', repeat: 'weekly', days: [6, 7] });
  await until('2026-12-08T00:00:00Z');
  t.equal(new Date(clock.ms).toISOString(), '2026-12-08T00:00:00.000Z');
  t.same(
    done.filter((line) => line.startsWith('start')),
    [
      'start work 2026-12-03T01:00',
      'start once 2026-12-03T02:00',
      'start work 2026-12-04T01:00',
      'start week 2026-12-05T12:00',
      'start week 2026-12-06T12:00',
      'start work 2026-12-07T01:00',
    ],
    'Thursday to Monday',
  );
  t.equal(done.filter((line) => line.startsWith('end')).length, 6);
});

t.test('a server that was down begins a show late, never one that is over, and never twice', async (t) => {
  const first = await open(t, '2026-03-06T12:00:00Z');
  first.schedules.add('a', evening);
  await first.until('2026-03-07T01:10:00Z');
  t.same(first.done, ['start a 2026-03-07T01:00']);
  const second = await open(t, '2026-03-07T01:20:00Z', first.file);
  await second.until('2026-03-07T01:40:00Z');
  t.same(second.done, [], 'the show that runs is not started again');
  const third = await open(t, '2026-03-07T05:00:00Z', first.file);
  await third.until('2026-03-07T05:05:00Z');
  t.same(third.done, ['end a 2026-03-07T05:00'], 'its end is made up for');
  const late = await open(t, '2026-03-08T02:00:00Z', first.file);
  await late.until('2026-03-08T02:05:00Z');
  t.same(late.done, ['start a 2026-03-08T02:00'], 'an hour late of ninety minutes');
  const over = await open(t, '2026-03-09T05:00:00Z', first.file);
  await over.until('2026-03-09T05:05:00Z');
  t.same(over.done, ['end a 2026-03-09T05:00'], 'yesterday’s show ends; the one that was missed does not begin');
});

t.test('says why a show did not start, and does not end it', async (t) => {
  const { schedules, done, until, fails } = await open(t, '2026-03-06T12:00:00Z');
  const { id } = schedules.add('a', { ...evening, repeat: 'once' });
  fails.with = new Error('no destination');
  await until('2026-03-07T04:00:00Z');
  t.same(done, []);
  t.match(schedules.list('a'), [{ id, next: null, last: { error: /no destination/ } }]);
  t.throws(() => schedules.add('a', { start: '2026-02-30T20:00' }), { code: 'E_BAD_REQUEST' });
  t.throws(() => schedules.change('a', id, { timeZone: 'Mars/Base' }), { code: 'E_BAD_REQUEST' });
  schedules.change('a', id, { start: '2026-03-07T20:00', enabled: false });
  fails.with = undefined;
  await until('2026-03-08T04:00:00Z');
  t.same(done, [], 'one that is switched off does not start');
});

t.test('a schedule puts the room itself on air', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const row = await rig.room();
  const start = new Date(Date.now() - HOUR).toISOString().slice(0, 16);
  const made = await rig.owner.post(`/api/rooms/${row.id}/schedules`, {
    ...{ start, minutes: 120, timeZone: 'UTC', repeat: 'once' },
  });
  t.match(made, { status: 201 });
  await rig.server.studio.schedules.look();
  t.match((await rig.owner.get(`/api/rooms/${row.id}`)).body.process, { state: 'on-air', startedBy: 'Schedule' });
  t.equal((await rig.owner.get(`/api/rooms/${row.id}/schedules`)).body.schedules[0].last.error, '');
});
