import t from 'tap';
import { ScanPace } from '../../../src/codescan/jobs/scan-pace.js';

const after = (...ms: number[]): number => {
  const pace = new ScanPace();
  for (const each of ms) pace.add(each);
  return pace.waiting();
};

t.test('lets fewer scans wait the longer they take, and always two', async (t) => {
  t.equal(after(), 16, 'before the first picture');
  t.equal(after(200), 16, 'after a long first scan');
  t.equal(after(3, 3, 3, 3, 3), 16, 'a window');
  t.equal(after(18, 18, 18, 18, 18), 7);
  t.equal(after(33, 33, 33, 33, 33), 4);
  t.equal(after(500, 500, 500, 500, 500), 2);
});

t.test('ignores a single long scan of a fast thread', async (t) => {
  t.equal(after(3, 3, 3, 3, 900), 16);
  t.equal(after(3, 3, 900, 900, 900), 2);
});

t.test('lets twice as many scans wait for two threads as for one', async (t) => {
  const pace = new ScanPace();
  for (let i = 0; i < 5; i += 1) pace.add(50);
  t.equal(pace.waiting(1), 2);
  t.equal(pace.waiting(2), 5);
  t.equal(pace.waiting(4), 7, 'no more than there are frames');
});

t.test('counts frames without a scan, so that few costly scans among them may wait', async (t) => {
  const every = new ScanPace();
  const sixth = new ScanPace();
  for (let i = 0; i < 10; i += 1) {
    every.add(60, i);
    sixth.add(60, i * 6);
  }
  t.equal(every.waiting(), 2);
  t.equal(sixth.waiting(), 16);
});
