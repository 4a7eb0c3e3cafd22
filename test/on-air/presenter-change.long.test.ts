import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { onAir, templateRoom } from '../kit/on-air.js';

const [WIDTH, X, Y, SIDE] = [720, 60, 300, 300];

/** Mean difference of luma between two I420 pictures over the presenter's upper body, 0–255. */
function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let y = Y; y < Y + SIDE; y += 1) {
    for (let x = X; x < X + SIDE; x += 1) sum += Math.abs(a[y * WIDTH + x]! - b[y * WIDTH + x]!);
  }
  return sum / SIDE ** 2;
}

t.test('another presenter takes over at a line end, with its own voice, and back by undo', async (t) => {
  const room = templateRoom('demo-portrait');
  delete room['audio'].music;
  const { live, api, file } = await onAir(t, room);
  const until = async (what: () => boolean, why: string): Promise<void> => {
    for (let i = 0; i < 2400 && !what(); i += 1) await sleep(50);
    t.ok(what(), why);
  };
  // The picture as drawn: a busy machine may show the slate.
  const drawn = () => live['parts'].loop.canvas();
  await until(() => live.snapshot().frame > 60, 'on air');
  const first = await drawn();
  await sleep(1500);
  const second = await drawn();
  const usual = difference(first, second);
  const before = (await api('GET', '/api/presenter')).body;
  t.match(before, { pack: 'mei', look: null, atFrame: null });
  t.ok(before.looks.includes('chef'));
  for (const name of ['aiko', 'amara', 'leo', 'mei']) t.ok(before.packs.includes(name), name);

  const changed = await api('PUT', '/api/presenter', { pack: 'leo' }, { prefer: 'wait=120' });
  t.equal(changed.status, 200, JSON.stringify(changed.body));
  const { atFrame } = changed.body;
  t.ok(atFrame > live.snapshot().frame, 'after the scheduled lines');
  await until(() => live.snapshot().frame > atFrame + 40, 'the frame has come');
  const third = await drawn();
  const seen = difference(second, third);
  t.ok(seen > 3 * usual + 4, `another figure: ${seen.toFixed(1)} against ${usual.toFixed(1)}`);
  await until(() => live.snapshot().speaking !== null, 'the show goes on');

  t.equal((await api('PUT', '/api/presenter', { pack: 'nobody' })).status, 404);
  t.equal((await api('PUT', '/api/presenter', { pack: '/etc' })).status, 404);
  t.match((await api('POST', '/api/room/save')).body, { changed: ['presenter'] });
  t.equal(JSON.parse(readFileSync(file, 'utf8')).presenter.pack, 'leo');

  t.equal((await api('POST', '/api/undo')).body.undone.what, 'presenter');
  const back = (await api('GET', '/api/presenter')).body;
  t.equal(back.pack, 'mei');
  await until(() => live.snapshot().frame > back.atFrame + 40, 'the frame has come');
  t.ok(difference(second, await drawn()) < seen / 2, 'the first figure again');
});
