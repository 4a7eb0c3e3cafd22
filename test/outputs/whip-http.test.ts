import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { isEngineError } from '../../src/core/errors.js';
import { WhipHttp } from '../../src/outputs/whip/whip-client.js';

t.test('asks an address that the endpoint named by TLS and on the public internet, or on its own host', async (t) => {
  let location = '';
  let status = 307;
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url!);
    if (request.url === '/inside') return response.writeHead(404).end();
    return response.writeHead(status, { location, 'content-type': 'application/sdp' }).end('v=0');
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const http = new WhipHttp({
    url: `http://127.0.0.1:${port}/whip`,
    token: 'tok',
    sends: 'H.264',
    where: 'output "x"',
  });
  const offer = async (): Promise<string> => {
    try {
      const { session } = await http.offer('v=0', new AbortController().signal);
      return `session ${session.href}`;
    } catch (error) {
      if (!isEngineError(error)) throw error;
      return `${error.code} ${error.found}`;
    }
  };
  for (const [to, found] of [
    [`http://127.0.0.2:${port}/inside`, /another host without TLS/],
    [`http://localhost:${port}/inside`, /another host without TLS/],
    [`https://127.0.0.2:${port}/inside`, /ENOTPUBLIC/],
    [`https://localhost:${port}/inside`, /ENOTPUBLIC/],
    ['https://169.254.169.254/latest', /ENOTPUBLIC/],
    ['file:///etc/passwd', /another protocol/],
    ['', /E_OUTPUT_CONNECT more than 5/],
  ] as const) {
    location = to;
    t.match(await offer(), found, to);
  }
  t.notOk(seen.includes('/inside'));
  location = '/inside';
  t.match(await offer(), /^E_OUTPUT_REFUSED 404/, 'its own host');

  // The session's address is held to the same rule.
  status = 201;
  location = `http://127.0.0.2:${port}/inside`;
  t.match(await offer(), /another host without TLS/);
  location = '/session/1';
  t.equal(await offer(), `session http://127.0.0.1:${port}/session/1`);
  await t.rejects(http.leave(new URL(`https://127.0.0.2:${port}/inside`)), /ENOTPUBLIC/);
  t.equal(seen.filter((path) => path === '/inside').length, 1);
});
