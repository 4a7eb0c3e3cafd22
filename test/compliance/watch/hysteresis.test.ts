import t from 'tap';
import { Hysteresis } from '../../../src/compliance/watch/sound-watch.js';
import { seededRandom } from '../../../src/core/random.js';

t.test('property: it changes only after an unbroken run of the given length, and alternates', async (t) => {
  const random = seededRandom(11);
  for (let round = 0; round < 200; round += 1) {
    const hold = Math.floor(random() * 6);
    const clear = Math.floor(random() * 6);
    const alarm = new Hysteresis(hold, clear);
    let bads = 0;
    let goods = 0;
    let active = false;
    for (let n = 0; n < 300; n += 1) {
      const what = random();
      const bad = what < 0.6;
      const good = what > 0.7;
      bads = bad ? bads + 1 : 0;
      goods = good ? goods + 1 : 0;
      const turned = alarm.step(n, bad, good);
      const want = active ? (goods > clear ? -1 : 0) : bads > hold ? 1 : 0;
      if (turned !== want) t.fail(`round ${round}, frame ${n}: ${turned} instead of ${want}`);
      if (turned !== 0) {
        if (alarm.since !== n - (turned > 0 ? hold : clear)) t.fail('since is not where the run began');
        active = !active;
        bads = 0;
        goods = 0;
      }
    }
  }
});
