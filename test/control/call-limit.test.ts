import t, { type Test } from 'tap';
import { ControlServer, limitMs } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { pointOfNoReturn, SerialQueue } from '../../src/core/serial-queue.js';
import { fakeRoom } from './fake-room.js';

const TOKEN = 'a-token-of-sixteen';
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A room whose edits take `ms`, half of it before they change anything. */
async function slowRoom(t: Test, ms: number) {
  const turns = new SerialQueue({ limitMs: 60_000, where: 'products' });
  const applied: string[] = [];
  const room = fakeRoom();
  Object.assign(room.products, {
    patch: (id: string) =>
      turns.take(async (signal) => {
        await pause(ms / 2);
        pointOfNoReturn(signal);
        await pause(ms / 2);
        applied.push(id);
        return { id };
      }),
  });
  const control = await ControlServer.start({ room, host: '127.0.0.1', port: 0, token: TOKEN, log: silentLog });
  t.teardown(() => control.close());
  const patch = async (id: string, prefer?: string) => {
    const reply = await fetch(`${control.url}/api/products/${id}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        ...(prefer === undefined ? {} : { prefer }),
      },
      body: '{}',
    });
    return { status: reply.status, body: (await reply.json()) as any };
  };
  return { applied, patch };
}

t.test('refuses an edit that has changed nothing when its time is over, and never does it', async (t) => {
  const { applied, patch } = await slowRoom(t, 3000);
  // Compared with a timer of this process, which a busy machine makes late as well.
  const timer = pause(2500).then(() => 'after 2.5 s');
  const asked = patch('kettle', 'wait=1');
  t.equal(await Promise.race([asked.then(() => 'answered'), timer]), 'answered');
  const { status, body } = await asked;
  t.equal(status, 504);
  t.match(body.error, { code: 'E_TIMEOUT', details: { applied: false } });
  await pause(2500);
  t.strictSame(applied, []);
});

t.test('says that an edit takes effect which had begun to', async (t) => {
  const { applied, patch } = await slowRoom(t, 1600);
  const { status, body } = await patch('kettle', 'respond-async, wait=1');
  t.equal(status, 504);
  t.match(body.error, { details: { applied: true } });
  await pause(1000);
  t.strictSame(applied, ['kettle']);
});

t.test('answers as usual within its time', async (t) => {
  const { patch } = await slowRoom(t, 20);
  t.match(await patch('kettle'), { status: 200, body: { id: 'kettle' } });
});

t.test('gives every edit ten seconds, and more to those that ask or hear, fetch and scan', (t) => {
  const of = (method: string, url: string, body: unknown = {}, prefer?: string): number =>
    limitMs({ method, body, headers: prefer === undefined ? {} : { prefer }, routeOptions: { url } });
  for (const url of ['/api/presenter', '/api/script', '/api/products/:id', '/api/layers/:id'])
    t.ok(of('PUT', url) < 10_000, url);
  t.equal(of('PUT', '/api/presenter', {}, 'wait=60'), 60_000);
  for (const url of ['/api/intake', '/api/takeover']) t.equal(of('POST', url), 180_000, url);
  t.equal(of('PUT', '/api/layers/:id', { type: 'media' }), 180_000);
  t.end();
});
