import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WhepServer } from '../../src/outputs/whep/whep-server.js';

/** A page on loopback whose POST of an offer is answered by the server. */
export async function serveWhepPage(html: string, whep: WhepServer): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    if (request.method !== 'POST') {
      response.setHeader('content-type', 'text/html').end(html);
      return;
    }
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => void whep.offer(body).then(({ answer }) => response.end(answer)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => void server.close() };
}
