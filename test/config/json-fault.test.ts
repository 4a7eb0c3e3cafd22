import t from 'tap';
import { jsonFaultOffset } from '../../src/config/json-text.js';
import { seededRandom } from '../../src/core/random.js';

t.test('finds the first character that is not JSON', async (t) => {
  for (const [text, offset] of [
    ['{"a": oops}', 6],
    ['{"a": 1,}', 8],
    ['[1 2]', 3],
    ['', 0],
    ['{"a" 1}', 5],
    ['{"a": 1', 7],
    ['{} x', 3],
    ['["\t"]', 1],
  ] as const) {
    t.equal(jsonFaultOffset(text), offset, text);
  }
});

t.test('agrees with JSON.parse on texts with random damage', async (t) => {
  const random = seededRandom(5);
  const good = JSON.stringify({ a: [1, -2.5e3, 'x"y', null], b: { c: true, d: [] }, e: {} });
  for (let i = 0; i < 3000; i += 1) {
    const at = Math.floor(random() * good.length);
    const text =
      good.slice(0, at) + '{}[],:"x1 '[Math.floor(random() * 10)]! + good.slice(at + Math.floor(random() * 3));
    let valid = true;
    try {
      JSON.parse(text);
    } catch {
      valid = false;
    }
    if ((jsonFaultOffset(text) === undefined) !== valid) t.fail(text);
  }
  t.equal(jsonFaultOffset(good), undefined);
  t.equal(jsonFaultOffset('['.repeat(200_000)), 200_000, 'deep nesting does not overflow');
});
