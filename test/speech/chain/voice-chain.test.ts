import { join } from 'node:path';
import t from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { EspeakProvider } from '../../../src/speech/espeak/espeak-provider.js';
import { muteSpans } from '../../../src/speech/mute-spans.js';
import { json, localHttp, toneFor } from '../servers/local-http.js';
import { openAiServer } from '../servers/openai-server.js';
import { closeShared, KEY, never, openService, readJson, settingOf } from './chain-kit.js';

const LINE = 'This lamp has three levels of brightness.';
const espeak = new EspeakProvider({ log: silentLog, processes: 1, timeoutMs: 60_000 });
t.teardown(() => Promise.all([espeak.close(), closeShared()]));

/** The line as another voice would speak it, at 24 kHz, without its times. */
async function spokenBytes(text: string): Promise<{ bytes: Buffer; startsMs: number[] }> {
  const voice = { name: 'en+f2', title: '', languages: ['en'], provider: 'espeak' };
  for await (const chunk of espeak.speak({ text, language: 'en', voice, rate: 1.15, pitch: 1.1 }, never)) {
    const { Resampler } = await import('../../../src/core/audio/resample.js');
    const sound = new Resampler(chunk.sampleRateHz, 24_000).convert(chunk.pcm);
    const bytes = Buffer.alloc(sound.length * 2);
    for (const [i, x] of sound.entries())
      bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(x * 32_767))), i * 2);
    return { bytes, startsMs: chunk.words.map(({ sample }) => (1000 * sample) / chunk.sampleRateHz) };
  }
  throw new Error('nothing was spoken');
}

t.test('speaks by the service, aligns its words and mutes them wider', async (t) => {
  const { bytes } = await spokenBytes(LINE);
  const server = await openAiServer({ key: KEY, sound: () => bytes });
  t.teardown(() => server.close());
  const { say, service } = openService(
    t,
    settingOf({ provider: 'openai', name: 'nova', baseUrl: `${server.url}/v1`, apiKey: '${VOICE_KEY}' }),
  );
  const u = await say(LINE);
  t.equal(u.voice, 'nova');
  t.equal(u.aligned, true);
  t.same(
    u.words.map(({ text }) => text),
    ['This', 'lamp', 'has', 'three', 'levels', 'of', 'brightness'],
  );
  t.ok(u.phonemes.length > 20, 'sounds for the mouth');
  const seconds = u.pcm.length / 48_000;
  t.ok(Math.abs(seconds - bytes.length / 48_000) < 0.5, `${seconds} s`);
  const at = LINE.indexOf('levels');
  const [span] = muteSpans(u, [{ start: at, end: at + 6, rule: '1.1' }]);
  const exact = muteSpans({ ...u, aligned: false }, [{ start: at, end: at + 6, rule: '1.1' }]);
  t.equal(exact[0]!.startSample - span!.startSample, 14_400);
  t.equal(span!.endSample - exact[0]!.endSample, 14_400);
  t.match(service.health(), [{ provider: 'openai', voice: 'nova', state: 'ready', spoken: 1, failed: 0 }]);
});

t.test('keeps times that the service gives as they are', async (t) => {
  const server = await openAiServer({ key: KEY, captioned: true });
  t.teardown(() => server.close());
  const { say } = openService(
    t,
    settingOf({ provider: 'openai', name: 'af_heart', baseUrl: `${server.url}/v1`, apiKey: '${VOICE_KEY}' }),
  );
  const u = await say('Two knives for 20 dollars');
  t.equal(u.aligned, undefined);
  const first = u.words[0]!.startSample;
  t.same(
    u.words.map(({ startSample }) => Math.round((startSample - first) / 48)),
    [0, 240, 660, 900, 1080],
  );
});

t.test('speaks a line again from the disk, also in another engine, and pays once', async (t) => {
  const server = await openAiServer({ key: KEY, captioned: true });
  t.teardown(() => server.close());
  const dir = t.testdir();
  const setting = settingOf({ provider: 'openai', name: 'v', baseUrl: `${server.url}/v1`, apiKey: '${VOICE_KEY}' });
  const one = openService(t, setting, { cacheDir: dir });
  const first = await one.say(LINE);
  const second = await one.say(LINE);
  t.equal(Buffer.compare(Buffer.from(first.pcm.buffer), Buffer.from(second.pcm.buffer)), 0);
  const two = openService(t, setting, { cacheDir: dir });
  const third = await two.say(LINE);
  t.same(third.words, first.words);
  t.equal(Buffer.compare(Buffer.from(first.pcm.buffer), Buffer.from(third.pcm.buffer)), 0);
  t.equal(server.calls.length, 1);
  t.match(two.service.health(), [{ cached: 1, spoken: 0, charactersToday: 0 }]);
  await one.say(LINE, { rate: 1.2 });
  t.equal(server.calls.length, 2, 'another speed is another sound');
});

