import t from 'tap';
import { ThreadScaling } from '../../../src/codescan/jobs/frame-scanner.js';

t.test('starts another thread after 12 busy samples, up to the maximum', async (t) => {
  const need = new ThreadScaling(1, 2);
  for (let i = 0; i < 11; i += 1) t.notOk(need.look(1, 1));
  t.ok(need.look(1, 1));
  t.equal(need.wanted, 2);
  for (let i = 0; i < 100; i += 1) t.notOk(need.look(2, 2), 'there is no third');
  t.equal(need.wanted, 2);
});

t.test('starts no further thread while one is starting', async (t) => {
  const need = new ThreadScaling(1, 4);
  for (let i = 0; i < 12; i += 1) need.look(1, 1);
  for (let i = 0; i < 200; i += 1) need.look(1, 1);
  t.equal(need.wanted, 2, 'one of the two is still starting');
  for (let i = 0; i < 12; i += 1) need.look(2, 2);
  t.equal(need.wanted, 3);
});

t.test('keeps one thread at two thirds of load and starts another at five sixths', async (t) => {
  const twoThirds = new ThreadScaling(1, 2);
  for (let i = 0; i < 1199; i += 1) twoThirds.look(i % 3 === 0 ? 0 : 1, 1);
  t.equal(twoThirds.wanted, 1);
  const fiveSixths = new ThreadScaling(1, 2);
  for (let i = 0; i < 60; i += 1) fiveSixths.look(i % 6 === 0 ? 0 : 1, 1);
  t.equal(fiveSixths.wanted, 2);
});

t.test('ends a thread after a minute in which all the work was half of one thread', async (t) => {
  const need = new ThreadScaling(1, 3);
  for (let i = 0; i < 12; i += 1) need.look(1, 1);
  for (let i = 0; i < 12; i += 1) need.look(2, 2);
  t.equal(need.wanted, 3);
  const minute = (busy: (i: number) => number): void => {
    for (let i = 0; i < 1200; i += 1) need.look(busy(i), need.wanted);
  };
  minute((i) => (i % 2 === 0 ? 2 : 0));
  t.equal(need.wanted, 3, 'together they had enough work for one');
  minute((i) => (i % 3 === 0 ? 1 : 0));
  t.equal(need.wanted, 2, 'one at a time');
  minute(() => 0);
  t.equal(need.wanted, 1);
  minute(() => 0);
  t.equal(need.wanted, 1, 'never below the minimum');
});

t.test('starts with the requested two threads and keeps them until a quiet minute', async (t) => {
  const need = new ThreadScaling(1, 2, 2);
  t.equal(need.wanted, 2);
  for (let i = 0; i < 1199; i += 1) need.look(0, 2);
  t.equal(need.wanted, 2);
  t.ok(need.look(0, 2));
  t.equal(need.wanted, 1);
});
