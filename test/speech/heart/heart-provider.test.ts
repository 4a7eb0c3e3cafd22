import t from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { listCast } from '../../../src/avatar/cast/list-cast.js';
import { readPackVoices } from '../../../src/avatar/presenter-pack.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { ModelProcess } from '../../../src/models/index.js';
import { EmbeddedProvider } from '../../../src/speech/embedded-provider.js';
import { HeartProvider } from '../../../src/speech/heart/heart-provider.js';
import { SPEAKERS, speakerVoice } from '../../../src/speech/heart/speakers.js';
import { SpeechService } from '../../../src/speech/speech-service.js';
import { pitchHz } from '../pitch-hz.js';

const options = { log: silentLog, processes: 1, timeoutMs: 60_000 };
const never = new AbortController().signal;
const models = new ModelProcess();
const serviceOf = (cacheDir: string): SpeechService =>
  new SpeechService({
    log: silentLog,
    provider: new EmbeddedProvider({ ...options, heart: new HeartProvider({ cacheDir, models }) }),
  });
const speech = serviceOf(t.testdir());
t.teardown(() => speech.close());
const speak = (text: string, more: object = {}) => speech.speak({ id: 'a', text, language: 'en', ...more }, never);
const TEXT = 'This lamp has three levels of brightness. It runs for twelve hours, and it costs $29.99.';

t.test('speaks English where no voice is named, the same samples each time, with and without its cache', async (t) => {
  const first = await speak(TEXT);
  t.equal(first.voice, 'heart');
  t.ok(
    first.words.every(({ exact }) => exact !== false),
    'a time of its own for every word',
  );
  t.ok(Buffer.from(first.pcm.buffer).equals(Buffer.from((await speak(TEXT)).pcm.buffer)));
  const other = serviceOf(t.testdir());
  const fresh = await other.speak({ id: 'b', text: TEXT, language: 'en' }, never);
  t.ok(Buffer.from(first.pcm.buffer).equals(Buffer.from(fresh.pcm.buffer)));
});

t.test('says a line that comes again a little differently, and each take the same', async (t) => {
  const [first, second, again] = [await speak(TEXT), await speak(TEXT, { seed: 1 }), await speak(TEXT, { seed: 1 })];
  t.notOk(Buffer.from(first.pcm.buffer).equals(Buffer.from(second.pcm.buffer)));
  t.ok(Buffer.from(second.pcm.buffer).equals(Buffer.from(again.pcm.buffer)));
  const ratio = second.pcm.length / first.pcm.length;
  t.ok(ratio > 0.92 && ratio < 1.08, `${ratio}`);
});

t.test('words begin and end where their sound does', async (t) => {
  // Between these words the voice is silent.
  const said = await speak('Stop. Paper. Back. Top. Keep. Cup.');
  const loud = said.pcm.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 30;
  const rate = 48_000;
  for (const [i, word] of said.words.entries()) {
    const until = said.words[i + 1]?.startSample ?? said.pcm.length;
    const from = i === 0 ? 0 : said.words[i - 1]!.endSample;
    let first = from;
    while (first < until && Math.abs(said.pcm[first]!) < loud) first += 1;
    let last = until - 1;
    while (last > first && Math.abs(said.pcm[last]!) < loud) last -= 1;
    const early = (1000 * (word.startSample - first)) / rate;
    t.ok(early <= 25, `${word.text} is heard ${early.toFixed(0)} ms before its time`);
    const late = (1000 * (last - word.endSample)) / rate;
    t.ok(late <= 60, `${word.text} is heard ${late.toFixed(0)} ms after its end`);
  }
});

t.test('rate and pitch of a room keep their meaning', async (t) => {
  const [usual, fast] = [await speak(TEXT), await speak(TEXT, { rate: 1.25 })];
  const ratio = usual.pcm.length / fast.pcm.length;
  t.ok(ratio > 1.1 && ratio < 1.35, `${ratio}`);
  const high = await speak(TEXT, { pitch: 1.15 });
  const rise = pitchHz(high) / pitchHz(usual);
  t.ok(rise > 1.08 && rise < 1.22, `${rise}`);
});

t.test('men speak lower than women', async (t) => {
  const hz = async (voice: string): Promise<number> => pitchHz(await speak('We ship it within two days.', { voice }));
  t.ok((await hz('heart-hugo')) < 135);
  t.ok((await hz('heart-ivy')) > 180);
});

t.test('another script is spoken by eSpeak', async (t) => {
  t.not((await speak('Привет, мир')).voice, 'heart-none');
  t.ok((await speak('Привет, мир')).pcm.length > 0);
});

t.test('the presenters of the library have speakers that exist, none more than ten', async (t) => {
  const names = new Set(SPEAKERS.map((one) => speakerVoice(one).name));
  const served = new Map<string, number>();
  for (const { name, dir } of await listCast(templatePath('presenters'))) {
    const { en } = await readPackVoices(dir);
    t.ok(names.has(en!.name), `${name}: ${en!.name}`);
    served.set(en!.name, (served.get(en!.name) ?? 0) + 1);
  }
  t.ok(Math.max(...served.values()) <= 10, JSON.stringify([...served]));
  for (const gender of ['female', 'male']) t.ok(SPEAKERS.filter((one) => one.gender === gender).length >= 8);
});
