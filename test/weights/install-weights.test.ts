import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { addressOf, installWeights, isInstalled, removeWeights, type Weights } from '../../src/weights/index.js';

const body = randomBytes(300_000);
const small = Buffer.from('tokens');
const sum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const patience = { firstPauseMs: 5, stallMs: 300 };

type Answer = (request: IncomingMessage, response: ServerResponse, visit: number) => void;

async function serve(t: Test, answer: Answer): Promise<{ url: string; ranges: (string | undefined)[] }> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((req, res) => {
    if (req.url!.endsWith('small.txt')) return res.end(small);
    ranges.push(req.headers.range);
    answer(req, res, ranges.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => (server.closeAllConnections(), server.close()));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ranges };
}

const weightsAt = (url: string): Weights => ({
  id: 'kokoro',
  title: 'A model',
  use: { en: 'a test', zh: '测试' },
  licence: 'Apache-2.0',
  authors: 'nobody',
  files: [
    { name: 'large.bin', bytes: body.length, sha256: sum(body), url: `${url}/large.bin` },
    { name: 'small.txt', bytes: small.length, sha256: sum(small), url: `${url}/small.txt` },
  ],
});

const install = (t: Test, url: string, more: object = {}): Promise<string> =>
  installWeights('kokoro', {
    env: { ENGINE_MODELS: t.testdirName },
    weights: weightsAt(url),
    signal: new AbortController().signal,
    patience,
    ...more,
  });

const rangeOf = (req: IncomingMessage): number => Number(/bytes=(\d+)-/.exec(req.headers.range ?? '')?.[1] ?? 0);
function sendRest(req: IncomingMessage, res: ServerResponse): void {
  const from = rangeOf(req);
  res.writeHead(
    from > 0 ? 206 : 200,
    from > 0 ? { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` } : {},
  );
  res.end(body.subarray(from));
}

t.test('goes on after broken connections where they stopped', async (t) => {
  t.testdir();
  const { url, ranges } = await serve(t, (req, res, visit) => {
    if (visit > 3) return sendRest(req, res);
    const from = rangeOf(req);
    res.writeHead(from > 0 ? 206 : 200, {
      'content-length': body.length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` } : {}),
    });
    res.write(body.subarray(from, from + 50_000), () => setTimeout(() => res.destroy(), 300));
  });
  const done: number[] = [];
  const folder = await install(t, url, { onProgress: ({ doneBytes }: { doneBytes: number }) => done.push(doneBytes) });
  t.same(readFileSync(join(folder, 'large.bin')), body);
  t.same(ranges, [undefined, 'bytes=50000-', 'bytes=100000-', 'bytes=150000-']);
  t.equal(done.at(-1), body.length + small.length);
  t.same(readdirSync(t.testdirName), ['kokoro'], 'nothing is left beside it');
});

t.test('starts again where a server ignores the range', async (t) => {
  t.testdir();
  const { url } = await serve(t, (_req, res, visit) => {
    res.writeHead(200, { 'content-length': body.length });
    if (visit > 1) return res.end(body);
    res.write(body.subarray(0, 50_000), () => setTimeout(() => res.destroy(), 300));
    return undefined;
  });
  t.same(readFileSync(join(await install(t, url), 'large.bin')), body);
});

t.test('gives up a line that delivers nothing, and tries again', async (t) => {
  t.testdir();
  const { url } = await serve(t, (req, res, visit) => {
    if (visit > 1) return sendRest(req, res);
    res.writeHead(200, { 'content-length': body.length });
    res.write(body.subarray(0, 10_000));
  });
  t.same(readFileSync(join(await install(t, url), 'large.bin')), body);
});

t.test('refuses a file with one wrong byte, and keeps nothing of it', async (t) => {
  t.testdir();
  const wrong = Buffer.from(body);
  wrong[150_000]! ^= 1;
  const { url } = await serve(t, (_req, res) => res.end(wrong));
  await t.rejects(install(t, url), { code: 'E_MODEL_INVALID', found: `sha256 ${sum(wrong)}` });
  t.notOk(existsSync(join(t.testdirName, 'kokoro')));
  t.same(readdirSync(join(t.testdirName, 'kokoro.partial')), []);
});

t.test('says which files to fetch where when nothing answers', async (t) => {
  t.testdir();
  const error = await install(t, 'http://127.0.0.1:9', {}).catch((e: unknown) => e as { code: string; todo: string });
  t.match(error, {
    code: 'E_MODEL_FETCH',
    todo: /http:\/\/127\.0\.0\.1:9\/large\.bin \(300000 bytes\) and .*small\.txt.*--from FOLDER/,
  });
  const { url, ranges } = await serve(t, (_req, res) => res.writeHead(404).end());
  await t.rejects(install(t, url), { code: 'E_MODEL_FETCH', found: 'status 404' });
  t.equal(ranges.length, 1, 'a missing file is not asked for again');
});

