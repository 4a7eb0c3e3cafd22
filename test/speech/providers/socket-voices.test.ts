import t from 'tap';
import { AzureVoice } from '../../../src/speech/providers/azure-voice.js';
import { CosyVoice } from '../../../src/speech/providers/cosyvoice-voice.js';
import { azureServer } from '../servers/azure-server.js';
import { cosyVoiceServer } from '../servers/cosyvoice-server.js';
import { toneFor } from '../servers/local-http.js';

const KEY = 'ds-secret-0123456789';
const never = new AbortController().signal;
const TEXT = '这款刀很好。只要二十元。';
const request = { text: TEXT, language: 'zh', rate: 1.1, pitch: 0.9 };

t.test('CosyVoice: runs a task and takes the words at the end of each sentence', async (t) => {
  for (const words of ['task', 'sentence'] as const) {
    const seen: never[] = [];
    const server = await cosyVoiceServer({ key: KEY, words }, seen);
    t.teardown(() => server.close());
    const voice = new CosyVoice({ name: 'longanyang', baseUrl: server.url, apiKey: KEY });
    const clip = await voice.synthesise(request, never);
    t.equal(clip.pcm.length * 2, toneFor(TEXT, 24_000).length);
    t.same(clip.words.map(({ text }) => text).join(''), '这款刀很好只要二十元');
    t.same(
      clip.words.map(({ atMs }) => atMs),
      [0, 60, 120, 180, 240, 360, 420, 480, 540, 600],
      `times of the ${words}`,
    );
    t.match(seen[0], {
      header: { action: 'run-task', streaming: 'duplex' },
      payload: {
        model: 'cosyvoice-v2',
        task_group: 'audio',
        function: 'SpeechSynthesizer',
        parameters: { voice: 'longanyang', rate: 1.1, pitch: 0.9, word_timestamp_enabled: true },
      },
    });
  }
});

t.test('CosyVoice: gives sound without words for a voice that times none', async (t) => {
  const server = await cosyVoiceServer({ key: KEY, words: 'none' });
  t.teardown(() => server.close());
  const clip = await new CosyVoice({ name: 'v', baseUrl: server.url, apiKey: KEY }).synthesise(request, never);
  t.same(clip.words, []);
  t.ok(clip.pcm.length > 0);
});

t.test('CosyVoice: distinguishes a limit, a refused text and a wrong voice', async (t) => {
  for (const [code, message, kind] of [
    ['Throttling.RateQuota', 'Requests rate limit exceeded', 'passing'],
    ['DataInspectionFailed', 'Input data may contain inappropriate content', 'text'],
    ['InvalidParameter', '[tts:]Engine return error code: 418', 'setup'],
  ] as const) {
    const server = await cosyVoiceServer({ key: KEY, fails: { code, message } });
    t.teardown(() => server.close());
    const voice = new CosyVoice({ name: 'v', baseUrl: server.url, apiKey: KEY });
    await t.rejects(voice.synthesise(request, never), { kind, message: `${code} (${message})` });
  }
});

t.test('CosyVoice: reports a wrong key, a broken connection and its abort', async (t) => {
  const server = await cosyVoiceServer({ key: KEY, breaksOff: true });
  t.teardown(() => server.close());
  const settings = { name: 'v', baseUrl: server.url, apiKey: KEY };
  await t.rejects(new CosyVoice({ ...settings, apiKey: 'other' }).synthesise(request, never), {
    kind: 'setup',
    message: 'status 401 (Invalid API-key provided.)',
  });
  await t.rejects(new CosyVoice(settings).synthesise(request, never), {
    kind: 'passing',
    message: /before the last sample/,
  });
  const stop = new AbortController();
  const speaking = new CosyVoice(settings).synthesise(request, stop.signal);
  stop.abort(new Error('enough'));
  await t.rejects(speaking, /enough/);
});

t.test('Azure: sends SSML in which words stay words, and takes boundaries and visemes', async (t) => {
  const seen: { path: string; body: string }[] = [];
  const server = await azureServer({ key: KEY }, seen);
  t.teardown(() => server.close());
  const text = 'Tom & Bo love it';
  const voice = new AzureVoice({ name: 'en-US-AvaNeural', baseUrl: server.url, apiKey: KEY, style: 'cheerful' });
  const clip = await voice.synthesise({ text, language: 'en-US', rate: 0.9, pitch: 1.1 }, never);
  t.equal(Buffer.compare(Buffer.from(clip.pcm.buffer), toneFor(text, 24_000)), 0);
  t.match(clip.words, [
    { text: 'Tom', atMs: 0 },
    { text: 'Bo', atMs: 360 },
    { text: 'love', atMs: 540 },
  ]);
  t.match(clip.phonemes.slice(0, 2), [
    { ipa: 'p', startSample: 0, endSample: 1440 },
    { ipa: 'ɑ', startSample: 1440, endSample: 8640 },
  ]);
  const ssml = seen[2]!.body;
  t.match(ssml, /<voice name="en-US-AvaNeural"><mstts:express-as style="cheerful"><prosody rate="-10%" pitch="\+10%">/);
  t.match(ssml, />Tom &amp; Bo love it</);
  t.match(JSON.parse(seen[1]!.body), { synthesis: { audio: { metadataOptions: { visemeEnabled: true } } } });
});

t.test('Azure: reports a limit with its pause, bad SSML and a wrong key', async (t) => {
  const limited = await azureServer({ key: KEY, limit: { status: 429, headers: { 'retry-after': '3' }, body: '' } });
  const broken = await azureServer({ key: KEY, closes: { code: 1007, reason: 'SSML parsing error' } });
  t.teardown(() => Promise.all([limited.close(), broken.close()]));
  const english = { text: 'Hello', language: 'en', rate: 1, pitch: 1 };
  const voiceAt = (baseUrl: string, apiKey = KEY): AzureVoice => new AzureVoice({ name: 'v', baseUrl, apiKey });
  await t.rejects(voiceAt(limited.url).synthesise(english, never), {
    kind: 'passing',
    message: 'status 429',
    retryAfterMs: 3000,
  });
  await t.rejects(voiceAt(broken.url).synthesise(english, never), {
    kind: 'setup',
    message: /1007 \(SSML parsing error\)/,
  });
  await t.rejects(voiceAt(broken.url, 'x').synthesise(english, never), { kind: 'setup', message: 'status 401' });
});

t.test('Azure: addresses the region of the resource', async (t) => {
  const of = (region: string): string => new AzureVoice({ name: 'v', region }).identity;
  t.match(of('eastasia'), 'wss://eastasia.tts.speech.microsoft.com/cognitiveservices/websocket/v1');
  t.match(of('chinanorth3'), 'wss://chinanorth3.tts.speech.azure.cn/');
});
