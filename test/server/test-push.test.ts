import { createServer } from 'node:net';
import t from 'tap';
import { StudioWork } from '../../src/server/work/studio-work.js';
import { fakeServer, freePort } from '../outputs/rtmp-fake-server.js';
import { startStudio, type Client } from './studio-rig.js';

async function pushTo(me: Client, server: string): Promise<Record<string, unknown>> {
  const made = await me.post('/api/destinations', {
    preset: 'rtmp',
    name: 'Test',
    server,
    key: 'the-secret-key-of-it',
  });
  let job = (await me.post(`/api/destinations/${made.body.id}/test`)).body;
  for (let i = 0; i < 600 && job.state === 'running'; i += 1) {
    await new Promise((done) => setTimeout(done, 100));
    job = (await me.get(`/api/jobs/${job.id}`)).body;
  }
  t.notMatch(JSON.stringify(job), 'the-secret-key-of-it', 'no key in a result');
  return job;
}

t.test('a test push names the link of the chain that does not hold', async (t) => {
  const rig = await startStudio({ noAuth: true });
  t.teardown(() => rig.close());
  const me = rig.anybody();
  t.match(await pushTo(me, 'rtmp://no-such-host.invalid/app'), {
    state: 'done',
    result: { ok: false, failed: 'address' },
  });
  const free = await freePort();
  t.match(await pushTo(me, `rtmp://127.0.0.1:${free}/app`), { result: { ok: false, failed: 'connection' } });
  const refusing = await fakeServer(0, 'refuse');
  t.teardown(() => refusing.close());
  t.match(await pushTo(me, `rtmp://127.0.0.1:${refusing.port}/app`), { result: { ok: false, failed: 'key' } });
  const taking = await fakeServer(0, 'acknowledge');
  t.teardown(() => taking.close());
  const job = await pushTo(me, `rtmp://127.0.0.1:${taking.port}/app`);
  t.match(job, { state: 'done', result: { failed: null, ok: true } });
  t.ok(taking.videoMessages() > 100, 'pictures have arrived');
  t.match((await me.get('/api/destinations')).body.destinations.at(-1), { lastTest: { ok: true } });
});

t.test('a test push waits for no long task', async (t) => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  t.teardown(() => silent.close());
  await new Promise((done) => silent.once('listening', done));
  const { port } = silent.address() as { port: number };
  const work = new StudioWork();
  t.teardown(() => work.close());
  const push = (to: number, beside: boolean) =>
    work.run(
      'push',
      {
        output: {
          id: 'one',
          kind: 'rtmp',
          platform: 'generic',
          url: `rtmp://127.0.0.1:${to}/live/key`,
          required: true,
        } as never,
        ...{ width: 64, height: 64, videoKbps: 100, seconds: 1 },
      },
      { beside },
    );
  // Two fill the queue for as long as a receiver may say nothing.
  const long = [push(port, false), push(port, false)].map((one) => one.catch(() => undefined));
  const first = await Promise.race([push(await freePort(), true), ...long.map((one) => one.then(() => 'long'))]);
  t.match(first, { accepted: false });
  t.equal(work.pids.length, 2, 'the long ones go on');
});
