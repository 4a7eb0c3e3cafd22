import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { articulationsOf } from '../../src/avatar/phoneme-visemes.js';
import { silentLog } from '../../src/core/log.js';
import type { Utterance } from '../../src/core/speech.js';
import { EmbeddedProvider } from '../../src/speech/embedded-provider.js';
import { alignTokens } from '../../src/speech/flite/align-tokens.js';
import { englishNumber, englishOrdinal } from '../../src/speech/flite/english-numbers.js';
import { englishTokens, fliteTexts } from '../../src/speech/flite/english-words.js';
import { FliteProvider } from '../../src/speech/flite/flite-provider.js';
import { muteSpans } from '../../src/speech/mute-spans.js';
import { SpeechService } from '../../src/speech/speech-service.js';
import { pitchHz } from './pitch-hz.js';
import { sampled } from '../kit/whole.js';

const never = new AbortController().signal;
const cacheDir = t.testdir();
const options = { log: silentLog, processes: 1, timeoutMs: 60_000 };
const open = (dir = cacheDir): { service: SpeechService; flite: FliteProvider } => {
  const flite = new FliteProvider({ ...options, cacheDir: dir });
  const provider = new EmbeddedProvider({ ...options, flite });
  return { flite, service: new SpeechService({ log: silentLog, provider }) };
};
const { service, flite } = open();
t.teardown(() => service.close());
const speak = (text: string, more = {}, by = service): Promise<Utterance> =>
  by.speak({ id: 'u', text, language: 'en-US', voice: 'flite-slt', ...more }, never);
const bytes = (u: Utterance): Buffer => Buffer.from(new Uint8Array(u.pcm.buffer));
/** The voice's input for a text. */
const read = (text: string): string => {
  const tokens = englishTokens(text)!;
  return fliteTexts(text, tokens).text;
};
const LINE = 'Let us begin with this insulated steel bottle. It holds 750 millilitres.';

t.test('reads numbers as people say them', async (t) => {
  const cases: Record<string, string> = {
    '0': 'zero',
    '750': 'seven hundred and fifty',
    '1000': 'one thousand',
    '1,250': 'one thousand two hundred and fifty',
    '4.80': 'four point eight zero',
    '0199': 'zero one nine nine',
    '3000000': 'three million',
    '5550199123': 'five five five zero one nine nine one two three',
  };
  for (const [written, said] of Object.entries(cases)) t.equal(englishNumber(written).join(' '), said);
  t.equal(englishOrdinal('21').join(' '), 'twenty first');
  t.equal(englishOrdinal('30').join(' '), 'thirtieth');
});

t.test('writes out signs, units and abbreviations, and keeps shouted words as words', async (t) => {
  const cases: Record<string, string> = {
    'CE & FDA papers, 20V!': 'c e and f d ay papers, twenty volts.',
    'Steel 18/8, 25% off': 'steel eighteen eight, twenty five percent off',
    '750 ml, USB-C': 'seven hundred and fifty milliliters, u s b c',
    "I'll say it isn't café": 'i will say it is not cafe',
    'BUY NOW at Shop.com': 'buy now at shop dot com',
    'Really? Yes: (free).': 'really? yes, free.',
  };
  for (const [written, said] of Object.entries(cases)) t.equal(read(written), said);
  t.equal(englishTokens('Now 全场 sale'), undefined);
});

t.test('aligns the sounds of separate words with the sentence', async (t) => {
  const alone = [
    ['t', 'ax'],
    ['dh', 'ax'],
    ['sh', 'ow', 'r', 'uw', 'm'],
  ];
  t.same(alignTokens(['t', 'ih', 'dh', 'iy', 'sh', 'ow', 'r', 'uh', 'm'], alone), [0, 2, 4]);
  t.same(alignTokens(['t', 'dh', 'ax', 'sh', 'ow', 'r', 'm'], alone), [0, 1, 3], 'with sounds missing');
});

t.test('gives every word a time and every sound a viseme', async (t) => {
  const u = await speak(`${LINE} CE & FDA, $29.99!`);
  t.ok(
    u.words.every((w) => w.exact !== false),
    'all words are exact',
  );
  let last = 0;
  for (const w of u.words) {
    t.ok(w.startSample >= last && w.endSample > w.startSample && w.endSample <= u.pcm.length, w.text);
    last = w.endSample;
  }
  for (const p of u.phonemes) t.not(articulationsOf(p.ipa)[0]!.viseme, 0, `${p.ipa} is seen`);
  const bottle = u.words.find((w) => w.text === 'bottle')!;
  const inside = u.phonemes.filter((p) => p.startSample >= bottle.startSample && p.startSample < bottle.endSample);
  t.same(
    inside.map((p) => p.ipa),
    ['b', 'ɑ', 't', 'ə', 'l'],
  );
  const [span] = muteSpans(u, [{ start: u.text.indexOf('bottle'), end: u.text.indexOf('bottle') + 6, rule: '3.2' }]);
  t.ok(span!.startSample <= bottle.startSample && span!.endSample >= bottle.endSample);
  t.ok(span!.endSample - span!.startSample < 48_000, 'and no more than the word and its pause is silenced');
});

