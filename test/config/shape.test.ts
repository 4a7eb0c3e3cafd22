import t from 'tap';
import { z } from 'zod';
import { patchOf } from '../../src/config/shape.js';

t.test('makes every field of a patch optional, and null where the field has a default', async (t) => {
  const patch = patchOf(
    z.strictObject({
      text: z.string().min(1).describe('Words'),
      gapMs: z.int().max(10).default(3),
      tags: z.array(z.string()).optional(),
    }),
    ['text'],
  );
  t.same(patch.parse({}), {}, 'no default is filled in');
  t.same(patch.parse({ text: 'a', gapMs: null, tags: null }), { text: 'a', gapMs: null, tags: null });
  t.notOk(patch.safeParse({ text: null }).success, 'a field that must be there cannot be taken away');
  t.notOk(patch.safeParse({ gapMs: 11 }).success, 'bounds hold');
  t.notOk(patch.safeParse({ other: 1 }).success, 'unknown keys are refused');
  t.equal(patch.shape.text.description, 'Words');
});
