import t from 'tap';
import { daylight } from '../../../src/config/sections/daylight.js';
import { lightAt } from '../../../src/scene/placing/placed-layers.js';
import { litRaster } from '../../../src/scene/layers/picture-layer.js';

const at = (time: string): number => Date.parse(`2026-03-05T${time}Z`);

t.test('names the light of a time of day', (t) => {
  const clock = daylight.parse({ timeZone: 'UTC' });
  for (const [time, light] of [
    ['00:00', 'night'],
    ['05:29', 'night'],
    ['05:30', 'dawn'],
    ['07:30', 'day'],
    ['16:29', 'day'],
    ['16:30', 'evening'],
    ['18:30', 'dusk'],
    ['21:00', 'night'],
    ['23:59', 'night'],
  ] as const)
    t.equal(lightAt(clock, at(time)), light, time);
  t.end();
});

t.test("reads the clock of the viewers' time zone", (t) => {
  t.equal(lightAt(daylight.parse({ timeZone: 'Asia/Shanghai' }), at('00:00')), 'day');
  t.equal(lightAt(daylight.parse({ timeZone: 'America/Los_Angeles' }), at('00:00')), 'day');
  t.equal(lightAt(daylight.parse({ timeZone: 'Asia/Kolkata' }), at('00:00')), 'dawn');
  t.notOk(daylight.safeParse({ timeZone: 'Mars/Olympus' }).success);
  t.end();
});

t.test('a room may keep one light', (t) => {
  t.equal(lightAt(daylight.parse({ light: 'dusk' }), at('12:00')), 'dusk');
  t.end();
});

t.test('mixes day and night', (t) => {
  const plain = (value: number) => ({ rgba: Uint8Array.from([value, value, value, 255]), width: 1, height: 1 });
  const [day, night] = [plain(200), plain(40)];
  t.same([...litRaster(day, night, 'day').rgba], [200, 200, 200, 255]);
  t.same([...litRaster(day, night, 'night').rgba], [40, 40, 40, 255]);
  const [red, , blue] = litRaster(day, night, 'evening').rgba;
  t.ok(red! > blue! + 20, 'a low sun is warm');
  const dusk = litRaster(day, night, 'dusk').rgba[0]!;
  t.ok(dusk > 40 && dusk < 140);
  t.end();
});
