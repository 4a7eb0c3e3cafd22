import t from 'tap';
import { EngineError } from '../../../src/core/errors.js';
import { ChatClient, type ChatClientOptions, retryAfterMs } from '../../../src/writer/llm/chat-client.js';
import {
  type Answer,
  type ChatServer,
  chatServer,
  cut,
  dripping,
  failing,
  refusing,
  silent,
  streamed,
} from '../../kit/chat-server.js';

const KEY = 'sk-very-secret-0123456789';
const schema = { name: 'answer', schema: { type: 'object', required: ['a'] } };

interface Tried {
  readonly server: ChatServer;
  readonly text?: string;
  readonly error?: EngineError;
  readonly retries: string[];
}

async function ask(
  answers: readonly Answer[],
  more: Partial<ChatClientOptions> = {},
  signal = new AbortController().signal,
): Promise<Tried> {
  const server = await chatServer(...answers);
  const retries: string[] = [];
  const client = new ChatClient({
    baseUrl: server.baseUrl,
    model: 'test',
    apiKey: KEY,
    timeoutMs: 5000,
    firstDelayMs: 1,
    onRetry: (reason, delayMs) => retries.push(`${reason} ${delayMs}`),
    ...more,
  });
  try {
    const text = await client.complete({ messages: [{ role: 'user', content: 'hello' }], schema, signal });
    return { server, text, retries };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { server, error, retries };
  } finally {
    await server.close();
  }
}

t.test('asks for a streamed answer of the schema and reads it across cut events', async (t) => {
  const { server, text } = await ask([streamed('{"a":"你好，世界 😀 — naïve"}'.repeat(20))]);
  t.equal(text, '{"a":"你好，世界 😀 — naïve"}'.repeat(20));
  const [{ url, headers, body }] = server.seen as [ChatServer['seen'][number]];
  t.equal(url, '/v1/chat/completions');
  t.equal(headers.authorization, `Bearer ${KEY}`);
  t.match(body, {
    model: 'test',
    stream: true,
    response_format: { type: 'json_schema', json_schema: { strict: true } },
  });
});

t.test('takes a whole answer from a server that does not stream', async (t) => {
  const whole: Answer = (reply) => {
    reply.writeHead(200, { 'content-type': 'application/json' });
    reply.end(JSON.stringify({ choices: [{ message: { content: '{}' }, finish_reason: 'stop' }] }));
  };
  t.equal((await ask([whole])).text, '{}');
});

t.test('waits as long as Retry-After says, then tries again', async (t) => {
  const { text, retries } = await ask([failing(429, { 'retry-after': '0.05' }), streamed('{}')]);
  t.equal(text, '{}');
  t.same(retries, ['status 429 (no) 50']);
});

t.test('does not wait for a server that wants to be asked in an hour', async (t) => {
  const { error, server } = await ask([failing(429, { 'retry-after': '3600' })]);
  t.equal(error?.code, 'E_LLM_FAILED');
  t.equal(server.seen.length, 1);
});

t.test('gives up after three tries and names the reason', async (t) => {
  const { error, server, retries } = await ask([failing(503)]);
  t.match(error?.message, /status 503 \(no\) \(3 tries\)/);
  t.equal(server.seen.length, 3);
  t.equal(retries.length, 2);
});

for (const [what, answer] of [
  ['a lost connection', cut('{"a":', false)],
  ['a stream that is closed without an end', cut('{"a":', true)],
] as const) {
  t.test(`tries again after ${what}`, async (t) => {
    const { text, retries } = await ask([answer, streamed('{"a":1}')]);
    t.equal(text, '{"a":1}');
    t.equal(retries.length, 1);
  });
}

t.test('takes an answer that ran out of tokens for half of one', async (t) => {
  t.match((await ask([streamed('{"a":', 'length')])).error?.message, /ran out of tokens/);
});

t.test('does not ask a model again that refuses', async (t) => {
  const { error, server } = await ask([refusing]);
  t.match(error?.message, /refuses \(I cannot help/);
  t.equal(server.seen.length, 1);
});

for (const [what, answer] of [
  ['silent', silent],
  ['slow', dripping],
] as const) {
  t.test(`ends a ${what} model's answer at the time limit`, async (t) => {
    const { error } = await ask([answer], { timeoutMs: 120 });
    t.match(error?.message, /no whole answer within 0\.12 s \(3 tries\)/);
  });
}

t.test('never shows the key, even where the server repeats it', async (t) => {
  const { error, server } = await ask([failing(401, {}, `Incorrect API key ${KEY}`)]);
  t.match(error?.message, /status 401 \(Incorrect API key \*\*\*\)/);
  t.notMatch(JSON.stringify([error, error?.message, error?.details]), KEY);
  t.equal(server.seen.length, 1, 'a wrong key is not tried again');
});

t.test('does not follow a redirect with the key', async (t) => {
  const { error, server } = await ask([failing(307, { location: '/elsewhere' })]);
  t.equal(error?.code, 'E_LLM_FAILED');
  t.ok(server.seen.every(({ url }) => url === '/v1/chat/completions'));
});

t.test('asks a server that knows no schemas for a JSON object', async (t) => {
  const { text, server } = await ask([
    failing(400, {}, 'response_format json_schema is not supported'),
    streamed('{}'),
  ]);
  t.equal(text, '{}');
  t.match(server.seen[1]?.body.response_format, { type: 'json_object' });
  t.match(server.seen[1]?.body.messages.at(-1)?.content, /JSON Schema/);
});

t.test('stops at once on abort', async (t) => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('stopped')), 50);
  await t.rejects(ask([silent], {}, stop.signal), { message: 'stopped' });
});

t.test('an unreachable server is an error with a reason', async (t) => {
  const { error } = await ask([streamed('{}')], { baseUrl: 'http://127.0.0.1:1/v1' });
  t.match(error?.message, /ECONNREFUSED|bad port/);
});

t.test('reads Retry-After as seconds and as a date', async (t) => {
  t.equal(retryAfterMs('2'), 2000);
  t.equal(retryAfterMs('Thu, 01 Jan 1970 00:00:05 GMT', 1000), 4000);
  t.equal(retryAfterMs('soon'), undefined);
  t.equal(retryAfterMs(null), undefined);
});
