import t from 'tap';
import { K, Rig, WHOLE } from './gate-rig.js';

t.test(
  'replaces a frame without a verdict by the last clean one, and a late verdict serves later frames',
  async (t) => {
    const rig = new Rig();
    for (let i = 0; i < 22; i += 1) {
      rig.canvas.fill(60 + i, 0, 1000);
      rig.clean(i === 0 ? WHOLE : [0, 0, 320, 32]);
    }
    rig.canvas.fill(200, 0, 1000);
    const late = rig.submit([0, 0, 320, 32]);
    rig.release();
    for (let i = 0; i < K; i += 1) {
      rig.submit([0, 0, 320, 32]);
      for (let f = late + 1; f < rig.n; f += 1) rig.scanner.finish(f);
      rig.release();
    }
    t.strictSame(rig.outcomes(late, late), ['unjudged']);
    t.strictSame(
      rig.outcomes(late - 5, late - 1),
      ['released', 'unjudged', 'unjudged', 'unjudged', 'unjudged'],
      'nor are the four before released, whose slice was due in the late scan',
    );
    t.equal(rig.left.at(-1)!.picture[0], 60 + 17, 'the last clean picture is repeated');
    rig.scanner.finish(late);
    for (let i = 0; i < K + 1; i += 1) rig.clean([0, 0, 320, 32]);
    t.strictSame([...new Set(rig.outcomes(late + 1, rig.n))], ['released'], 'one late scan costs one frame');
    t.equal(rig.gate.counters.scanLate, 1);
    t.equal(rig.gate.counters.releasedUnjudged, 0);
  },
);
