import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { silentLog } from '../../src/core/log.js';
import { fakeRoom } from './fake-room.js';

const token = 'the-right-token-of-this-room';

async function serve(t: Test) {
  const server = await ControlServer.start({ room: fakeRoom(), host: '127.0.0.1', port: 0, token, log: silentLog });
  t.teardown(() => server.close());
  return (path: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
    fetch(`${server.url}${path}`, { headers });
}

t.test('answers with the figures of the last day, or of the asked time', async (t) => {
  const get = await serve(t);
  for (const [path, ms] of [
    ['/api/report', 86_400_000],
    ['/api/report?since=90m', 5_400_000],
  ] as const) {
    const reply = await get(path);
    t.equal(reply.status, 200);
    t.equal(reply.headers.get('cache-control'), 'no-store');
    const report = (await reply.json()) as { atMs: number; untilMs: number };
    t.equal(report.untilMs - report.atMs, ms, path);
  }
  t.equal((await get('/api/report', {})).status, 401);
});

t.test('answers with a page that may run nothing', async (t) => {
  const get = await serve(t);
  const reply = await get('/api/report?format=html&lang=zh');
  t.equal(reply.status, 200);
  t.match(reply.headers.get('content-type'), /^text\/html/);
  t.match(reply.headers.get('content-security-policy'), /default-src 'none'.*sandbox/);
  t.match(await reply.text(), /lang="zh"/);
});

t.test('refuses a time, format or language that it does not know', async (t) => {
  const get = await serve(t);
  for (const query of ['since=soon', 'since=0s', 'since=9999d', 'format=pdf', 'lang=fr', 'since=1h&since=2h']) {
    const reply = await get(`/api/report?${query}`);
    t.equal(reply.status, 400, query);
    t.match(await reply.json(), { error: { code: 'E_BAD_REQUEST' } });
  }
});
