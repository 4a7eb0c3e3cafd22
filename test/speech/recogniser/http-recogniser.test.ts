import t, { type Test } from 'tap';
import { HttpRecogniser } from '../../../src/speech/recogniser/http-recogniser.js';
import { openRecogniser } from '../../../src/speech/recogniser/open-recogniser.js';
import { type Answer, transcriptionServer } from '../../kit/transcription-server.js';

const KEY = 'sk-very-secret';
const HEARD = {
  text: 'Hello, dear friends.',
  words: [
    { word: 'Hello', start: 0.1, end: 0.4 },
    { word: 'dear', start: 0.5, end: 0.7 },
    { word: 'friends', start: 0.7, end: 1.2 },
  ],
};
const pcm = Float32Array.from({ length: 16_000 }, (_, i) => Math.sin(i / 10) / 2);

async function rig(t: Test, answers: (number: number) => Answer, timeoutMs = 20_000) {
  const server = await transcriptionServer(t, (_request, number) => answers(number), KEY);
  const recogniser = new HttpRecogniser({ baseUrl: server.baseUrl, model: 'whisper-1', apiKey: KEY, timeoutMs });
  const hear = (signal = new AbortController().signal) => recogniser.recognise({ pcm, language: 'en-US', signal });
  return { ...server, hear };
}

t.test('sends a WAV file of the sound, and reads the words with their times', async (t) => {
  const { hear, requests } = await rig(t, () => HEARD);
  t.same(await hear(), {
    text: 'Hello, dear friends.',
    words: [
      { text: 'Hello', startMs: 100, endMs: 400 },
      { text: 'dear', startMs: 500, endMs: 700 },
      { text: 'friends', startMs: 700, endMs: 1200 },
    ],
    segments: [],
  });
  const [request] = requests;
  t.match(request, { authorization: `Bearer ${KEY}`, rateHz: 16_000 });
  t.match(request!.fields, {
    model: ['whisper-1'],
    language: ['en'],
    response_format: ['verbose_json'],
    'timestamp_granularities[]': ['word', 'segment'],
  });
  t.equal(request!.pcm.length, pcm.length);
  t.ok(request!.pcm.every((x, i) => Math.abs(x - pcm[i]!) < 1e-3));
});

t.test('tries again after 429, as late as the server asks, and after 503 and a cut answer', async (t) => {
  const answers: Answer[] = [{ status: 429, headers: { 'retry-after': '0' } }, { status: 503 }, 'cut', HEARD];
  const { hear, requests } = await rig(t, (number) => answers[number - 1]!);
  t.equal((await hear()).text, HEARD.text);
  t.equal(requests.length, 4);
});

t.test('gives up at its time limit, whatever the server does', async (t) => {
  for (const answer of ['never', 'cut', { status: 429, headers: { 'retry-after': '60' } }, { status: 500 }] as const) {
    const { hear } = await rig(t, () => answer, 500);
    await t.rejects(hear(), { code: 'E_RECOGNISER_FAILED', found: /no words within 0\.5 s/ }, JSON.stringify(answer));
  }
});

t.test('fails at once on a lasting fault, without its key in the message', async (t) => {
  const { hear, requests } = await rig(t, () => ({
    status: 400,
    body: JSON.stringify({ error: { message: `no model for ${KEY}` } }),
  }));
  const error = await hear().catch((e: unknown) => e as Error);
  t.match(error, { code: 'E_RECOGNISER_FAILED', found: 'status 400 (no model for ***)' });
  t.notMatch(JSON.stringify(error), KEY);
  t.equal(requests.length, 1);
});

t.test('takes an answer without words as one without times, and never a damaged list', async (t) => {
  const damaged = [{ word: 'Hello', start: 0.4, end: 0.1 }, HEARD.words[1]!];
  const answers = [{ text: 'Hello' }, { text: 'Hello dear', words: damaged }];
  const { hear } = await rig(t, (number) => answers[number - 1]!);
  t.same(await hear(), { text: 'Hello', words: [], segments: [] });
  t.same(await hear(), { text: 'Hello dear', words: [], segments: [] });
});

t.test('stops with its signal', async (t) => {
  const { hear } = await rig(t, () => 'never');
  const stop = new AbortController();
  const heard = hear(stop.signal);
  stop.abort(new Error('given back'));
  await t.rejects(heard, { message: 'given back' });
});

t.test('does not follow a redirect with its key', async (t) => {
  const other = await transcriptionServer(t, () => HEARD);
  const location = `${other.baseUrl}/audio/transcriptions`;
  const { hear } = await rig(t, () => ({ status: 307, headers: { location } }), 600);
  await t.rejects(hear(), { code: 'E_RECOGNISER_FAILED' });
  t.same(other.requests, []);
});

t.test('takes its key from the environment only', async (t) => {
  const config = {
    kind: 'http',
    baseUrl: 'http://127.0.0.1:1/v1',
    model: 'm',
    apiKey: '${STT_KEY}',
    timeoutMs: 500,
  } as const;
  t.throws(() => openRecogniser(config, {}), { code: 'E_ENV_MISSING', expected: 'environment variable STT_KEY' });
  t.equal(openRecogniser(config, { STT_KEY: KEY }).name, 'm at 127.0.0.1:1');
});
