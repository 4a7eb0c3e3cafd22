import t from 'tap';
import { lateCause } from '../../src/loop/tick-clock.js';

t.test('does not blame a short tick for a late one', async (t) => {
  t.equal(lateCause(33, 2, 3), 'lateStall');
});

t.test('names the longer stage otherwise', async (t) => {
  t.equal(lateCause(33, 40, 3), 'lateRender');
  t.equal(lateCause(33, 3, 20), 'lateScan');
});
