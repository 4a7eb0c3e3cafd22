import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { newFleetKey } from '../../src/fleet/fleet-key.js';
import { AssetCache, layRoom, RoomCourier } from '../../src/fleet/rooms/room-courier.js';
import { LEDGER, readLedgerParts, reportFile, RESUME } from '../../src/fleet/rooms/room-report.js';
import { silentLog } from '../../src/core/log.js';
import { fetchRecords } from '../../src/fleet/rooms/fetch-records.js';
import { showReport, showSessions } from '../../src/report/show-report.js';
import { ShowStore } from '../../src/store/show-store.js';
import { assetKey, packRoom, sendRoom } from '../../src/fleet/rooms/room-package.js';
import { FolderStore, S3Store } from '../../src/fleet/store/open-object-store.js';
import type { ObjectStore } from '../../src/fleet/store/object-store.js';
import { S3Server } from '../../scripts/bench/fleet/s3-server.js';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';

/** A room with a file inside its folder and one outside. */
function makeRoom(dir: string): string {
  const room = join(dir, 'shop');
  mkdirSync(join(room, 'assets'), { recursive: true });
  mkdirSync(join(dir, 'shared'));
  writeFileSync(join(room, 'assets', 'mug.svg'), SVG);
  writeFileSync(join(dir, 'shared', 'pot.svg'), SVG.replace('8"/>', '7"/>'));
  const product = (id: string, image: string): object => ({
    id,
    title: id,
    price: { amount: 9.5, currency: 'USD' },
    image,
  });
  writeFileSync(
    join(room, 'room.json'),
    JSON.stringify({
      name: 'shop',
      presenter: { pack: 'mei' },
      products: [product('mug', 'assets/mug.svg'), product('pot', '../shared/pot.svg')],
      layers: [{ id: 'presenter', type: 'presenter', anchor: 'bottom' }],
      script: { segments: [{ lines: [{ text: 'Hello.' }] }] },
      outputs: [{ id: 'live', kind: 'rtmp', url: 'rtmp://127.0.0.1/live/${STREAM_KEY}' }],
    }),
  );
  return join(room, 'room.json');
}

async function stores(t: Tap): Promise<Record<string, ObjectStore>> {
  const s3 = await S3Server.start();
  t.teardown(() => s3.close());
  const {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  } = s3.env;
  const place = {
    bucket: 'shows',
    prefix: 'prod',
    region: 'eu-test-1',
    endpoint: endpoint!,
    accessKeyId: accessKeyId!,
  };
  return {
    folder: new FolderStore(join(t.testdir(), 'store')),
    s3: new S3Store({ ...place, secretAccessKey: secretAccessKey! }),
  };
}
type Tap = typeof t;

