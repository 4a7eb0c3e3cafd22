import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import type { Utterance } from '../../src/core/speech.js';
import { EspeakProvider } from '../../src/speech/espeak/espeak-provider.js';
import { languageTable } from '../../src/config/languages/language-table.js';
import { muteSpans } from '../../src/speech/mute-spans.js';
import { SpeechService } from '../../src/speech/speech-service.js';

const never = new AbortController().signal;
const provider = new EspeakProvider({ log: silentLog, processes: 1, timeoutMs: 10_000, idleTimeoutMs: 600_000 });
const service = new SpeechService({ log: silentLog, provider });
t.before(() => service.start());

const speak = (text: string, language = 'en', more = {}): Promise<Utterance> =>
  service.speak({ id: 'u', text, language, ...more }, never);
const bytes = (u: Utterance): Buffer => Buffer.from(new Uint8Array(u.pcm.buffer));

/** Invariants of every utterance. */
function sound(
  t: { ok(value: boolean, title: string): void; notOk(value: boolean, title: string): void },
  u: Utterance,
): void {
  let last = 0;
  let lastChar = 0;
  for (const w of u.words) {
    t.ok(
      w.startSample >= last && w.endSample >= w.startSample && w.endSample <= u.pcm.length,
      `"${w.text}" is in order`,
    );
    t.ok(w.startChar >= lastChar && u.text.slice(w.startChar, w.endChar) === w.text, `"${w.text}" stands in the text`);
    last = w.endSample;
    lastChar = w.endChar;
  }
  last = 0;
  for (const p of u.phonemes) {
    t.ok(p.startSample >= last && p.endSample > p.startSample && p.endSample <= u.pcm.length && p.ipa !== '', p.ipa);
    t.notOk(/[ˈˌ()\d]/.test(p.ipa), `${p.ipa} is plain IPA`);
    last = p.endSample;
  }
}
const within = (u: Utterance, from: number, to: number): number => {
  let peak = 0;
  for (let i = from; i < to; i += 1) peak = Math.max(peak, Math.abs(u.pcm[i]!));
  return peak;
};

t.test('gives sound, words and phonemes that fit each other', async (t) => {
  const u = await speak('Hello world, this is one of the best mugs for $29.99 today!');
  sound(t, u);
  t.same(
    u.words.map((w) => w.text),
    ['Hello', 'world', 'this', 'is', 'one', 'of', 'the', 'best', 'mugs', 'for', '$29.99', 'today'],
  );
  t.ok(
    u.words.every((w) => w.endSample > w.startSample),
    'every word takes time',
  );
  t.ok(u.pcm.buffer instanceof SharedArrayBuffer);
  t.ok(u.loudnessLufs > -32 && u.loudnessLufs < -14, `${u.loudnessLufs} LUFS`);
  t.ok(within(u, 0, u.pcm.length) <= 1);
  const hello = u.words[0]!;
  t.same(
    u.phonemes.filter((p) => p.startSample < hello.endSample).map((p) => p.ipa),
    ['h', 'ə', 'l', 'oʊ'],
  );
  t.ok(hello.startSample < 2400, 'leading silence is cut');
  t.ok(u.pcm.length - u.words.at(-1)!.endSample < 9600, 'trailing silence is cut');
  t.ok(within(u, 0, 400) < 0.01 && within(u, u.pcm.length - 1800, u.pcm.length) < 0.01, 'with a quiet margin left');
});

t.test('gives the same samples for the same request in any order and process', async (t) => {
  const first = await speak('The same line again and again.');
  await speak('今天的特价商品。', 'zh');
  const second = await speak('The same line again and again.');
  t.equal(Buffer.compare(bytes(first), bytes(second)), 0);
  const another = new EspeakProvider({ log: silentLog, processes: 1, timeoutMs: 10_000 });
  const other = new SpeechService({ log: silentLog, provider: another });
  t.teardown(() => other.close());
  const third = await other.speak({ id: 'x', text: 'The same line again and again.', language: 'en' }, never);
  t.equal(Buffer.compare(bytes(first), bytes(third)), 0);
});

t.test('speaks the name of languages in the table within sound ranges', async (t) => {
  const spoken = languageTable().languages.filter(({ voice }) => voice !== null);
  for (const { tag, native, voice } of spoken.filter((_, i) => i % 4 === 0)) {
    const u = await speak(`${native}. 25`, tag);
    sound(t, u);
    t.equal(u.voice, voice);
    t.ok(u.pcm.length > 12_000 && u.words.length >= 2, `${tag}: ${u.pcm.length} samples, ${u.words.length} words`);
    t.ok(u.loudnessLufs > -40, `${tag} is heard`);
  }
});

t.test('has voices with distinct names for at least 140 languages and variants', async (t) => {
  const voices = await service.voices();
  t.ok(new Set(voices.filter((v) => !v.name.includes('+')).map((v) => v.name)).size >= 130);
  t.equal(new Set(voices.map((v) => v.name)).size, voices.length);
  await t.rejects(service.voiceFor('tl'), { code: 'E_VOICE_UNKNOWN' });
  await t.rejects(speak('Hi', 'en', { voice: 'en-UX' }), { code: 'E_VOICE_UNKNOWN' });
});

t.test('speaks markup as text', async (t) => {
  const plain = await speak('wait for it');
  const marked = await speak('wait <break time="30s"/> for [[it]] &amp; <audio src="/etc/passwd"/> \u0000 it');
  sound(t, marked);
  t.ok(marked.pcm.length < 20 * 48_000, 'no break of thirty seconds');
  t.ok(marked.words.length > plain.words.length);
  t.ok(marked.words.some((w) => w.text.includes('passwd')));
});

