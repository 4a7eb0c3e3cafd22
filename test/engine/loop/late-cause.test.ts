import t from 'tap';
import { lateCause } from '../../../src/engine/loop/late-cause.js';

t.test('a tick that was short did not make the next one late', async (t) => {
  t.equal(lateCause(33, 2, 3), 'lateStall');
});

t.test('otherwise the longer stage is named', async (t) => {
  t.equal(lateCause(33, 40, 3), 'lateRender');
  t.equal(lateCause(33, 3, 20), 'lateScan');
});