t.test('a room comes whole out of the store, and its secrets lie nowhere', async (t) => {
  for (const [name, store] of Object.entries(await stores(t as Tap))) {
    const dir = t.testdir({});
    const key = await newFleetKey();
    const packed = await packRoom(makeRoom(dir), { STREAM_KEY: 'very-secret-key' });
    t.equal(Object.keys(packed.files.files).length, 2, name);
    t.ok((await sendRoom(store, 'shop', packed, key.publicKey)) > 0);
    t.equal(await sendRoom(store, 'shop', packed, key.publicKey), 0, 'sent once');
    for (const one of await store.list('rooms/')) {
      const text = (await store.get(one))!.toString('latin1');
      t.notMatch(text, /very-secret-key|rtmp:/, one);
    }
    const laid = await layRoom({
      store,
      cache: new AssetCache(join(dir, 'cache'), store, 1e6),
      key,
      folder: join(dir, 'laid'),
      room: 'shop',
      submission: 'one',
      host: '10.0.0.7',
    });
    t.same(laid.env, { STREAM_KEY: 'very-secret-key' });
    const room = JSON.parse(readFileSync(join(dir, 'laid', 'room.json'), 'utf8'));
    t.equal(readFileSync(join(dir, 'laid', room.products[0].image), 'utf8'), SVG);
    t.match(room.products[1].image, /^from-outside\/\w+\/pot\.svg$/);
    t.match(readFileSync(join(dir, 'laid', room.products[1].image), 'utf8'), /7"\/>/);
    t.match(room.control, { host: '10.0.0.7', rtmpPort: 0, flvPort: 0 });
    t.equal(room.compliance.ledger, LEDGER);
    t.match(room.outputs[0].url, /\$\{STREAM_KEY\}$/, 'the key stays in the environment');
  }
});

t.test('refuses a missing variable, a changed file and a path out of the folder', async (t) => {
  const dir = t.testdir({});
  const file = makeRoom(dir);
  await t.rejects(packRoom(file, {}), { code: 'E_ENV_MISSING', expected: 'environment variable STREAM_KEY' });
  const store = new FolderStore(join(dir, 'store'));
  const packed = await packRoom(file, { STREAM_KEY: 'k' });
  const key = await newFleetKey();
  await sendRoom(store, 'shop', packed, key.publicKey);
  const [sha256] = packed.places.keys();
  await store.put(assetKey(sha256!), Buffer.from('another'));
  const cache = new AssetCache(join(dir, 'cache'), store, 1e6);
  await t.rejects(cache.lay(packed.files.files, join(dir, 'laid')), { code: 'E_ASSET_INVALID' });
  await t.rejects(cache.lay({ '../out': { sha256: sha256!, bytes: 1 } }, join(dir, 'laid')), {
    code: 'E_ASSET_INVALID',
  });
});

t.test('the cache forgets the least recently used, and rooms keep their files', async (t) => {
  const dir = t.testdir({});
  const store = new FolderStore(join(dir, 'store'));
  const files = Object.fromEntries(
    await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        const bytes = Buffer.alloc(1000, name);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        await store.put(assetKey(sha256), bytes);
        return [name, { sha256, bytes: 1000 }] as const;
      }),
    ),
  );
  const cache = new AssetCache(join(dir, 'cache'), store, 2000);
  for (const [name, file] of Object.entries(files)) await cache.lay({ [name]: file }, join(dir, 'room'));
  t.equal(readdirSync(join(dir, 'cache')).length, 2);
  t.notOk(readdirSync(join(dir, 'cache')).includes(files['a']!.sha256));
  t.equal(readFileSync(join(dir, 'room', 'a'), 'latin1'), 'a'.repeat(1000));
});

t.test('state and ledger go on under the next fencing token; a late one of an older changes nothing', async (t) => {
  const dir = t.testdir({});
  const key = await newFleetKey();
  const store = new FolderStore(join(dir, 'store'));
  const packed = await packRoom(makeRoom(dir), { STREAM_KEY: 'k' });
  await sendRoom(store, 'shop', packed, key.publicKey);
  const lay = (name: string, submission = 'one') =>
    layRoom({
      store,
      cache: new AssetCache(join(dir, 'cache'), store, 1e6),
      key,
      folder: join(dir, name),
      room: 'shop',
      submission,
      host: '127.0.0.1',
    });
  const options = { store, room: 'shop', publicKey: key.publicKey, submission: 'one' };
  const first = await lay('w1');
  const old = await RoomCourier.begin({ ...options, folder: first.folder, worker: 'w1' }, 1, 0);
  writeFileSync(join(first.folder, LEDGER), '{"seq":0}\n{"seq":1}\n{"half');
  writeFileSync(join(first.folder, RESUME), JSON.stringify({ version: 1, engine: null, children: [], line: null }));
  await old.carry({ pinned: 'mug', paused: false, says: [{ text: 'Wait.', role: 'host' }] });

  const second = await lay('w2');
  t.equal(second.knownFence, 1);
  t.match(second.carried, { pinned: 'mug', says: [{ text: 'Wait.' }] });
  t.equal(readFileSync(join(second.folder, LEDGER), 'utf8'), '{"seq":0}\n{"seq":1}\n', 'whole lines only');
  t.match(JSON.parse(readFileSync(join(second.folder, RESUME), 'utf8')), { engine: { pid: 2 }, children: [] });
  const next = await RoomCourier.begin({ ...options, folder: second.folder, worker: 'w2' }, 2, second.ledgerBytes);
  await next.carry({ pinned: null, paused: true, says: [] });
  // The first worker was frozen and goes on for a moment.
  await old.carry({ pinned: 'pot', paused: false, says: [] });
  const third = await lay('w3');
  t.match(third, { knownFence: 2, carried: { pinned: null, paused: true } });

  // Its machine was gone; what it had not sent is sent when it comes back.
  writeFileSync(join(first.folder, LEDGER), '{"seq":0}\n{"seq":1}\n{"half":1}\n');
  const back = await RoomCourier.leftover({ ...options, folder: first.folder, worker: 'w1' });
  await back!.carryRest();
  t.match((await readLedgerParts(store, 'shop')).toString(), /"half":1/);
  t.equal((await lay('w4', 'two')).knownFence, 2, 'a newer submit keeps line and ledger');
});

