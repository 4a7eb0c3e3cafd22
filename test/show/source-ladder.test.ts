import t from 'tap';
import { SourceLadder } from '../../src/show/source-ladder.js';

t.test('ignores a hiccup, idles for a stall, shows the slate for a long one, and returns at once', async (t) => {
  const ladder = new SourceLadder(120_000, 5000);
  t.equal(ladder.update(0), undefined);
  t.equal(ladder.update(4900), undefined);
  t.equal(ladder.update(5000), 'idle');
  t.equal(ladder.update(119_000), undefined);
  t.equal(ladder.update(120_000), 'slate');
  t.equal(ladder.update(500_000), undefined);
  t.equal(ladder.update(0), 'fresh');
  t.equal(ladder.at, 'fresh');
});

t.test('never shows the slate with 0', async (t) => {
  const ladder = new SourceLadder(0);
  t.equal(ladder.update(5000), 'idle');
  t.equal(ladder.update(9e9), undefined);
});
