import t from 'tap';
import { OrderRig, shadeOf } from './order-rig.js';

t.test('a deep window ends the slate although a code is still far behind', async (t) => {
  const rig = new OrderRig(120);
  rig.tick(30);
  rig.tick(1, true);
  rig.tick(89);
  rig.tick(1, true);
  rig.tick(200);
  rig.drain();
  const released = rig.left.filter((l) => l.frame > 31 && l.frame < 110 && l.cause === undefined).length;
  t.ok(released > 35, `${released} frames between the two codes left as drawn`);
  t.equal(rig.left[30]!.cause, 'violation');
  t.equal(rig.left[120]!.cause, 'violation');
});

t.test('shows the slate while the encoder holds all pictures, and overwrites none', async (t) => {
  const rig = new OrderRig(20);
  rig.keepsTokens = true;
  rig.tick(40);
  const held = rig.left.filter((l) => l.shade !== 7);
  t.equal(held.length, 3, 'the encoder’s maximum, plus one');
  t.ok(rig.left.slice(3).every((l) => l.cause === 'unjudged' && l.shade === 7));
  t.same(
    rig.pictures.map((p) => p[0]),
    [shadeOf(0), shadeOf(1), shadeOf(2)],
    'handed-out pictures are unchanged',
  );
});
