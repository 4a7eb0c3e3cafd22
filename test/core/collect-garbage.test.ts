import t from 'tap';
import { BufferCollector, fullCollector, youngCollector } from '../../src/core/collect-garbage.js';

const MIB = 1 << 20;

t.test('a full collection frees old objects', async (t) => {
  const young = youngCollector();
  const all = fullCollector();
  const made = ((): WeakRef<object> => {
    const thing = { some: 'thing' };
    young();
    young();
    young();
    return new WeakRef(thing);
  })();
  await new Promise((resolve) => setImmediate(resolve));
  young();
  t.ok(made.deref() !== undefined, 'the young are collected without it');
  await new Promise((resolve) => setImmediate(resolve));
  all();
  t.equal(made.deref(), undefined);
});

t.test('collects everything once the buffers have grown enough', async (t) => {
  let held = 100 * MIB;
  const garbage = new BufferCollector(12 * MIB, () => held);
  const after = (mib: number): number => {
    held = mib * MIB;
    garbage.collect();
    return garbage.collections;
  };
  t.equal(after(100), 0);
  t.equal(after(111), 0);
  t.equal(after(112), 1);
  t.equal(after(104), 1, 'the remainder is the new baseline');
  t.equal(after(115), 1);
  t.equal(after(102), 1);
  t.equal(after(113), 1, 'from the minimum held');
  t.equal(after(114), 2);
});
