import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { templateRoom, writeRoom } from '../kit/on-air.js';
import { runEngine } from './run-engine.js';

t.test('sends a test alert to all receivers, names failed ones, and shows no secret', async (t) => {
  const got: unknown[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      got.push(JSON.parse(body));
      response.writeHead(request.url === '/bad/s3cret' ? 500 : 200).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const alerts = { webhooks: [{ url: '${HOOK}', format: 'slack' }], exec: ['/bin/sh', '-c', 'exit 0'] };
  const file = writeRoom(t, { ...templateRoom('minimal'), alerts });
  const good = await runEngine(['alerts', 'test', '--room', file], { HOOK: `${base}/good/s3cret` });
  t.equal(good.code, 0, good.stderr);
  t.match(good.stdout, /✓ slack http:.*\n✓ program \/bin\/sh/);
  t.match(got, [{ text: /\[minimal\] A test of the Showroom alerts/ }]);
  const bad = await runEngine(['alerts', 'test', '--room', file], { HOOK: `${base}/bad/s3cret` });
  t.equal(bad.code, 1);
  t.match(bad.stdout, /✗ slack .*: status 500/);
  t.notMatch(good.stdout + good.stderr + bad.stdout + bad.stderr, 's3cret');
  const none = await runEngine(['alerts', 'test', '--room', writeRoom(t, templateRoom('minimal'))]);
  t.equal(none.code, 1);
  t.match(none.stderr, /alerts: expected at least one of webhooks and exec/);
});