t.test('speaks ahead, once', async (t) => {
  const server = await openAiServer({ key: KEY, captioned: true });
  t.teardown(() => server.close());
  const { service, say } = openService(
    t,
    settingOf({ provider: 'openai', name: 'v', baseUrl: `${server.url}/v1`, apiKey: '${VOICE_KEY}' }),
  );
  const ahead = { id: 'ahead', text: LINE, language: 'en', provider: 'openai', voice: 'v' };
  t.equal(await service.keep(ahead, never), true);
  t.equal(await service.keep(ahead, never), false);
  await say(LINE);
  t.equal(server.calls.length, 1);
});

t.test('falls back in order, rests the failing voice and tries it again', async (t) => {
  let fails = true;
  const first = await localHttp(({ path, body }, reply) => {
    if (path.startsWith('/dev')) return reply.writeHead(404).end();
    if (fails)
      return json(reply, 503, {
        error: {
          message: `overloaded, key ${KEY} ${Buffer.from(KEY).toString('base64')} ${Buffer.from(KEY).toString('hex')}`,
        },
      });
    reply.writeHead(200, { 'content-type': 'audio/pcm' });
    return reply.end(toneFor(body.input as string, 24_000));
  });
  const second = await openAiServer({ key: KEY, captioned: true });
  t.teardown(() => Promise.all([first.close(), second.close()]));
  const { say, service, pass, logged } = openService(
    t,
    settingOf({
      provider: 'openai',
      name: 'best',
      baseUrl: `${first.url}/v1`,
      apiKey: '${VOICE_KEY}',
      fallback: [{ provider: 'openai', name: 'second', baseUrl: `${second.url}/v1`, apiKey: '${VOICE_KEY}' }],
    }),
  );
  t.equal((await say('One two three.')).voice, 'second');
  const asked = first.calls.length;
  t.match(service.health()[0], {
    state: 'resting',
    lastError: /^status 503 \(overloaded, key \*{3} \*{3}\w?=* \*{3}\)$/,
    failed: 1,
  });
  t.equal((await say('Four five six.')).voice, 'second');
  t.equal(first.calls.length, asked, 'it is left alone while it rests');
  pass(2001);
  t.match(service.health()[0], { state: 'ready', failing: true }, 'rested, and not yet known to be well');
  await say('Seven eight nine.');
  t.equal(first.calls.length, asked + 1);
  t.ok(service.health()[0]!.restMs > 3000, 'the second rest is longer');
  pass(4001);
  fails = false;
  t.equal((await say('Ten eleven twelve.')).voice, 'best');
  t.match(service.health()[0], { state: 'ready', restMs: 0, failing: false, lastError: '' });
  t.equal((await say('One two three.')).voice, 'best', 'a line that failed is asked for again');
  t.notMatch(logged(), KEY);
  t.notMatch(logged(), Buffer.from(KEY).toString('hex'));
  t.equal(logged().match(/the voice failed at a line/g)?.length, 1, 'a lasting failure is logged once');
  t.match(logged(), /the voice speaks again/);
});

t.test('ends in the presenter’s own embedded voice', async (t) => {
  const server = await localHttp((_call, reply) => {
    reply.writeHead(429, { 'retry-after': '600' });
    reply.end();
  });
  t.teardown(() => server.close());
  const { say, service } = openService(
    t,
    settingOf({ provider: 'openai', name: 'v', baseUrl: `${server.url}/v1`, apiKey: '${VOICE_KEY}' }),
  );
  const standIn = { name: 'es+f3', rate: 1.1, pitch: 1 };
  const u = await say('Hola a todos, buenas tardes.', { language: 'es', standIn });
  t.ok(u.pcm.length > 48_000);
  t.equal(u.aligned, undefined);
  t.ok(service.health()[0]!.restMs > 590_000, 'the pause that the service asks for');
  t.equal((await say('Hello there.')).words.length, 2, 'without a voice of its own, the language’s best one');
});

t.test('sends lines in other languages to the fallback', async (t) => {
  const server = await openAiServer({ key: KEY, captioned: true });
  t.teardown(() => server.close());
  const { say } = openService(
    t,
    settingOf({
      provider: 'openai',
      name: 'v',
      baseUrl: `${server.url}/v1`,
      apiKey: '${VOICE_KEY}',
      languages: ['zh', 'en-US'],
      fallback: [{ provider: 'espeak', name: 'f3' }],
    }),
  );
  await say('Guten Tag zusammen.', { language: 'de' });
  t.equal(server.calls.length, 0);
  await say('Good morning.', { language: 'en-GB' });
  t.equal(server.calls.length, 1);
});

