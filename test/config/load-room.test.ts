import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type LoadOptions, loadRoom, parseRoom, type RoomFault } from '../../src/config/load-room.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { EngineError } from '../../src/core/errors.js';

type Json = Record<string, unknown>;

const presenterLayer = { id: 'host', type: 'presenter' };
const base = (): Json => ({
  name: 'shop',
  presenter: { pack: 'mei' },
  layers: [presenterLayer],
  script: { segments: [{ lines: [{ text: 'Hello' }] }] },
});
const cup = { id: 'cup', title: 'Cup', image: 'cup.svg', price: { amount: 2, currency: 'USD' } };

const parse = (room: unknown, options?: LoadOptions): RoomConfig =>
  parseRoom(typeof room === 'string' ? room : JSON.stringify(room), '/rooms/shop/room.json', options);

function failure(act: () => unknown): EngineError {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('expected an EngineError, nothing was thrown');
}
const faults = (e: EngineError): RoomFault[] => e.details['faults'] as RoomFault[];

t.test('the smallest room gets every default', async (t) => {
  const room = parse(base());
  t.equal(room.language, 'en');
  t.equal(room.video.width, 720);
  t.same(room.rate, { num: 30, den: 1 });
  t.equal(room.audio.targetLufs, -16);
  t.equal(room.compliance.lookAheadFrames, 20);
  t.equal(room.script.loop, true);
});

t.test('an NTSC rate becomes a fraction', async (t) => {
  t.same(parse({ ...base(), video: { fps: '30000/1001' } }).rate, { num: 30000, den: 1001 });
});

t.test('reports a file that is not JSON with line and column', async (t) => {
  const error = failure(() => parse('{\n  "name": "shop",\n  oops\n}'));
  t.equal(error.code, 'E_ROOM_JSON');
  t.match(error.message, '/rooms/shop/room.json:3:3');
});

t.test('reports a missing file', async (t) => {
  const dir = t.testdir();
  const error = failure(() => loadRoom('none.json', { cwd: dir }));
  t.equal(error.code, 'E_ROOM_JSON');
  t.match(error.message, join(dir, 'none.json'));
  t.match(error.message, 'no such file');
});

t.test('accepts a byte-order mark', async (t) => {
  const dir = t.testdir();
  writeFileSync(join(dir, 'room.json'), `\uFEFF${JSON.stringify(base())}`);
  t.equal(loadRoom('room.json', { cwd: dir }).name, 'shop');
});

t.test('refuses an unknown key with its path', async (t) => {
  const error = failure(() => parse({ ...base(), video: { fsp: 30 } }));
  t.equal(error.code, 'E_ROOM_INVALID');
  t.match(faults(error), [{ where: 'video', found: '"fsp"' }]);
  t.match(failure(() => parse({ ...base(), nmae: 'x' })).message, 'top level');
});

t.test('refuses a length in an unknown unit and shows it', async (t) => {
  const room = { ...base(), layers: [presenterLayer, { id: 'bar', type: 'shape', fill: '#fff', width: '10em' }] };
  const error = failure(() => parse(room));
  t.equal(error.code, 'E_ROOM_INVALID');
  t.match(error.message, 'layers[1].width');
  t.match(error.message, '10em');
});

t.test('reports all faults of a file at once', async (t) => {
  const error = failure(() => parse({ ...base(), video: { width: 721 }, encoder: { videoKbps: 1 } }));
  t.same(
    faults(error).map((f) => f.where),
    ['video.width', 'encoder.videoKbps'],
  );
});

t.test('refuses duplicate names', async (t) => {
  const outputs = ['a', 'a'].map((id) => ({ id, kind: 'rtmp', url: 'rtmp://h/app/key' }));
  const error = failure(() =>
    parse({ ...base(), layers: [presenterLayer, { ...presenterLayer, type: 'label' }], products: [cup, cup], outputs }),
  );
  t.same(
    faults(error).map((f) => f.where),
    ['layers[1].id', 'products[1].id', 'outputs[1].id'],
  );
});

t.test('refuses an undeclared product where it is used', async (t) => {
  const error = failure(() =>
    parse({
      ...base(),
      products: [cup],
      layers: [{ ...presenterLayer }, { id: 'card', type: 'card', product: 'mug' }],
      script: { segments: [{ product: 'jug', lines: [{ text: 'Hi' }] }] },
    }),
  );
  t.same(
    faults(error).map((f) => f.where),
    ['script.segments[0].product', 'layers[1].product'],
  );
  t.match(faults(error)[0]?.expected, 'cup');
});

