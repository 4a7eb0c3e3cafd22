import t from 'tap';
import { ElevenLabsVoice } from '../../../src/speech/providers/elevenlabs-voice.js';
import { MiniMaxVoice } from '../../../src/speech/providers/minimax-voice.js';
import { VolcengineVoice } from '../../../src/speech/chain/open-chain.js';
import { json, letterMs, localHttp, toneFor } from '../servers/local-http.js';

const KEY = 'xi-secret-0123456789';
const never = new AbortController().signal;
const request = { text: 'Hello dear guests', language: 'en', rate: 1, pitch: 1 };

t.test('ElevenLabs: times words by its characters', async (t) => {
  const server = await localHttp(({ headers, path, body }, reply) => {
    if (headers['xi-api-key'] !== KEY)
      return json(reply, 401, { detail: { status: 'invalid_api_key', message: 'Invalid API key' } });
    if (!path.endsWith('/with-timestamps?output_format=pcm_24000')) return json(reply, 404, { detail: 'Not Found' });
    const characters = [...(body.text as string)];
    json(reply, 200, {
      audio_base64: toneFor(body.text as string, 24_000).toString('base64'),
      alignment: {
        characters,
        character_start_times_seconds: characters.map((_, i) => letterMs(i) / 1000),
        character_end_times_seconds: characters.map((_, i) => letterMs(i + 1) / 1000),
      },
      normalized_alignment: null,
    });
  });
  t.teardown(() => server.close());
  const settings = { name: 'a/b', baseUrl: server.url, apiKey: KEY };
  const clip = await new ElevenLabsVoice(settings).synthesise({ ...request, rate: 1.5 }, never);
  t.match(clip.words, [
    { text: 'Hello', at: 0, atMs: 0 },
    { text: 'dear', at: 6, atMs: 360 },
    { text: 'guests', at: 11, atMs: 660 },
  ]);
  t.equal(clip.pcm.length, 17 * 1440);
  t.match(server.calls[0], {
    path: '/v1/text-to-speech/a%2Fb/with-timestamps?output_format=pcm_24000',
    body: { model_id: 'eleven_multilingual_v2', voice_settings: { speed: 1.2 } },
  });
  const wrong = new ElevenLabsVoice({ ...settings, apiKey: 'other' });
  await t.rejects(wrong.synthesise(request, never), { kind: 'setup', message: 'status 401 (Invalid API key)' });
  const chinese = await new ElevenLabsVoice(settings).synthesise({ ...request, text: '欢迎 来' }, never);
  t.match(chinese.words, [
    { text: '欢', at: 0, atMs: 0 },
    { text: '迎', at: 1, atMs: 60 },
    { text: '来', at: 3, atMs: 180 },
  ]);
});

/** MiniMax answers 200 to everything and puts the words' times into a file. */
t.test('MiniMax: reads sound in hex and the file of words', async (t) => {
  let code = 0;
  let subtitles: 'here' | 'elsewhere' | 'foreign' | 'port' | 'unchecked' | 'damaged' | 'endless' = 'here';
  const elsewhere = {
    elsewhere: 'http://169.254.169.254/latest/meta-data',
    foreign: 'https://storage.example/subtitle.json',
    port: 'https://files.minimax.io:22/subtitle.json',
    unchecked: 'https://minimax.io.storage.example/subtitle.json',
  };
  const server = await localHttp(({ path, headers, body }, reply) => {
    if (path === '/subtitle.json') {
      t.equal(headers['authorization'], undefined, 'the file is fetched without the key');
      if (subtitles === 'endless') return reply.writeHead(200).end(`["${'x'.repeat(2_000_000)}"]`);
      if (subtitles === 'damaged') return reply.writeHead(200).end('<xml>');
      const words = [...request.text.matchAll(/\S+/g)];
      return json(reply, 200, [
        {
          text: request.text,
          time_begin: 0,
          time_end: letterMs(request.text.length),
          timestamped_words: words.map((m) => ({
            word: m[0],
            time_begin: letterMs(m.index),
            time_end: letterMs(m.index + m[0].length),
          })),
        },
      ]);
    }
    if (code !== 0) return json(reply, 200, { data: null, base_resp: { status_code: code, status_msg: 'no' } });
    const file = subtitles in elsewhere ? elsewhere[subtitles as 'port'] : `${server.url}/subtitle.json`;
    json(reply, 200, {
      data: { audio: toneFor(body.text as string, 32_000).toString('hex'), status: 2, subtitle_file: file },
      trace_id: 'x',
      base_resp: { status_code: 0, status_msg: 'success' },
    });
  });
  t.teardown(() => server.close());
  const voice = new MiniMaxVoice({ name: 'v', baseUrl: server.url, apiKey: KEY, accountId: '17', style: 'happy' });
  const clip = await voice.synthesise({ ...request, pitch: 2 }, never);
  t.equal(clip.rateHz, 32_000);
  t.match(clip.words, [
    { text: 'Hello', atMs: 0 },
    { text: 'dear', atMs: 360 },
    { text: 'guests', atMs: 660 },
  ]);
  t.match(server.calls[0], {
    path: '/v1/t2a_v2?GroupId=17',
    headers: { authorization: `Bearer ${KEY}` },
    body: {
      voice_setting: { voice_id: 'v', emotion: 'happy', pitch: 12 },
      subtitle_type: 'word',
      output_format: 'hex',
    },
  });
  for (const state of ['elsewhere', 'foreign', 'port', 'unchecked', 'damaged', 'endless'] as const) {
    subtitles = state;
    const { words, pcm } = await voice.synthesise(request, never);
    t.same([words.length, pcm.length > 0], [0, true], `${state}: the sound without times`);
  }
  for (const [failed, kind] of [
    [1002, 'passing'],
    [1004, 'setup'],
    [1026, 'text'],
  ] as const) {
    code = failed;
    await t.rejects(voice.synthesise(request, never), { kind, message: `code ${failed} (no)` });
  }
});

