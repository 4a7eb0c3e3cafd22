import { mock } from 'node:test';
import t from 'tap';
import { CloseStack } from '../../../src/core/close-stack.js';
import { silentLog } from '../../../src/core/log.js';
import { keepDaylight } from '../../../src/room/start/keep-on-air.js';
import { EMPTY_UPDATE, type SceneUpdate } from '../../../src/scene/scene-update.js';

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

t.test('asks the scene each minute and sends what it fades', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] });
  t.teardown(() => mock.timers.reset());
  const faded = { ...EMPTY_UPDATE, layers: [{}] } as unknown as SceneUpdate;
  const answers: (() => SceneUpdate)[] = [
    () => EMPTY_UPDATE,
    () => {
      throw new Error('no such picture');
    },
    () => faded,
  ];
  const asked: number[] = [];
  const sent: unknown[] = [];
  const parts = {
    scene: {
      relight: async (when: () => number) => {
        asked.push(when());
        return answers.shift()!();
      },
    },
    loop: { board: { get: () => 300 }, send: (message: unknown) => void sent.push(message) },
    room: { rate: { num: 30, den: 1 } },
    log: silentLog,
  } as unknown as Parameters<typeof keepDaylight>[1];
  const stack = new CloseStack(silentLog);
  keepDaylight(stack, parts);
  t.same(asked, [], 'the show begins in the right light');
  for (let minute = 0; minute < 3; minute += 1) {
    mock.timers.tick(60_000);
    await settled();
  }
  t.same(asked, [315, 315, 315], 'half a second ahead; a failure does not end it');
  t.same(sent, [{ type: 'scene', update: faded }]);
  await stack.close();
  mock.timers.tick(600_000);
  await settled();
  t.equal(asked.length, 3);
});
