import t from 'tap';
import { Rig, WHOLE } from '../gate-rig.js';

t.test('copies only changed tiles', async (t) => {
  const rig = new Rig();
  for (let i = 0; i < 60; i += 1) rig.clean(i === 0 ? WHOLE : []);
  const before = rig.gate.counters.copiedBytes;
  for (let i = 0; i < 10; i += 1) rig.clean([0, 0, 32, 32]);
  t.ok(rig.gate.counters.copiedBytes - before <= 10 * 32 * 32 * 1.5);
});