t.test('speaks a language that no embedded voice speaks, and mutes its whole line', async (t) => {
  const server = await openAiServer({ key: KEY });
  t.teardown(() => server.close());
  const { say, service } = openService(
    t,
    settingOf({
      provider: 'openai',
      name: 'v',
      baseUrl: `${server.url}/v1`,
      apiKey: '${VOICE_KEY}',
      languages: ['fil'],
    }),
  );
  t.match(await service.voiceFor('fil'), { provider: 'openai', name: 'v' });
  await t.rejects(service.voiceFor('km'), { code: 'E_VOICE_UNKNOWN' });
  const text = 'Magandang araw sa inyong lahat.';
  const u = await say(text, { language: 'fil', standIn: { name: 'f2', rate: 1, pitch: 1 } });
  t.equal(u.voice, 'v');
  t.same(muteSpans(u, [{ start: 10, end: 14, rule: '1.1' }]), [
    { startSample: 0, endSample: u.pcm.length, rule: '1.1' },
  ]);
});

t.test('stops at the day’s characters, over a restart as well, and starts again the next day', async (t) => {
  const server = await openAiServer({ key: KEY, captioned: true });
  t.teardown(() => server.close());
  const countFile = join(t.testdir(), 'var', 'voice-characters.json');
  const raw = {
    provider: 'openai',
    name: 'v',
    baseUrl: `${server.url}/v1`,
    apiKey: '${VOICE_KEY}',
    maxCharactersPerDay: 30,
  };
  const one = openService(t, settingOf(raw), { countFile });
  await one.service.start();
  await one.say('Twenty characters ok');
  t.match(one.service.health(), [
    { charactersToday: 20, charactersTotal: 20, maxCharactersPerDay: 30, state: 'ready' },
  ]);
  await one.service.close();
  t.same(readJson(countFile), { day: '2026-01-01', characters: { 'openai:v': 20 } });
  const two = openService(t, settingOf(raw), { countFile });
  await two.service.start();
  const u = await two.say('Another line of words.');
  t.not(u.voice, 'v');
  t.equal(server.calls.length, 1);
  t.match(two.service.health(), [{ state: 'ready', failed: 0, lastError: '' }], 'a cap is no failure');
  two.pass(24 * 3_600_000);
  t.equal((await two.say('Another line of words.')).voice, 'v');
  await two.say('x'.repeat(9));
  t.match(two.service.health(), [{ charactersToday: 22 }], 'a line beyond the rest of the day goes to the fallback');
});

t.test('gives up on a service that does not end, breaks off, is silent or goes on', async (t) => {
  const text = 'A line of seven words for a test.';
  const answers: Record<string, Buffer | undefined> = {
    'no whole answer within 1 s': undefined,
    'it breaks off': toneFor('a', 24_000),
    silence: Buffer.alloc(24_000 * 4),
    'more than the text': toneFor('a'.repeat(2000), 24_000),
  };
  for (const [reason, bytes] of Object.entries(answers)) {
    const server = await localHttp(({ path }, reply) => {
      if (path.startsWith('/dev')) return reply.writeHead(404).end();
      reply.writeHead(200, { 'content-type': 'audio/pcm' });
      if (bytes === undefined) reply.write(Buffer.alloc(200));
      else reply.end(bytes);
      return undefined;
    });
    t.teardown(() => server.close());
    const raw = { provider: 'openai', name: 'v', baseUrl: `${server.url}/v1`, apiKey: '${VOICE_KEY}', timeoutMs: 1000 };
    const { say, service } = openService(t, settingOf(raw));
    t.not((await say(text)).voice, 'v', reason);
    t.match(service.health()[0]!.lastError, reason);
  }
});

t.test('does not rest after a text that the service refuses', async (t) => {
  const server = await localHttp(({ path }, reply) => {
    if (path.startsWith('/dev')) return reply.writeHead(404).end();
    return json(reply, 400, { error: { message: 'input is not allowed' } });
  });
  t.teardown(() => server.close());
  const { say, service } = openService(
    t,
    settingOf({ provider: 'openai', name: 'v', baseUrl: `${server.url}/v1`, apiKey: '${VOICE_KEY}' }),
  );
  t.not((await say('Hello.')).voice, 'v');
  t.match(service.health()[0], { state: 'ready', failed: 1, lastError: 'status 400 (input is not allowed)' });
});
