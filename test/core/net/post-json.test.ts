import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { postJson } from '../../../src/core/net/post-json.js';
import type { Resolve } from '../../../src/core/net/public-address.js';

t.test('posts to no private address that a name leads to, and follows no redirect', async (t) => {
  const got: string[] = [];
  const server = createServer((request, response) => {
    got.push(request.url!);
    if (request.url === '/away') response.writeHead(307, { location: '/private' }).end();
    else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const { signal } = new AbortController();
  const inside: Resolve = (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]);
  const post = (url: string): Promise<string> => postJson({ url, body: {}, signal, resolve: inside });
  t.match(await post(`http://hooks.example:${port}/name`), /private network; set allowPrivate/);
  t.equal(await post(`http://127.0.0.1:${port}/written`), '', 'an address that the room file writes is meant');
  t.equal(await post(`http://localhost:${port}/written`), '');
  t.not(await post(`http://127.0.0.1:${port}/away`), '');
  t.strictSame(got, ['/written', '/written', '/away']);
  // With the setting the system looks the name up.
  t.equal(await postJson({ url: `http://localhost:${port}/set`, body: {}, signal, allowPrivate: true }), '');
});
