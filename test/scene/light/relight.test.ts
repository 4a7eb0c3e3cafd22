import t, { type Test } from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { frameIndex } from '../../../src/core/time.js';
import type { Candidate } from '../../../src/scene/picture-store.js';
import { SceneCompiler } from '../../../src/scene/scene-compiler.js';
import { draw, kernels, near, roomOf, square, Stage } from '../scene-kit.js';

const DAY = [220, 220, 220];
const NIGHT = [20, 20, 20];
const BOX = { x: 0, y: 0, width: 320, height: 240 };

function lit(
  t: Test,
  options: { night?: string; daylight?: object; clock?: boolean; admit?: (c: Candidate) => Promise<void> } = {},
) {
  const {
    night = square('#141414'),
    daylight = { timeZone: 'UTC' },
    clock = true,
    admit = async () => undefined,
  } = options;
  const dir = t.testdir({ 'day.svg': square('#dcdcdc'), 'night.svg': night });
  const layer = { id: 'set', type: 'image', fit: 'fill', z: -100, ...BOX, src: 'day.svg', night: 'night.svg' };
  const room = { ...roomOf(dir, { layers: [layer] }), daylight: { light: 'clock', ...daylight } as const };
  const time = { nowMs: Date.parse('2026-03-05T12:00:00Z'), frame: 0 };
  const day = { nowMs: () => time.nowMs, frame: () => time.frame };
  const scene = new SceneCompiler(room, { kernels, log: silentLog, admit, draw, ...(clock ? { day } : {}) });
  return { scene, stage: new Stage(room), time };
}

t.test('fades to the light of a later hour in few frames', async (t) => {
  const { scene, stage, time } = lit(t);
  stage.runtime.apply(structuredClone(await scene.open()));
  stage.draw(0);
  t.ok(near(stage.pixel(10, 10), DAY, 6));
  t.same((await scene.relight(() => frameIndex(10))).layers, [], 'the light is as it was');
  time.nowMs += 10 * 3_600_000;
  stage.runtime.apply(structuredClone(await scene.relight(() => frameIndex(10))));
  let changed = 0;
  let last = 255;
  for (let n = 1; n <= 260; n += 1) {
    stage.draw(n);
    if (stage.damagedArea() > 0) changed += 1;
    const [now] = stage.pixel(160, 40);
    if (now > last + 2) return t.fail(`frame ${n} is brighter than the one before`);
    last = now;
    if (Buffer.compare(stage.canvas, stage.whole()) !== 0) return t.fail(`frame ${n} is not its whole`);
  }
  t.ok(near(stage.pixel(10, 10), NIGHT, 6), 'night at last');
  t.ok(changed <= 22, `${changed} frames of 240 changed`);
  t.equal(stage.list.count, 3, 'background, set and label: the picture by day is gone');
  t.same((await scene.relight(() => frameIndex(300))).layers, []);
});

t.test('begins in the light of the hour, and in a render by day', async (t) => {
  const night = lit(t, { daylight: { timeZone: 'Asia/Tokyo' } });
  night.time.nowMs = Date.parse('2026-03-05T14:00:00Z');
  night.stage.runtime.apply(await night.scene.open());
  night.stage.draw(0);
  t.ok(near(night.stage.pixel(10, 10), NIGHT, 6));
  const render = lit(t, { clock: false });
  render.stage.runtime.apply(await render.scene.open());
  render.stage.draw(0);
  t.ok(near(render.stage.pixel(10, 10), DAY, 6));
  const fixed = lit(t, { clock: false, daylight: { light: 'night' } });
  fixed.stage.runtime.apply(await fixed.scene.open());
  fixed.stage.draw(0);
  t.ok(near(fixed.stage.pixel(10, 10), NIGHT, 6));
});

t.test('judges what it shows, and keeps the light when that is refused', async (t) => {
  const judged: string[] = [];
  let refuses = false;
  const { scene, time } = lit(t, {
    admit: async ({ where }) => {
      if (refuses) throw new Error('refused');
      judged.push(where);
    },
  });
  await scene.open();
  t.equal(judged.length, 2, 'by day and at night, before the room is on air');
  refuses = true;
  time.nowMs = Date.parse('2026-03-05T17:00:00Z');
  await t.rejects(
    scene.relight(() => frameIndex(1)),
    { message: 'refused' },
    'the mix of the evening is new',
  );
  refuses = false;
  t.equal((await scene.relight(() => frameIndex(1))).layers.length, 1, 'the next minute tries again');
});

t.test('refuses a night of another form before the room is on air', async (t) => {
  const wide = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20"><rect width="80" height="20"/></svg>';
  const dir = t.testdir({ 'day.svg': square('#dcdcdc'), 'night.svg': wide });
  const layer = { id: 'set', type: 'image', width: 320, src: 'day.svg', night: 'night.svg' };
  const scene = new SceneCompiler(roomOf(dir, { layers: [layer] }), {
    kernels,
    log: silentLog,
    admit: async () => undefined,
    draw,
  });
  await t.rejects(scene.open(), { code: 'E_LAYER_INVALID', message: /320×80/ });
});