t.test('records for reports go on with the room, as one show; nobody without the key reads them', async (t) => {
  const dir = t.testdir({});
  const key = await newFleetKey();
  const store = new FolderStore(join(dir, 'store'));
  await sendRoom(store, 'shop', await packRoom(makeRoom(dir), { STREAM_KEY: 'k' }), key.publicKey);
  const lay = (name: string) =>
    layRoom({
      store,
      cache: new AssetCache(join(dir, 'cache'), store, 1e6),
      key,
      folder: join(dir, name),
      room: 'shop',
      submission: 'one',
      host: '127.0.0.1',
    });
  const nowMs = Date.now();
  const show = async (folder: string, atMs: number, line: string): Promise<ShowStore> => {
    const config = { enabled: true, keepDays: 30, userNames: 'hash' as const };
    const engine = await ShowStore.open({
      file: reportFile(folder),
      config,
      log: silentLog,
      writeMs: 0,
      nowMs: () => atMs,
    });
    engine.begin({ room: 'shop', version: '1.0.0', atMs });
    engine.lineSpoken({
      line: `l-${atMs}`,
      text: line,
      atMs,
      untilMs: atMs + 1000,
      kind: 'script',
      role: 'host',
      language: 'en',
    });
    engine.figures({ frames: 100, replaced: 0, muted: 0, late: 0 });
    await engine.flush();
    return engine;
  };
  const options = { store, room: 'shop', publicKey: key.publicKey, submission: 'one' };
  const first = await lay('w1');
  const engine = await show(first.folder, nowMs - 60_000, 'A secret word.');
  const courier = await RoomCourier.begin({ ...options, folder: first.folder, worker: 'w1' }, 1, 0);
  // The engine has its file open, with what is new in the log.
  await courier.carry(undefined);
  t.notMatch(String(await store.get('rooms/shop/report/0000000001.bin')), /secret|SQLite/);

  const second = await lay('w2');
  await (await show(second.folder, nowMs - 30_000, 'On another machine.')).close();
  const file = reportFile(second.folder);
  const report = await showReport({ file, sinceMs: 3_600_000, nowMs });
  t.match(report, { sessions: { length: 2 }, lines: { spoken: 2 } });
  t.match(await showSessions({ file, sinceMs: 3_600_000, nowMs }), { length: 1, 0: { id: 1, frames: 200 } });
  await engine.close();

  // Whoever has the key fetches all of it, from any machine.
  const fetched = await fetchRecords(store, 'shop', key, join(dir, 'fetched'));
  t.match(await showReport({ file: fetched.store!, sinceMs: 3_600_000, nowMs }), { lines: { spoken: 1 } });
  await t.rejects(fetchRecords(store, 'shop', await newFleetKey(), join(dir, 'other')), { code: 'E_SEALED' });
  await t.rejects(fetchRecords(store, 'none', key, join(dir, 'none')), { code: 'E_NOT_FOUND' });
});

t.test('a bucket that refuses says why; listings come whole', async (t) => {
  const s3 = await S3Server.start();
  t.teardown(() => s3.close());
  const endpoint = s3.env['AWS_ENDPOINT_URL_S3']!;
  const place = { bucket: 'shows', prefix: '', region: 'eu', endpoint, accessKeyId: s3.accessKeyId };
  const wrong = new S3Store({ ...place, secretAccessKey: 'wrong' });
  await t.rejects(wrong.put('a', Buffer.from('x')), { code: 'E_FLEET_STORE', found: 'HTTP 403 SignatureDoesNotMatch' });
  const store = new S3Store({ ...place, secretAccessKey: s3.env['AWS_SECRET_ACCESS_KEY']! });
  for (let i = 0; i < 120; i += 1) await store.put(`rooms/a & b/${String(i).padStart(3, '0')}.json`, Buffer.from('x'));
  t.equal((await store.list('rooms/')).length, 120);
  t.equal((await store.list('rooms/'))[7], 'rooms/a & b/007.json');
  t.equal(await store.get('none'), undefined);
  t.equal(await store.has('rooms/a & b/007.json'), true);
  await store.remove('rooms/a & b/007.json');
  t.equal(await store.has('rooms/a & b/007.json'), false);
  const other = new S3Store({ ...place, bucket: 'other', secretAccessKey: s3.env['AWS_SECRET_ACCESS_KEY']! });
  await t.rejects(other.get('a'), { code: 'E_FLEET_STORE', found: 'HTTP 404 NoSuchBucket' });
});
