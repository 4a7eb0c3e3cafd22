import t from 'tap';
import { EngineError } from '../../src/core/errors.js';
import { TextJudge } from '../../src/moderation/index.js';
import { ChatClient, type ChatClientOptions, retryAfterMs } from '../../src/writer/llm/chat-client.js';
import { improveWith, strayFigures } from '../../src/writer/llm/improve-segment.js';
import { writeScript, type WrittenScript } from '../../src/writer/write-script.js';
import {
  type Answer,
  type ChatServer,
  chatServer,
  cut,
  dripping,
  failing,
  refusing,
  type SeenRequest,
  silent,
  streamed,
} from '../kit/chat-server.js';
import { fullProduct } from './sample-products.js';

t.test('chat client', async (t) => {
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
});

t.test('improve segment', async (t) => {
  const judge = new TextJudge();
  /** Few fields: what is tried here is the exchange with the model. */
  const PRODUCT = fullProduct({
    variants: [],
    attributes: [],
    packing: [],
    certificates: [],
    leadTime: [],
    faq: [],
    facts: [],
    sample: undefined,
  });

  interface Improved {
    readonly script: WrittenScript;
    readonly plain: WrittenScript;
    readonly server: ChatServer;
    readonly warnings: string[];
    readonly progress: string[];
  }

  async function improve(...answers: readonly Answer[]): Promise<Improved> {
    const server = await chatServer(...answers);
    const warnings: string[] = [];
    const progress: string[] = [];
    const common = {
      products: [PRODUCT],
      languages: ['en'],
      roomLanguage: 'en',
      minutes: 20,
      style: 'warm',
      judge,
    } as const;
    try {
      const script = await writeScript({
        ...common,
        improve: improveWith({
          client: new ChatClient({ baseUrl: server.baseUrl, model: 'test', timeoutMs: 5000, firstDelayMs: 1 }),
          style: 'warm',
          maxWordings: 6,
          signal: new AbortController().signal,
          onWarning: (reason) => warnings.push(reason),
          onProgress: (text) => progress.push(text),
        }),
      });
      return { script, plain: await writeScript(common), server, warnings, progress };
    } finally {
      await server.close();
    }
  }

  interface Asked {
    readonly lines: { id: number; text: string; reason?: string }[];
  }
  const asked = ({ body }: SeenRequest): Asked => JSON.parse(body.messages.at(-1)!.content) as Asked;
  const answerOf =
    (word: (text: string, id: number) => string[]) =>
    (request: SeenRequest): string =>
      JSON.stringify({
        plan: 'For offices.',
        lines: asked(request).lines.map(({ id, text }) => ({ id, wordings: word(text, id) })),
      });
  const texts = ({ segments }: WrittenScript): string[] => segments.flatMap((s) => s.lines.map(({ text }) => text));

  t.test('takes the clean wordings of the model and keeps plain ones behind them', async (t) => {
    const { script, plain, server, warnings, progress } = await improve(
      streamed(answerOf((text) => [`So, ${text}`, `Well, ${text}`])),
    );
    t.same(
      texts(script),
      texts(plain).map((text) => `So, ${text}`),
    );
    t.ok(script.segments[1]!.lines[0]!.variants.includes(texts(plain)[1]!));
    t.same(warnings, []);
    t.match(progress.join('\n'), /mug \(en\): planning and writing, \d+ characters/);
    t.match(server.seen[1]!.body.messages[1]!.content, /"priceLadder"/, 'the listing is sent along');
  });

  t.test('sends a refused line back with the reason, and takes the better one', async (t) => {
    const REFUSED = /dollars|pieces/;
    const bad = (text: string): string[] => [
      REFUSED.test(text) ? 'Pay me on WhatsApp +86 138 0013 8000' : `So, ${text}`,
    ];
    const { script, server, warnings } = await improve(
      streamed(answerOf((text) => [`So, ${text}`])),
      streamed(answerOf(bad)),
      streamed(answerOf((text) => [`Now, ${text}`])),
    );
    const again = asked(server.seen[2]!);
    t.ok(again.lines.length >= 2);
    t.ok(again.lines.every(({ text, reason }) => REFUSED.test(text) && /rule 3\.2|figure/.test(reason ?? '')));
    t.ok(texts(script).some((text) => /^Now, .*4\.80 US dollars/.test(text)));
    t.notMatch(texts(script).join(), /WhatsApp/);
    t.same(warnings, []);
  });

  t.test('keeps the plain line after three refused rounds, with one warning', async (t) => {
    const { script, plain, server, warnings } = await improve(
      streamed(answerOf(() => ['The best in the world, 99 % off!'])),
    );
    t.same(texts(script), texts(plain));
    t.equal(server.seen.length, 3 * 4, 'greeting, product and good-bye: one answer and three rounds each');
    t.equal(warnings.length, 1);
  });

  t.test('refuses a figure that the line does not have', async (t) => {
    const { script, plain, warnings } = await improve(streamed(answerOf((text) => [`${text} Made by 50 people.`])));
    t.same(texts(script), texts(plain));
    t.match(warnings[0], /figure 50 is not in the line/);
    t.same(strayFigures('From 1,000 at 4.2', ['1000 for 4,20']), []);
  });

  for (const [what, answer] of [
    ['answers no JSON', streamed('I am happy to help! Here are your lines:')],
    ['answers JSON of another shape', streamed('{"lines":"none"}')],
    ['refuses', refusing],
    ['is out of order', failing(500)],
    ['does not know the key', failing(401)],
  ] as const) {
    t.test(`a model that ${what} leaves the plain script, with one warning`, async (t) => {
      const { script, plain, server, warnings } = await improve(answer);
      t.same(script.segments, plain.segments);
      t.equal(warnings.length, 1);
      t.ok(server.seen.length <= 12, 'bounded');
    });
  }

  t.test('does not ask again after a fault that will not pass', async (t) => {
    const { server } = await improve(failing(401));
    t.equal(server.seen.length, 1);
  });

  t.test('a cut-off answer in one segment does not spoil the next', async (t) => {
    const half = JSON.stringify({ plan: 'x', lines: [] }).slice(0, 10);
    const { script, warnings } = await improve(
      streamed(half, 'length'),
      streamed(answerOf((text) => [`Reworded, ${text}`])),
    );
    t.equal(warnings.length, 1);
    // Running out of tokens will not pass: the model is not asked any more.
    t.notMatch(texts(script).join(), /Reworded, /);
  });
});
