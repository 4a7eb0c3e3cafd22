import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { packageRoot } from '../../../src/core/files/paths.js';
import { type HeldAnswer, heldFetch, MAX_ERROR_BYTES } from '../../../src/core/net/held-fetch.js';
import { ChatClient } from '../../../src/writer/llm/chat-client.js';

/** A server that writes without end, and how much of it was taken. */
async function endless(t: Test, begin: (reply: ServerResponse) => void, chunk: string) {
  const server = createServer((_, reply) => {
    begin(reply);
    const write = (): void => {
      while (!reply.destroyed && reply.write(chunk));
      if (!reply.destroyed) reply.once('drain', write);
    };
    write();
  });
  let sent = (): number => 0;
  let sockets = 0;
  server.on('connection', (socket) => {
    sockets += 1;
    const before = sent;
    sent = () => before() + socket.bytesWritten;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => sent(),
    connections: () => sockets,
  };
}

const signal = AbortSignal.timeout(60_000);
/** What lies in the buffers of both ends of a connection. */
const BUFFERS = 16 * 1024 * 1024;

t.test('reads an answer without end up to its bound and closes the connection', async (t) => {
  const { url, sent } = await endless(t, (reply) => void reply.writeHead(200), 'x'.repeat(100_000));
  const ask = (): Promise<HeldAnswer> => heldFetch(url, { signal });
  await t.rejects((await ask()).bytes(1_000_000), { name: 'Error', message: /more than 1000000 bytes/ });
  await t.rejects((await ask()).text(10), { message: /more than 10 bytes/ });
  t.equal((await (await ask()).beginning()).length, MAX_ERROR_BYTES);
  await (await ask()).drop();
  t.ok(sent() < 4 * BUFFERS, `${sent()} bytes were sent`);
});

t.test('takes what a broken or silent error answer said', async (t) => {
  const server = createServer((request, reply) => {
    reply.writeHead(500).write('half a message');
    if (request.url === '/broken') setTimeout(() => reply.destroy(), 50);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.equal(await (await heldFetch(`${url}/broken`, { signal })).beginning(), 'half a message');
  const beganMs = performance.now();
  t.equal(await (await heldFetch(url, { signal })).beginning(), 'half a message');
  t.ok(performance.now() - beganMs < 10_000, 'not until the limit of the request');
});

const chat = (baseUrl: string): ChatClient =>
  new ChatClient({ baseUrl, model: 'm', apiKey: undefined, timeoutMs: 20_000, firstDelayMs: 1 });
const request = { messages: [], schema: { name: 'x', schema: {} }, signal };

t.test('a language model’s error page and event without end cost little and end at once', async (t) => {
  const page = await endless(t, (reply) => void reply.writeHead(400), 'x'.repeat(100_000));
  let beganMs = performance.now();
  await t.rejects(chat(page.url).complete(request), { code: 'E_LLM_FAILED', found: /status 400/ });
  t.ok(performance.now() - beganMs < 5000);
  t.ok(page.sent() < 2 * BUFFERS, `${page.sent()} bytes of the error page`);
  const stream = await endless(
    t,
    (reply) => void reply.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {"'),
    'x'.repeat(100_000),
  );
  beganMs = performance.now();
  await t.rejects(chat(stream.url).complete(request), { code: 'E_LLM_FAILED', found: /event without end/ });
  t.ok(performance.now() - beganMs < 5000);
  t.ok(stream.sent() < 2 * BUFFERS, `${stream.sent()} bytes of the event`);
  const lines = await endless(
    t,
    (reply) => void reply.writeHead(200, { 'content-type': 'text/event-stream' }),
    'data: x\n'.repeat(10_000),
  );
  await t.rejects(chat(lines.url).complete(request), { code: 'E_LLM_FAILED', found: /event without end/ });
});

t.test('no source reads an answer by itself', (t) => {
  const src = join(packageRoot(), 'src');
  // The camera and the pages run in browsers; a download of weights is bounded by its published length, on a disk. The studio asks
  // its own rooms, and the accounts' library in its own process.
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      !/^(?:browser|studio)\/|^weights\/download\.ts$|^control\/pages\/|^server\/(?:engine-call\.ts|accounts\/)|^fleet\/local\/|^core\/net\/held-/.test(
        file.replaceAll('\\', '/'),
      ),
  );
  t.ok(files.length > 500);
  const rules: readonly (readonly [RegExp, string])[] = [
    [/(?<!private |[\w.])fetch\(/, 'fetch() beside heldFetch'],
    [
      /\b(?:reply|response|res|resp|answer)\.(?:text|json|arrayBuffer|bytes|blob|formData)\(\)/,
      'a reading without a bound',
    ],
    [/\bawait [\w.]+\.(?:json|arrayBuffer|blob|formData)\(\)/, 'a reading without a bound'],
    [/for await \([^)]* of \w+\.body\b/, 'a body read by hand'],
    [/\.body\??\.(?:getReader|cancel|pipeTo|pipeThrough)\(/, 'a body read by hand'],
    [/(?<![\w.])new Response\(|:\s*(?:Promise<)?Response\b/, 'an answer of fetch'],
  ];
  const faults: string[] = [];
  for (const file of files) {
    const text = readFileSync(join(src, file), 'utf8').replace(/^\s*(?:\*|\/\/|\/\*).*$/gm, '');
    for (const [rule, what] of rules) if (rule.test(text)) faults.push(`${file}: ${what}`);
  }
  t.strictSame(faults, []);
  t.end();
});