t.test('a room has exactly one presenter', async (t) => {
  for (const layers of [[], [presenterLayer, { ...presenterLayer, id: 'second' }]]) {
    const error = failure(() => parse({ ...base(), layers }));
    t.match(faults(error), [{ where: 'layers', expected: /exactly one/, found: String(layers.length) }]);
  }
});

t.test('fills in a key from the environment', async (t) => {
  const outputs = [{ id: 'main', kind: 'rtmp', url: 'rtmp://host/app/${SHOP_KEY}' }];
  const room = parse({ ...base(), outputs }, { env: { SHOP_KEY: 's3cret' } });
  t.match(room.outputs[0], { url: 'rtmp://host/app/s3cret' });
});

t.test('reports a key that is missing from the environment', async (t) => {
  const outputs = [{ id: 'main', kind: 'rtmp', url: 'rtmp://host/app/${SHOP_KEY}' }];
  const error = failure(() => parse({ ...base(), outputs }, { env: {} }));
  t.equal(error.code, 'E_ENV_MISSING');
  t.match(error.message, 'outputs[0].url');
  t.match(error.message, 'SHOP_KEY');
});

t.test('never shows a key in a message', async (t) => {
  const outputs = [{ id: 'main', kind: 'rtmp', url: 'https://host/app/${SHOP_KEY}' }];
  const error = failure(() => parse({ ...base(), outputs }, { env: { SHOP_KEY: 's3cret' } }));
  t.equal(error.code, 'E_ROOM_INVALID');
  t.notMatch(JSON.stringify({ message: error.message, details: error.details, stack: error.stack }), 's3cret');
});

t.test('the environment fills output addresses only', async (t) => {
  const room = parse({ ...base(), title: '${HOME}' }, { env: { HOME: '/root' } });
  t.equal(room.title, '${HOME}');
});

t.test('resolves references against the room file', async (t) => {
  const room = parse({
    ...base(),
    products: [cup],
    layers: [
      presenterLayer,
      { id: 'pic', type: 'image', src: 'a/b.svg' },
      { id: 'now', type: 'image', src: 'product' },
    ],
  });
  t.equal(room.products[0]?.image, '/rooms/shop/cup.svg');
  t.match(room.layers[1], { src: '/rooms/shop/a/b.svg' });
  t.match(room.layers[2], { src: 'product' });
  t.match(room.presenter.pack, /templates\/presenters\/mei$/);
});

t.test('freezes a loaded room deeply', async (t) => {
  const room = parse({ ...base(), products: [cup] });
  const open: string[] = [];
  const walk = (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Object.isFrozen(value)) open.push(at);
    for (const [key, inner] of Object.entries(value)) walk(inner, `${at}.${key}`);
  };
  walk(room, 'room');
  t.same(open, []);
  t.throws(() => Object.assign(room.products[0]!.price, { amount: 0 }), TypeError);
});

t.test('fills backup addresses, tokens and webhooks from the environment, and never shows them', async (t) => {
  const room = {
    ...base(),
    outputs: [
      { id: 'a', kind: 'rtmp', url: 'rtmp://h/app/${K}', backupUrl: 'rtmp://h2/app/${K}', platform: 'youtube' },
      { id: 'b', kind: 'whip', url: 'https://h/whip', token: '${K}' },
      { id: 'c', kind: 'recording', dir: 'tapes' },
    ],
    control: { webhooks: [{ url: 'https://h/${K}', token: '${K}' }] },
  };
  const read = parse(room, { env: { K: 's3cret' } });
  t.match(read.outputs, [{ backupUrl: 'rtmp://h2/app/s3cret' }, { token: 's3cret' }, { dir: '/rooms/shop/tapes' }]);
  t.match(read.control.webhooks, [{ url: 'https://h/s3cret', token: 's3cret' }]);
  const wrong = { ...room, control: { webhooks: [{ url: 'ftp://h/${K}' }] } };
  const error = failure(() => parse(wrong, { env: { K: 's3cret' } }));
  t.equal(error.code, 'E_ROOM_INVALID');
  t.notMatch(JSON.stringify({ message: error.message, details: error.details }), 's3cret');
});

