import t from 'tap';
import { EngineError } from '../../src/core/errors.js';
import { admitOnce } from '../../src/check/check-room.js';

const picture = (value: number, where = 'a', width = 2) => ({
  ...{ where, width, height: 4 / width },
  rgba: new Uint8Array(16).fill(value),
});

t.test('judges equal pixels once, in every scene', async (t) => {
  const judged: string[] = [];
  const admit = admitOnce(async ({ where, rgba, width }) => void judged.push(`${where} ${rgba[0]} ${width}`));
  await Promise.all([admit(picture(1)), admit(picture(1, 'b'))]);
  await admit(picture(2, 'c'));
  await admit(picture(1, 'd', 4));
  t.same(judged, ['a 1 2', 'c 2 2', 'd 1 4'], 'other pixels, and the same in another shape, are judged separately');
});

t.test('refuses a refused picture again', async (t) => {
  let times = 0;
  const admit = admitOnce(async ({ where }) => {
    times += 1;
    throw new EngineError('E_ASSET_REFUSED', { where });
  });
  for (const where of ['a', 'b']) await t.rejects(admit(picture(1, where)), { code: 'E_ASSET_REFUSED' });
  t.equal(times, 1);
});
