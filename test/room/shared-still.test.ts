import t from 'tap';
import { SharedStill } from '../../src/room/live-room.js';

t.test('makes one picture for a thousand concurrent requests, and a new one for a new frame', async (t) => {
  let made = 0;
  let under = 0;
  let most = 0;
  let frame = 7;
  const still = new SharedStill(
    async () => {
      made += 1;
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setTimeout(resolve, 5));
      under -= 1;
      return Buffer.from(`picture ${made}`);
    },
    () => frame,
  );
  const all = await Promise.all(Array.from({ length: 1000 }, () => still.jpeg()));
  t.equal(made, 1);
  t.ok(all.every((one) => one === all[0]));
  t.equal(await still.jpeg(), all[0], 'the frame is the same');
  frame += 1;
  t.equal((await still.jpeg()).toString(), 'picture 2');
  // Frames pass while one is made.
  const asking = Array.from({ length: 200 }, () => {
    frame += 1;
    return still.jpeg();
  });
  await Promise.all(asking);
  t.equal(made, 3);
  t.equal(most, 1, 'one at a time');
});

t.test('retries after a failed picture on the next request', async (t) => {
  let tries = 0;
  const still = new SharedStill(
    () => ((tries += 1) === 1 ? Promise.reject(new Error('no frame in time')) : Promise.resolve(Buffer.from('ok'))),
    () => 1,
  );
  await Promise.all([t.rejects(still.jpeg()), t.rejects(still.jpeg())]);
  t.equal((await still.jpeg()).toString(), 'ok');
});