t.test('counts offsets in UTF-16 units of the given text, emoji and accents included', async (t) => {
  const u = await speak('😀😀 Crème 👍🏽 brûlée, a𝟙b & more');
  sound(t, u);
  t.ok(u.words.some((w) => w.text === 'brûlée'));
  const more = u.words.at(-1)!;
  t.equal(u.text.slice(more.startChar, more.endChar), 'more');
  t.not(more.exact, false, 'the event found its word across all of that');
});

t.test('speaks long text whole, in pieces with equal pauses', async (t) => {
  const sentence = 'Our new kettle boils a litre of water in two minutes. ';
  const u = await speak(sentence.repeat(14));
  sound(t, u);
  t.equal(u.words.length, 14 * 11);
  t.ok(u.words.filter((w) => w.exact === false).length < 20);
});

t.test('applies rate and pitch', async (t) => {
  const text = 'Speed and pitch can be set.';
  const normal = await speak(text);
  const fast = await speak(text, 'en', { rate: 1.5 });
  t.ok(fast.pcm.length < normal.pcm.length * 0.8 && fast.pcm.length > normal.pcm.length * 0.5);
  const high = await speak(text, 'en', { pitch: 1.5 });
  /** Fundamental by autocorrelation, 80–320 Hz. */
  const pitchHz = (u: Utterance): number => {
    let best = 0;
    let bestLag = 0;
    for (let lag = 150; lag < 600; lag += 1) {
      let sum = 0;
      for (let i = 0; i + lag < u.pcm.length; i += 7) sum += u.pcm[i]! * u.pcm[i + lag]!;
      if (sum > best) [best, bestLag] = [sum, lag];
    }
    return 48_000 / bestLag;
  };
  const ratio = pitchHz(high) / pitchHz(normal);
  t.ok(ratio > 1.25 && ratio < 1.75, `pitch times ${ratio.toFixed(2)}`);
});

t.test('covers all sound of a forbidden word with its span', async (t) => {
  const u = await speak('Please call 555 0199 for details.');
  const start = u.text.indexOf('555');
  const [span] = muteSpans(u, [{ start, end: start + 8, rule: '3.2' }]);
  const call = u.words[1]!;
  const after = u.words[4]!;
  t.equal(call.text, 'call');
  t.equal(after.text, 'for');
  t.equal(span!.startSample, call.endSample);
  t.equal(span!.endSample, after.startSample);
  t.ok(span!.endSample - span!.startSample > 48_000);
});

t.test('gives an empty utterance for text without words', async (t) => {
  for (const text of ['', '   ', '…', '😀']) {
    const u = await speak(text);
    t.same([u.pcm.length, u.words.length, u.loudnessLufs], [0, 0, -Infinity], JSON.stringify(text));
  }
  await t.rejects(speak('x'.repeat(20_001)), { code: 'E_TEXT_TOO_LONG' });
});

t.test('rejects an aborted request with its reason and serves the next one', async (t) => {
  await t.rejects(service.speak({ id: 'a', text: 'Hello', language: 'en' }, AbortSignal.abort()), {
    name: 'AbortError',
  });
  const stop = new AbortController();
  const long = service.speak(
    { id: 'b', text: 'A long sentence that goes on. '.repeat(100), language: 'en' },
    stop.signal,
  );
  setImmediate(() => stop.abort());
  await t.rejects(long, { name: 'AbortError' });
  t.ok((await speak('Still here.')).pcm.length > 0);
});

t.test('replaces a dead process and speaks the line all the same', async (t) => {
  const before = provider.pool.restarts;
  const [pid] = provider.pool.pids();
  const line = speak('This line outlives its process. '.repeat(30));
  process.kill(pid!, 'SIGKILL');
  t.ok((await line).pcm.length > 48_000);
  t.equal(provider.pool.restarts, before + 1);
  t.not(provider.pool.pids()[0], pid);
});

t.test('kills a hanging process in time and speaks the next line', async (t) => {
  const hanging = new EspeakProvider({ log: silentLog, processes: 1, timeoutMs: 300 });
  const other = new SpeechService({ log: silentLog, provider: hanging });
  t.teardown(() => other.close());
  await other.start();
  process.kill(hanging.pool.pids()[0]!, 'SIGSTOP');
  await t.rejects(other.speak({ id: 'x', text: 'Hello', language: 'en' }, never), { code: 'E_SPEECH_TIMEOUT' });
  t.ok((await other.speak({ id: 'y', text: 'Hi', language: 'en' }, never)).pcm.length > 0);
});

t.test('ends the process and rejects waiting lines on close, repeatedly', async (t) => {
  const one = new EspeakProvider({ log: silentLog, processes: 1, timeoutMs: 10_000 });
  const other = new SpeechService({ log: silentLog, provider: one });
  await other.start();
  const [pid] = one.pool.pids();
  const waiting = other.speak({ id: 'x', text: 'Never to be heard. '.repeat(200), language: 'en' }, never);
  const rejected = t.rejects(waiting, { code: 'E_CLOSED' });
  await sleep(0);
  await other.close();
  await other.close();
  await rejected;
  t.throws(() => process.kill(pid!, 0), { code: 'ESRCH' });
  await t.rejects(other.speak({ id: 'z', text: 'Hello', language: 'en' }, never), { code: 'E_CLOSED' });
});

t.test('leaves no process behind after close', async (t) => {
  const [pid] = provider.pool.pids();
  await service.close();
  t.throws(() => process.kill(pid!, 0), { code: 'ESRCH' });
});
