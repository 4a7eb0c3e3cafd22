import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t, { type Test } from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';
import { type HeldAnswer, heldFetch, MAX_ERROR_BYTES } from '../../src/core/net/held-fetch.js';
import { postJson } from '../../src/core/net/post-json.js';
import type { Resolve } from '../../src/core/net/public-address.js';
import { TimeLimit } from '../../src/core/sleep.js';
import { ChatClient } from '../../src/writer/llm/chat-client.js';

t.test('held answer', async (t) => {
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
        !/^(?:browser|studio)\/|^weights\/install-weights\.ts$|^control\/pages\/|^server\/(?:engine-call\.ts|accounts\/)|^fleet\/local\/|^core\/net\/held-/.test(
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
});

t.test('held fetch', async (t) => {
  /** A server whose answer begins and never ends; `asked` when it has begun, `closed` when the client has gone. */
  async function endless(t: Test): Promise<{ url: string; asked: Promise<void>; closed: Promise<void> }> {
    let onClose = (): void => undefined;
    let onAsk = (): void => undefined;
    const closed = new Promise<void>((resolve) => (onClose = resolve));
    const asked = new Promise<void>((resolve) => (onAsk = resolve));
    const server = createServer((_, reply) => {
      reply.on('close', onClose);
      reply.writeHead(200).write('a beginning');
      onAsk();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, closed };
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
    const { url, asked, closed } = await endless(t);
    const stop = new AbortController();
    // Sooner, no connection would be there to close.
    void asked.then(() => setTimeout(() => stop.abort(), 100));
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
});

t.test('post json', async (t) => {
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
});

t.test('public address', async (t) => {
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
});
