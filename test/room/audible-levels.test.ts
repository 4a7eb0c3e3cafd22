import t from 'tap';
import { audibleLevels } from '../../src/room/room-view.js';

t.test('clamps levels of silence to a floor, in JSON as well', async (t) => {
  const silent = audibleLevels({
    momentaryLufs: -435.77,
    integratedLufs: -Infinity,
    peakDbfs: -Infinity,
    leftDbfs: -Infinity,
    rightDbfs: -Infinity,
  });
  t.same(JSON.parse(JSON.stringify(silent)), {
    momentaryLufs: -70,
    integratedLufs: -70,
    peakDbfs: -120,
    leftDbfs: -120,
    rightDbfs: -120,
  });
  const heard = { momentaryLufs: -15.2, integratedLufs: -16.1, peakDbfs: -2, leftDbfs: -9, rightDbfs: -8 };
  t.same(audibleLevels(heard), heard);
});
