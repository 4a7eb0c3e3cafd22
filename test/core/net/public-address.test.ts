import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { heldFetch } from '../../../src/core/net/held-fetch.js';
import type { Resolve } from '../../../src/core/net/public-address.js';

t.test('a guarded request connects to the address that was checked, and to no private one', async (t) => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.end('inside');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const { signal } = new AbortController();
  const codeOf = async (host: string, resolve?: Resolve): Promise<unknown> => {
    try {
      const guard = resolve === undefined ? {} : { resolve };
      await heldFetch(`http://${host}:${port}/`, { signal, redirect: 'error', guard });
      return 'an answer';
    } catch (error) {
      return ((error as Error).cause as NodeJS.ErrnoException).code;
    }
  };
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433'])
    t.equal(await codeOf(host), 'ENOTPUBLIC', host);
  // A name server that answers with one public address and one of this machine, or with none.
  const both: Resolve = (_host, _options, done) =>
    done(null, [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
  t.equal(await codeOf('shop.example', both), 'ENOTPUBLIC');
  t.equal(await codeOf('shop.example', (_host, _options, done) => done(null, [])), 'ENOTPUBLIC');
  t.equal(requests, 0);

  // One that changes its mind: each connection has one lookup, whose answer is what it connects to.
  let asked = 0;
  const rebinding: Resolve = (_host, _options, done) => {
    asked += 1;
    done(null, [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.9', family: 4 }]);
  };
  const guard = { resolve: rebinding, allow: (address: string) => address === '127.0.0.1' };
  const url = `http://shop.example:${port}/`;
  t.equal(await (await heldFetch(url, { signal, guard })).text(100), 'inside');
  t.equal(asked, 1);
  await t.rejects(heldFetch(url, { signal, guard }), { cause: { code: 'ENOTPUBLIC' } });
  t.equal(requests, 1);
});