t.test('takes the files of a folder, and refuses it with a missing or wrong one', async (t) => {
  const from = t.testdir({ given: {} }) + '/given';
  await t.rejects(install(t, 'http://127.0.0.1:9', { from }), { code: 'E_MODEL_MISSING', expected: /large\.bin/ });
  writeFileSync(join(from, 'large.bin'), body);
  writeFileSync(join(from, 'small.txt'), 'tokenS');
  await t.rejects(install(t, 'http://127.0.0.1:9', { from }), { code: 'E_MODEL_INVALID' });
  writeFileSync(join(from, 'small.txt'), small);
  t.same(readFileSync(join(await install(t, 'http://127.0.0.1:9', { from }), 'small.txt')), small);
});

t.test('goes through a proxy, and past it where NO_PROXY says so', async (t) => {
  t.testdir();
  const { url } = await serve(t, sendRest);
  let tunnels = 0;
  const proxy = createServer((req, res) => {
    tunnels += 1;
    req.pipe(
      request(req.url!, { headers: req.headers }, (answer) =>
        answer.pipe(res.writeHead(answer.statusCode!, answer.headers)),
      ),
    );
  });
  proxy.on('connect', (req: IncomingMessage, socket: Socket) => {
    tunnels += 1;
    const [host, port] = req.url!.split(':');
    const to = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      to.pipe(socket).pipe(to);
    });
    to.on('error', () => socket.destroy());
    socket.on('error', () => to.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.teardown(() => (proxy.closeAllConnections(), proxy.close()));
  const HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  await install(t, url, { env: { ENGINE_MODELS: t.testdirName, HTTP_PROXY } });
  t.ok(tunnels > 0, 'the proxy was asked');
  const before = tunnels;
  await install(t, url, { env: { ENGINE_MODELS: join(t.testdirName, 'past'), HTTP_PROXY, NO_PROXY: '127.0.0.1' } });
  t.equal(tunnels, before);
});

t.test('refuses a second install of the same model, and takes over the lock of a dead one', async (t) => {
  t.testdir();
  const { url } = await serve(t, (req, res) => void setTimeout(() => sendRest(req, res), 100));
  const first = install(t, url);
  await new Promise((resolve) => setTimeout(resolve, 30));
  await t.rejects(install(t, url), { code: 'E_IN_USE' });
  await first;
  writeFileSync(join(t.testdirName, 'kokoro.lock'), JSON.stringify({ pid: 999_999_999, born: 'x' }));
  await install(t, url);
});

t.test('stops when it is told to, and goes on the next time', async (t) => {
  t.testdir();
  const { url, ranges } = await serve(t, (req, res, visit) => {
    if (visit > 1) return sendRest(req, res);
    res.writeHead(200, { 'content-length': body.length });
    res.write(body.subarray(0, 40_000));
  });
  const stop = new AbortController();
  const onProgress = ({ doneBytes }: { doneBytes: number }): void =>
    void (doneBytes > 0 && stop.abort(new Error('stop')));
  await t.rejects(install(t, url, { signal: stop.signal, onProgress }));
  await install(t, url);
  t.match(ranges[1], /^bytes=\d+-$/);
});

t.test('names addresses at a mirror', async (t) => {
  const file = { name: 'a.onnx', url: 'https://host.example/x/y/a.onnx' };
  t.equal(addressOf('kokoro', file, undefined), file.url);
  t.equal(addressOf('kokoro', file, 'https://m.example/models/'), 'https://m.example/models/kokoro/a.onnx');
  t.equal(addressOf('kokoro', file, 'https://m.example/{url}'), `https://m.example/${file.url}`);
  t.equal(addressOf('kokoro', file, 'https://m.example{path}'), 'https://m.example/x/y/a.onnx');
});

t.test('removes a model and what an install left', async (t) => {
  const env = { ENGINE_MODELS: t.testdir({ kokoro: { 'large.bin': 'x' } }) };
  mkdirSync(join(t.testdirName, 'kokoro.partial'));
  t.notOk(isInstalled('kokoro', env), 'a file of another length is no model');
  t.ok(await removeWeights('kokoro', env));
  t.same(readdirSync(t.testdirName), []);
  t.notOk(await removeWeights('kokoro', env));
});