t.test('refuses two ingests at once where a platform accepts one', async (t) => {
  const one = { id: 'a', kind: 'rtmp', url: 'rtmp://h/app/k', backupUrl: 'rtmp://h2/app/k', backup: 'together' };
  t.equal(parse({ ...base(), outputs: [{ ...one, platform: 'youtube' }] }).outputs.length, 1);
  const error = failure(() => parse({ ...base(), outputs: [{ ...one, platform: 'taobao' }] }));
  t.match(faults(error), [{ where: 'outputs[0].backup', expected: /taobao takes one ingest/ }]);
});

t.test('alerts take secrets from the environment only, and messages never show them', (t) => {
  const alerts = {
    webhooks: [{ url: '${HOOK}', format: 'dingtalk', secret: '${SIGN}' }],
    kinds: { slate: { afterMs: 1 } },
  };
  const room = { ...base(), alerts };
  t.match(parse(room, { env: { HOOK: 'https://host/x', SIGN: 's' } }).alerts, {
    webhooks: [{ url: 'https://host/x', format: 'dingtalk', secret: 's' }],
    kinds: { slate: { afterMs: 1 } },
    minDiskFreeMb: 1024,
  });
  t.throws(() => parse(room, { env: { HOOK: 'https://host/x' } }), { code: 'E_ENV_MISSING', message: /secret/ });
  t.match(parse(room, { withoutKeys: true }).alerts.webhooks, [{ url: 'https://unset.invalid/' }]);
  const bad = (): unknown => parse(room, { env: { HOOK: 'my-s3cret', SIGN: 's' } });
  t.throws(bad, { code: 'E_ROOM_INVALID', message: /^((?!s3cret).)*$/s });
  const unknown = { ...base(), alerts: { kinds: { 'slate-up': {} } } };
  t.throws(() => parse(unknown), { code: 'E_ROOM_INVALID', message: /alerts\.kinds/ });
  t.end();
});

t.test('push outputs are required by default', (t) => {
  const outputs = [
    { id: 'a', kind: 'rtmp', url: 'rtmp://host/app/key' },
    { id: 'b', kind: 'rtmp', url: 'rtmp://host/app/key2', required: false },
    { id: 'c', kind: 'hls' },
  ];
  t.same(
    parse({ ...base(), outputs }).outputs.map(({ required }) => required),
    [true, false, false],
  );
  t.end();
});

t.test('reports the line of a fault, and refuses a duplicate key', async (t) => {
  const text = (extra: string): string =>
    `{\n"name": "shop",\n"presenter": { "pack": "mei" },\n"layers": [{ "id": "h", "type": "presenter" }],\n${extra}\n"script": { "segments": [{ "lines": [{ "text": "Hi" }] }] }\n}`;
  const wrong = failure(() => parseRoom(text('"control": {\n"prot": 1 },'), '/rooms/shop/room.json'));
  t.match(
    wrong.message,
    /^\/rooms\/shop\/room\.json:6: control: expected only the keys .*found "prot"; did you mean "port"\?$/,
  );
  const twice = failure(() => parseRoom(text('"name": "other",'), '/rooms/shop/room.json'));
  t.equal(twice.code, 'E_ROOM_JSON');
  t.match(twice.message, 'room.json:5: name: expected each key of an object once, found a duplicate (first in line 2)');
});

t.test('checks a presenter of another engine', async (t) => {
  const room = (presenter: Json) => ({ ...base(), presenter: { pack: 'mei', ...presenter } });
  const streamKey = '${AVATAR_KEY}';
  const { presenter } = parse(room({ source: 'rtmp', external: { streamKey, idleClip: 'idle.mp4' } }));
  t.match(presenter.external, {
    key: { kind: 'chroma', colour: '#00ff00' },
    standInAfterMs: 8000,
    standIn: true,
    idleClip: '/rooms/shop/idle.mp4',
  });
  const where = (given: Json): string => faults(failure(() => parse(room(given))))[0]!.where;
  t.equal(where({ source: 'rtmp' }), 'presenter.external.streamKey');
  t.equal(where({ external: {} }), 'presenter.external');
  t.equal(
    where({ source: 'whip', external: { key: { kind: 'alpha-right' }, fit: 'cover' } }),
    'presenter.external.fit',
  );
  t.equal(
    where({ source: 'whip', external: { streamKey: 'a-key-that-is-written-out' } }),
    'presenter.external.streamKey',
  );
  t.equal(
    where({ source: 'whip', external: { key: { kind: 'chroma', colour: 'green' } } }),
    'presenter.external.key.colour',
  );
});
