import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t, { type Test } from 'tap';
import { heldFetch } from '../../../src/core/net/held-fetch.js';
import { TimeLimit } from '../../../src/core/time-limit.js';

/** A server whose answer begins and never ends; `closed` when the client has gone. */
async function endless(t: Test): Promise<{ url: string; closed: Promise<void> }> {
  let onClose = (): void => undefined;
  const closed = new Promise<void>((resolve) => (onClose = resolve));
  const server = createServer((_, reply) => {
    reply.on('close', onClose);
    reply.writeHead(200).write('a beginning');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, closed };
}

/** In a function of its own: nothing but the request holds the limit. */
async function ask(url: string, timeoutMs: number, outer?: AbortSignal): Promise<string> {
  const limit = new TimeLimit(timeoutMs, outer);
  try {
    return await (await heldFetch(url, { signal: limit.signal })).text(1e6);
  } catch (error) {
    return `${(error as Error).name}, over: ${limit.isOver}`;
  } finally {
    limit.end();
  }
}

t.test('ends an answer that never ends at its time limit, whatever the garbage collector takes', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const timer = setInterval(collect, 20);
  t.teardown(() => clearInterval(timer));
  const { url, closed } = await endless(t);
  t.equal(await ask(url, 500), 'TimeoutError, over: true');
  await closed;
});

t.test('ends it when the caller gives up, and says that the time was not over', async (t) => {
  const { url, closed } = await endless(t);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  t.equal(await ask(url, 60_000, stop.signal), 'AbortError, over: false');
  await closed;
  t.equal(await ask(url, 60_000, stop.signal), 'AbortError, over: false', 'and asks nothing afterwards');
});

t.test('returns an answer that ends in time', async (t) => {
  const server = createServer((_, reply) => reply.end('whole'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  t.equal(await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 60_000), 'whole');
});
