import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { latestState, readLedgerParts } from '../../src/fleet/rooms/room-report.js';
import { FleetRig } from '../../scripts/bench/fleet/fleet-rig.js';
import { hasNginxRtmp } from '../../scripts/bench/fleet/publish-watch.js';
import { redisProgram } from '../../scripts/bench/fleet/redis-server.js';

const missing = redisProgram() === undefined ? 'no Redis or Valkey' : hasNginxRtmp() ? false : 'no nginx with RTMP';
interface Product {
  readonly product: { readonly stock: string; readonly price: { readonly amount: number } };
}

t.test('a show shares its edits, and a room takes all of its state along', { skip: missing }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'showroom-fleet-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const rig = await FleetRig.start({ folder, workers: 2 });
  t.teardown(() => rig.close());
  for (const id of ['sale-en', 'sale-es']) await rig.submit(id, { show: 'sale' });
  await rig.onAir('sale-es');
  const { worker } = await rig.onAir('sale-en');
  const mug = async (id: string): Promise<Product['product']> =>
    (await rig.ask<Product>(id, '/api/products/mug')).product;
  // The first look of each room is over.
  await rig.until(
    'both lines are known',
    async () => (await rig.room('sale-es')).line !== null && (await rig.room('sale-en')).line !== null,
  );

  await rig.ask('sale-en', '/api/products/mug', 'PATCH', { price: { amount: 7.25 } });
  const within = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    const sinceMs = performance.now();
    await rig.until(what, holds, 5000);
    const ms = Math.round(performance.now() - sinceMs);
    t.ok(ms <= 1000, `${what} after ${ms} ms`);
  };
  await within('the other room has the price', async () => (await mug('sale-es')).price.amount === 7.25);
  await rig.ask('sale-es', '/api/products/mug/sold-out', 'POST');
  await within('the first is sold out', async () => (await mug('sale-en')).stock === 'sold-out');
  t.same(
    await rig.fleet.edit('sale', 'mug', { stock: 'on-sale', price: { amount: 8 } }),
    ['sale-en', 'sale-es'].map((room) => ({ room, error: '' })),
  );

  // More than a worker of two reference rooms carries.
  const large = rig.writeRoom('large', (room) => {
    room['video'] = { width: 1080, height: 1920, fps: 30 };
  });
  await rig.submit('large', { file: large });
  await rig.until('a room too large is refused', async () =>
    /2 of 2 workers have no room for it/.test((await rig.room('large')).error),
  );
  t.equal((await rig.room('large')).state, 'waiting');
  await rig.fleet.stop('large');

  await rig.ask('sale-en', '/api/products/mug/pin', 'POST');
  await rig.ask('sale-en', '/api/mute', 'POST');
  await rig.ask('sale-en', '/api/script/pause', 'POST');
  await rig.ask('sale-en', '/api/say', 'POST', { text: 'A line of the operator about our mug.' });
  await rig.until('the store has it', async () => {
    const last = await latestState(rig.fleet.store, 'sale-en', rig.key);
    return (
      last?.state.pinned === 'mug' &&
      last.state.paused &&
      last.state.resume?.includes('"muted":true') === true &&
      last.state.text.includes('"amount": 8')
    );
  });
  const { fence } = await rig.room('sale-en');
  rig.worker(worker!).child.kill('SIGKILL');
  await rig.until('it is elsewhere', async () => (await rig.room('sale-en')).worker !== worker);
  await rig.onAir('sale-en');
  const after = await rig.room('sale-en');
  t.equal(after.fence, fence + 1);
  t.equal((await mug('sale-en')).price.amount, 8);
  t.match(await rig.ask('sale-en', '/api/report?since=1h'), { sessions: { length: 2 } }, 'one report of both workers');
  t.equal((await rig.ask<{ pinned: string }>('sale-en', '/api/products')).pinned, 'mug');
  t.equal((await rig.ask<{ paused: boolean }>('sale-en', '/api/agenda')).paused, true);
  t.equal((await rig.ask<{ audio: { muted: boolean } }>('sale-en', '/api/room')).audio.muted, true);
  await rig.until('its ledger names both leases', async () => {
    const text = (await readLedgerParts(rig.fleet.store, 'sale-en')).toString();
    return text.includes(`"fence":${fence}`) && text.includes(`"fence":${fence + 1}`);
  });
  const resume = join(folder, after.worker!, 'rooms', 'sale-en', 'records', 'ledger.resume.json');
  t.match(JSON.parse(readFileSync(resume, 'utf8')), { lease: { worker: after.worker, fence: fence + 1 } });
  // No key lies in Redis, in a log, or readable in the store.
  const logs = [...rig.workers.keys()].flatMap((name) =>
    readdirSync(join(folder, name, 'logs')).map((file) => readFileSync(join(folder, name, 'logs', file), 'utf8')),
  );
  const dump =
    JSON.stringify(await rig.fleet.redis.statuses()) +
    JSON.stringify((await rig.fleet.redis.rooms.getJob('sale-en'))?.data);
  for (const text of [...logs, rig.lastWords(), dump, ...[...rig.s3.objects.values()].map(String)])
    t.notMatch(text, /key-sale-en/);
  t.same(rig.ingest.doubles, []);
});
