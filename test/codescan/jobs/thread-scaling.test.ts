import t from 'tap';
import { ThreadScaling } from '../../../src/codescan/jobs/thread-scaling.js';

t.test('a thread that always has a job gets help after 12 looks, and no more than there may be', async (t) => {
  const need = new ThreadScaling(1, 2);
  for (let i = 0; i < 11; i += 1) t.notOk(need.look(1, 1));
  t.ok(need.look(1, 1));
  t.equal(need.wanted, 2);
  for (let i = 0; i < 100; i += 1) t.notOk(need.look(2, 2), 'there is no third');
  t.equal(need.wanted, 2);
});

t.test('while the help is on its way no more is called', async (t) => {
  const need = new ThreadScaling(1, 4);
  for (let i = 0; i < 12; i += 1) need.look(1, 1);
  for (let i = 0; i < 200; i += 1) need.look(1, 1);
  t.equal(need.wanted, 2, 'one of the two does not scan yet');
  for (let i = 0; i < 12; i += 1) need.look(2, 2);
  t.equal(need.wanted, 3);
});

t.test('a thread busy for two thirds of the time is enough, one busy for five sixths is not', async (t) => {
  const twoThirds = new ThreadScaling(1, 2);
  for (let i = 0; i < 1199; i += 1) twoThirds.look(i % 3 === 0 ? 0 : 1, 1);
  t.equal(twoThirds.wanted, 1);
  const fiveSixths = new ThreadScaling(1, 2);
  for (let i = 0; i < 60; i += 1) fiveSixths.look(i % 6 === 0 ? 0 : 1, 1);
  t.equal(fiveSixths.wanted, 2);
});

t.test('after a minute in which one would have been half idle with all the work, one is ended', async (t) => {
  const need = new ThreadScaling(1, 3);
  for (let i = 0; i < 12; i += 1) need.look(1, 1);
  for (let i = 0; i < 12; i += 1) need.look(2, 2);
  t.equal(need.wanted, 3);
  const minute = (busy: (i: number) => number): void => {
    for (let i = 0; i < 1200; i += 1) need.look(busy(i), need.wanted);
  };
  minute((i) => (i % 2 === 0 ? 2 : 0));
  t.equal(need.wanted, 3, 'together they had enough to do for one');
  minute((i) => (i % 3 === 0 ? 1 : 0));
  t.equal(need.wanted, 2, 'one at a time');
  minute(() => 0);
  t.equal(need.wanted, 1);
  minute(() => 0);
  t.equal(need.wanted, 1, 'never below the least');
});

t.test('a room that needs two from the start has them, until there is a minute of calm', async (t) => {
  const need = new ThreadScaling(1, 2, 2);
  t.equal(need.wanted, 2);
  for (let i = 0; i < 1199; i += 1) need.look(0, 2);
  t.equal(need.wanted, 2);
  t.ok(need.look(0, 2));
  t.equal(need.wanted, 1);
});
