import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of chat completions on loopback that answers every question with the same sentence after some time. */
export async function chatStub(answer: string, delayMs: number): Promise<{ baseUrl: string; close: () => void }> {
  const content = JSON.stringify({ known: true, answer });
  const body = JSON.stringify({
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  });
  const server = createServer((request, reply) => {
    request
      .resume()
      .once('end', () =>
        setTimeout(() => reply.writeHead(200, { 'content-type': 'application/json' }).end(body), delayMs),
      );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
