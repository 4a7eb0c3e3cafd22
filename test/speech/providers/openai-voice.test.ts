import t from 'tap';
import { OpenAiVoice } from '../../../src/speech/chain/open-chain.js';
import { VoiceFault } from '../../../src/speech/providers/voice-source.js';
import { localHttp, toneFor, type LocalServer } from '../servers/local-http.js';
import { openAiServer } from '../servers/openai-server.js';

const KEY = 'sk-secret-0123456789';
const never = new AbortController().signal;
const TEXT = 'Two knives for 20 dollars.';
const request = { text: TEXT, language: 'en', rate: 1.1, pitch: 1 };
const voiceOf = (server: LocalServer, more: object = {}): OpenAiVoice =>
  new OpenAiVoice({ name: 'alloy', baseUrl: `${server.url}/v1`, apiKey: KEY, ...more });

async function fault(promise: Promise<unknown>): Promise<VoiceFault> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof VoiceFault) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

t.test('sends the request of the protocol and reads raw samples', async (t) => {
  const server = await openAiServer({ key: KEY });
  t.teardown(() => server.close());
  const clip = await voiceOf(server, { model: 'tts-1', style: 'cheerful' }).synthesise(request, never);
  t.equal(clip.rateHz, 24_000);
  t.equal(Buffer.compare(Buffer.from(clip.pcm.buffer), toneFor(TEXT, 24_000)), 0);
  t.same(clip.words, []);
  t.match(server.calls.at(-1), {
    path: '/v1/audio/speech',
    body: { model: 'tts-1', input: TEXT, voice: 'alloy', response_format: 'pcm', speed: 1.1, instructions: 'cheerful' },
  });
});

t.test('asks once for the captioned route of a server of one’s own, and not again', async (t) => {
  const server = await openAiServer({ key: KEY });
  t.teardown(() => server.close());
  const voice = voiceOf(server);
  await voice.synthesise(request, never);
  await voice.synthesise(request, never);
  t.same(
    server.calls.map(({ path }) => path),
    ['/dev/captioned_speech', '/v1/audio/speech', '/v1/audio/speech'],
  );
});

t.test('takes the word times of the captioned route', async (t) => {
  const server = await openAiServer({ key: KEY, captioned: true });
  t.teardown(() => server.close());
  const clip = await voiceOf(server).synthesise(request, never);
  t.match(clip.words, [
    { text: 'Two', atMs: 0 },
    { text: 'knives', atMs: 240 },
    { text: 'for', atMs: 660 },
  ]);
  t.equal(server.calls.length, 1);
  t.match(server.calls[0]!.body, { return_timestamps: true, stream: false });
});

t.test('reads WAV where a server sends it', async (t) => {
  const server = await openAiServer({ key: KEY, wav: true });
  t.teardown(() => server.close());
  const clip = await voiceOf(server).synthesise(request, never);
  t.equal(clip.pcm.length * 2, toneFor(TEXT, 24_000).length);
});

t.test('reports a wrong key as a fault of the setup', async (t) => {
  const server = await openAiServer({ key: 'another' });
  t.teardown(() => server.close());
  const found = await fault(voiceOf(server).synthesise(request, never));
  t.equal(found.kind, 'setup');
  t.match(found.message, /status 401 \(Incorrect API key/);
});

t.test('reports a limit with the pause that the server asks for', async (t) => {
  for (const [header, ms] of [
    ['7', 7000],
    [new Date(Date.now() + 60_000).toUTCString(), 60_000],
  ] as const) {
    const server = await localHttp((_call, reply) => {
      reply.writeHead(429, { 'retry-after': header, 'content-type': 'application/json' });
      reply.end('{"error":{"message":"Rate limit reached"}}');
    });
    t.teardown(() => server.close());
    const found = await fault(voiceOf(server).synthesise(request, never));
    t.match({ ...found, message: found.message }, { kind: 'passing', message: 'status 429 (Rate limit reached)' });
    t.ok(Math.abs(found.retryAfterMs! - ms) < 5000);
  }
});

t.test('refuses an answer that is no sound', async (t) => {
  const answers = [
    ['text/html', '<html>Bad gateway</html>', 'passing', /type text\/html where sound/],
    ['application/json', '{"detail":"busy"}', 'passing', /type application\/json where sound/],
    ['audio/mpeg', 'ID3aaaa', 'setup', /MP3/],
    ['audio/pcm', 'abc', 'passing', /inside a sample/],
  ] as const;
  for (const [type, body, kind, message] of answers) {
    const server = await localHttp(({ path }, reply) => {
      reply.writeHead(path.startsWith('/dev') ? 404 : 200, { 'content-type': type });
      reply.end(body);
    });
    t.teardown(() => server.close());
    const found = await fault(voiceOf(server).synthesise(request, never));
    t.equal(found.kind, kind, type);
    t.match(found.message, message);
  }
});

t.test('reports a stream that breaks off', async (t) => {
  const server = await localHttp(({ path }, reply) => {
    if (path.startsWith('/dev')) return reply.writeHead(404).end();
    reply.writeHead(200, { 'content-type': 'audio/pcm' });
    reply.write(Buffer.alloc(2000), () => reply.destroy());
  });
  t.teardown(() => server.close());
  const found = await fault(voiceOf(server).synthesise(request, never));
  t.equal(found.kind, 'passing');
  t.match(found.message, /broke off after/);
});

t.test('follows no redirect, which would take the key elsewhere', async (t) => {
  const other = await openAiServer();
  const server = await localHttp((_call, reply) =>
    reply.writeHead(307, { location: `${other.url}/v1/audio/speech` }).end(),
  );
  t.teardown(() => Promise.all([server.close(), other.close()]));
  t.equal((await fault(voiceOf(server).synthesise(request, never))).kind, 'passing');
  t.same(other.calls, []);
});

t.test('reports a server that is not there', async (t) => {
  const server = await openAiServer();
  await server.close();
  t.match((await fault(voiceOf(server).synthesise(request, never))).message, /no connection: ECONNREFUSED/);
});
