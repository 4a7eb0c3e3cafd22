import t from 'tap';
import { FirstSamples } from '../../../../src/engine/room/watches/first-samples.js';

t.test('the picture is read once the show is on, and when a product comes that was not seen yet', async (t) => {
  const asked: number[] = [];
  const looks = new FirstSamples({ changed: (inMs?: number) => void asked.push(inMs ?? 0) });
  looks.product('lamp', 0);
  t.strictSame(asked, [], 'what is placed before the show is on air is seen with its beginning');
  looks.begin('lamp');
  t.strictSame(asked, [5000]);
  looks.product('lamp', 900);
  looks.product('bottle', 1200);
  looks.product('lamp', 900);
  looks.product('bottle', 1200);
  looks.product('bag', -40);
  t.strictSame(asked, [5000, 1200, 0], 'each once; one that is late has come');
  looks.layersChanged();
  looks.product('lamp', 700);
  t.strictSame(asked.slice(3), [0, 700], 'with other layers it is another picture');
});
