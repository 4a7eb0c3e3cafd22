import t from 'tap';
import { Rig, WHOLE } from './gate-rig.js';

t.test(
  'abandons scans that never end, replaces every frame, and shows the picture again once verdicts return',
  async (t) => {
    const rig = new Rig();
    rig.scanner.coalesceOldest = () => -1;
    for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
    const from = rig.n;
    for (let i = 0; i < 400; i += 1) {
      rig.submit([0, 0, 32, 32]);
      rig.release();
    }
    t.strictSame([...new Set(rig.outcomes(from, rig.n))], ['unjudged']);
    t.ok(rig.gate.counters.noBuffer > 0);
    t.ok(rig.left.at(-1)!.picture[0] === 7, 'the slate follows the last clean picture after ten seconds');
    for (let i = 0; i < 100; i += 1) rig.clean([0, 0, 32, 32]);
    rig.drain();
    t.equal(rig.left.at(-1)!.outcome, 'released');
    const c = rig.gate.counters;
    t.equal(c.released + c.replaced, c.rendered);
  },
);
