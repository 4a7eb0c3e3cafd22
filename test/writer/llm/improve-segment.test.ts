import t from 'tap';
import { TextJudge } from '../../../src/moderation/index.js';
import { ChatClient } from '../../../src/writer/llm/chat-client.js';
import { improveWith } from '../../../src/writer/llm/improve-segment.js';
import { strayFigures } from '../../../src/writer/llm/script-prompt.js';
import { writeScript, type WrittenScript } from '../../../src/writer/write-script.js';
import { fullProduct } from '../sample-products.js';
import {
  type Answer,
  chatServer,
  type ChatServer,
  failing,
  refusing,
  type SeenRequest,
  streamed,
} from '../../kit/chat-server.js';

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
  const bad = (text: string): string[] => [REFUSED.test(text) ? 'Pay me on WhatsApp +86 138 0013 8000' : `So, ${text}`];
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
