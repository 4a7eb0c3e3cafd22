import t from 'tap';
import { OUTCOME } from '../../../src/codescan/jobs/scan-memory.js';
import { Rig, WHOLE } from './gate-rig.js';

t.test('a fade-in condemns earlier frames that looked like a code together with the readable one', async (t) => {
  const rig = new Rig({ lookAheadFrames: 30 });
  for (let i = 0; i < 40; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
  const first = rig.n;
  for (let i = 0; i < 20; i += 1) {
    const n = rig.submit([100, 100, 60, 60]);
    rig.scanner.finish(n, OUTCOME.clean, [], [[100, 100, 60, 60]]);
    rig.release();
  }
  const read = rig.submit([100, 100, 60, 60]);
  rig.scanner.finish(read, OUTCOME.violation, [[100, 100, 60, 60]]);
  rig.release();
  for (let i = 0; i < 40; i += 1) rig.clean([100, 100, 60, 60]);
  t.strictSame([...new Set(rig.outcomes(first, read))], ['violation']);
  t.equal(rig.outcomes(first - 1, first - 1)[0], 'released');
});
