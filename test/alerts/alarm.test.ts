import t from 'tap';
import { Alarm, type AlarmChange } from '../../src/alerts/alarm.js';

/** Changes over a course of seconds: `#` is a fault, `.` none. */
function run(alarm: Alarm, course: string, beginMs = 0): [number, AlarmChange][] {
  return [...course].flatMap((sign, second): [number, AlarmChange][] => {
    const change = alarm.update(sign === '#', beginMs + second * 1000);
    return change === undefined ? [] : [[second, change]];
  });
}

t.test('raises nothing for a short fault; raises and clears once for a lasting one', (t) => {
  const alarm = new Alarm({ afterMs: 5000, clearMs: 3000, repeatMs: 0 });
  t.same(run(alarm, '####....#.#.'), []);
  t.ok(alarm.idle);
  t.same(run(alarm, '##########......', 11_000), [
    [5, 'raised'],
    [12, 'cleared'],
  ]);
  t.ok(alarm.idle);
  t.end();
});

t.test('raises for a fault present most of the time, without flapping', (t) => {
  const alarm = new Alarm({ afterMs: 5000, clearMs: 5000, repeatMs: 0 });
  t.same(run(alarm, '####.####.####.####.####.####.####.####.####.####.'), [[7, 'raised']]);
  t.end();
});

t.test('repeats a lasting alarm, unless repetition is off', (t) => {
  const long = '#'.repeat(60);
  t.same(run(new Alarm({ afterMs: 0, clearMs: 0, repeatMs: 20_000 }), long), [
    [0, 'raised'],
    [20, 'repeated'],
    [40, 'repeated'],
  ]);
  t.same(run(new Alarm({ afterMs: 0, clearMs: 0, repeatMs: 0 }), long), [[0, 'raised']]);
  t.end();
});

t.test('does not count an hour of sleep as an hour of fault', (t) => {
  const alarm = new Alarm({ afterMs: 15_000, clearMs: 10_000, repeatMs: 0 });
  alarm.update(true, 0);
  t.equal(alarm.update(true, 3_600_000), undefined);
  t.equal(alarm.active, false);
  t.end();
});
