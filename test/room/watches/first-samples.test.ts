import t from 'tap';
import { FirstSamples } from '../../../src/room/watches/picture-sampler.js';

t.test('reads the picture once after the start, and at the first appearance of each product', async (t) => {
  const asked: number[] = [];
  const looks = new FirstSamples({ changed: (inMs?: number) => void asked.push(inMs ?? 0) });
  looks.product('lamp', 0);
  t.strictSame(asked, [], 'lines scheduled before the show are read with its beginning');
  looks.begin('lamp');
  t.strictSame(asked, [5000]);
  looks.product('lamp', 900);
  looks.product('bottle', 1200);
  looks.product('lamp', 900);
  looks.product('bottle', 1200);
  looks.product('bag', -40);
  t.strictSame(asked, [5000, 1200, 0], 'each once; a late one counts as arrived');
  looks.layersChanged();
  looks.product('lamp', 700);
  t.strictSame(asked.slice(3), [0, 700], 'with other layers the picture is new');
});