t.test("speaks with a woman's and a man's pitch, at the requested speed and pitch", async (t) => {
  const slt = await speak(LINE);
  const rms = await speak(LINE, { voice: 'flite-rms' });
  t.ok(pitchHz(slt) > 160 && pitchHz(slt) < 230, `${pitchHz(slt)} Hz`);
  t.ok(pitchHz(rms) > 85 && pitchHz(rms) < 135, `${pitchHz(rms)} Hz`);
  const voices = [
    ['flite-slt', slt],
    ['flite-rms', rms],
  ] as const;
  for (const [voice, plain] of sampled(voices, 2)) {
    const high = await speak(LINE, { voice, pitch: 1.2 });
    t.ok(Math.abs(pitchHz(high) / pitchHz(plain) - 1.2) < 0.06, `${voice}: ${pitchHz(high)} Hz`);
    t.ok(Math.abs(high.pcm.length / plain.pcm.length - 1) < 0.06, 'in the same time');
    const fast = await speak(LINE, { voice, rate: 1.5 });
    t.ok(Math.abs(plain.pcm.length / fast.pcm.length - 1.5) < 0.2);
  }
});

t.test('gives the same samples for the same line, from the cache and from another process', async (t) => {
  const first = await speak(LINE);
  await speak('Something else before it.');
  t.equal(Buffer.compare(bytes(first), bytes(await speak(LINE))), 0);
  const other = open(t.testdir());
  t.teardown(() => other.service.close());
  const third = await speak(LINE, {}, other.service);
  t.equal(Buffer.compare(bytes(first), bytes(third)), 0);
  t.same(third.words, first.words);
});

t.test('serves a cached line without a process and speaks a damaged one again', async (t) => {
  const dir = t.testdir();
  const one = open(dir);
  t.equal(await one.service.keep({ id: 'a', text: LINE, language: 'en', voice: 'flite-slt' }, never), true);
  t.equal(await one.service.keep({ id: 'a', text: LINE, language: 'en', voice: 'flite-slt' }, never), false);
  const first = await speak(LINE, {}, one.service);
  await one.service.close();
  const two = open(dir);
  t.teardown(() => two.service.close());
  t.equal(Buffer.compare(bytes(first), bytes(await speak(LINE, {}, two.service))), 0);
  t.same(two.flite.pool.pids(), []);
  for (const name of readdirSync(dir)) {
    const whole = readFileSync(join(dir, name));
    whole[whole.length - 1]! ^= 1;
    writeFileSync(join(dir, name), whole);
  }
  t.equal(Buffer.compare(bytes(first), bytes(await speak(LINE, {}, two.service))), 0);
  t.equal(two.flite.pool.pids().length, 1);
});

t.test('leaves other scripts, other languages and failed lines to the other voices', async (t) => {
  const mixed = await speak('Now 全场 sale');
  t.ok(mixed.words.length === 4 && mixed.pcm.length > 48_000, 'the Chinese is heard');
  const spanish = await speak('Hola y bienvenidos a todos', { language: 'es' });
  t.ok(pitchHz(spanish) > 160, 'by a woman as well');
  for (const pid of flite.pool.pids()) process.kill(pid, 'SIGKILL');
  const broken = open(t.testdir());
  t.teardown(() => broken.service.close());
  broken.flite.pool.run = () => Promise.reject(Object.assign(new Error('gone'), { code: 'x' }));
  await t.rejects(speak('An error that is no fault of the voice.', {}, broken.service), { message: 'gone' });
  await broken.flite.close();
  delete (broken.flite.pool as { run?: unknown }).run;
  await t.rejects(speak('Closed is closed.', {}, broken.service), { code: 'E_CLOSED' });
});

t.test("speaks a line whose process died twice with eSpeak, at a woman's pitch", async (t) => {
  const dying = open(t.testdir());
  t.teardown(() => dying.service.close());
  const killer = setInterval(() => {
    for (const pid of dying.flite.pool.pids()) process.kill(pid, 'SIGKILL');
  }, 5);
  const line = await speak('This line has to be heard all the same.', {}, dying.service);
  clearInterval(killer);
  t.equal(line.words.length, 9);
  t.ok(pitchHz(line) > 160, `${pitchHz(line)} Hz`);
});

t.test('ends an idle process and starts another with the next line', async (t) => {
  const idle = new FliteProvider({ ...options, cacheDir: t.testdir(), idleTimeoutMs: 50 });
  const provider = new EmbeddedProvider({ ...options, flite: idle });
  const other = new SpeechService({ log: silentLog, provider });
  t.teardown(() => other.close());
  await speak('Once.', {}, other);
  const [pid] = idle.pool.pids();
  for (let i = 0; i < 200 && existsSync(`/proc/${pid}`); i += 1) await sleep(20);
  t.notOk(existsSync(`/proc/${pid}`));
  t.ok((await speak('Twice.', {}, other)).pcm.length > 0);
  t.equal(idle.pool.restarts, 0, 'an end that was wanted is no restart');
});
