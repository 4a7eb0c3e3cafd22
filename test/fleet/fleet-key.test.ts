import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { newFleetKey, readFleetKey, roomToken, seal, unseal, writeFleetKey } from '../../src/fleet/fleet-key.js';

t.test('whoever has the public key seals, and only the secret key opens', async (t) => {
  const key = await newFleetKey();
  const box = await seal('rtmp://ingest/live/stream-key', key.publicKey);
  t.notOk(box.includes('stream-key'));
  t.equal(await unseal(box, key, 'room a'), 'rtmp://ingest/live/stream-key');
  await t.rejects(unseal(box, await newFleetKey(), 'room a'), { code: 'E_SEALED', where: 'room a' });
  box[40]! ^= 1;
  await t.rejects(unseal(box, key, 'room a'), { code: 'E_SEALED' });
});

t.test('the key file is its owner’s alone and gives the public key back', async (t) => {
  const file = join(t.testdir(), 'fleet.key');
  const key = await newFleetKey();
  await writeFleetKey(file, key);
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.equal(readFileSync(file, 'utf8'), `${key.secretKey}\n`);
  t.same(await readFleetKey(file, {}), key);
  t.same(await readFleetKey(undefined, { SHOWROOM_FLEET_KEY: key.secretKey }), key);
  await t.rejects(readFleetKey(undefined, {}), { code: 'E_SEALED' });
  await t.rejects(readFleetKey(join(t.testdir(), 'none'), {}), { code: 'E_SEALED', found: 'ENOENT' });
});

t.test('a room’s token changes with room and fence, and needs the key', async (t) => {
  const key = await newFleetKey();
  const tokens = [
    roomToken(key, 'a', 1),
    roomToken(key, 'a', 2),
    roomToken(key, 'b', 1),
    roomToken(await newFleetKey(), 'a', 1),
  ];
  t.equal(new Set(tokens).size, 4);
  t.ok(tokens.every((token) => token.length >= 43));
});