t.test('Volcengine: joins the pieces of a chunked answer', async (t) => {
  let ends: 'well' | 'early' | 'quota' | 'busy' = 'well';
  const server = await localHttp(({ path, headers, body }, reply) => {
    if (path !== '/api/v3/tts/unidirectional' || headers['x-api-resource-id'] === undefined)
      return reply.writeHead(404).end();
    reply.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    const line = (part: object): boolean => reply.write(`${JSON.stringify(part)}\n`);
    if (ends === 'quota') {
      line({ code: 45_000_000, message: 'quota exceeded for types: concurrency' });
      return reply.end();
    }
    if (ends === 'busy') {
      line({ code: 55_000_000, message: 'server error' });
      return reply.end();
    }
    const { text } = body.req_params as { text: string };
    const pcm = toneFor(text, 24_000);
    for (let at = 0; at < pcm.length; at += 9000)
      line({ code: 0, message: '', data: pcm.subarray(at, at + 9000).toString('base64') });
    const words = [...text.matchAll(/\S+/g)].map((m) => ({
      word: m[0],
      startTime: letterMs(m.index) / 1000,
      endTime: letterMs(m.index + m[0].length) / 1000,
      confidence: 0.9,
    }));
    line({ code: 0, message: '', data: null, sentence: { text, words, phonemes: [] } });
    if (ends === 'well') line({ code: 20_000_000, message: 'OK', data: null });
    return reply.end();
  });
  t.teardown(() => server.close());
  const voice = new VolcengineVoice({ name: 'zh_female', baseUrl: server.url, apiKey: KEY, accountId: 'app1' });
  const clip = await voice.synthesise({ ...request, rate: 1.2, pitch: 0.5 }, never);
  t.equal(Buffer.compare(Buffer.from(clip.pcm.buffer), toneFor(request.text, 24_000)), 0);
  t.match(clip.words, [
    { text: 'Hello', atMs: 0 },
    { text: 'dear', atMs: 360 },
    { text: 'guests', atMs: 660 },
  ]);
  const [call] = server.calls;
  t.match(call!.headers, { 'x-api-app-id': 'app1', 'x-api-access-key': KEY, 'x-api-resource-id': 'seed-tts-1.0' });
  t.match(call!.body.req_params, { speaker: 'zh_female', audio_params: { speech_rate: 20, enable_timestamp: true } });
  t.same(JSON.parse(call!.body.req_params.additions as string), {
    max_length_to_filter_parenthesis: 0,
    post_process: { pitch: -12 },
  });
  ends = 'early';
  await t.rejects(voice.synthesise(request, never), { kind: 'passing', message: /ends before its last line/ });
  ends = 'quota';
  await t.rejects(voice.synthesise(request, never), { kind: 'passing', message: /concurrency/ });
  ends = 'busy';
  await t.rejects(voice.synthesise(request, never), { kind: 'passing', message: /55000000/ });
  const single = new VolcengineVoice({ name: 'zh_female', baseUrl: server.url, apiKey: KEY });
  ends = 'well';
  await single.synthesise(request, never);
  t.equal(server.calls.at(-1)!.headers['x-api-key'], KEY);
});
