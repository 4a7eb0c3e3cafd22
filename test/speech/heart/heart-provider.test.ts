import t from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { listCast } from '../../../src/avatar/list-cast.js';
import { readPackVoices } from '../../../src/avatar/presenter-pack.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { ModelProcess } from '../../../src/models/index.js';
import { EmbeddedProvider } from '../../../src/speech/embedded-provider.js';
import { HeartProvider } from '../../../src/speech/heart/heart-provider.js';
import { SPEAKERS, speakerVoice } from '../../../src/speech/heart/speakers.js';
import { muteSpans } from '../../../src/speech/mute-spans.js';
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
  t.notOk(await other.keep({ id: 'b', text: TEXT, language: 'en' }, never), 'the spoken line is in the cache');
});

t.test('says a line that comes again a little differently, and each take the same', async (t) => {
  const [first, second, again] = [await speak(TEXT), await speak(TEXT, { seed: 1 }), await speak(TEXT, { seed: 1 })];
  t.notOk(Buffer.from(first.pcm.buffer).equals(Buffer.from(second.pcm.buffer)));
  t.ok(Buffer.from(second.pcm.buffer).equals(Buffer.from(again.pcm.buffer)));
  const ratio = second.pcm.length / first.pcm.length;
  t.ok(ratio > 0.92 && ratio < 1.08, `${ratio}`);
});

t.test('a mute of a word silences all of its sound and none of its neighbours', async (t) => {
  // Between these words the voice is silent.
  const said = await speak('Stop. Paper. Back. Top. Keep. Cup.');
  const loud = said.pcm.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 30;
  for (const word of said.words) {
    const [span] = muteSpans(said, [{ start: word.startChar, end: word.endChar, rule: '3.2' }]);
    // Sound around the word's middle, as far as it goes without 70 ms of silence, which a closure of lips does not last.
    let from = Math.round((word.startSample + word.endSample) / 2);
    let to = from;
    for (let i = from; i >= 0 && from - i < 3360; i -= 1) if (Math.abs(said.pcm[i]!) >= loud) from = i;
    for (let i = to; i < said.pcm.length && i - to < 3360; i += 1) if (Math.abs(said.pcm[i]!) >= loud) to = i;
    const before = (span!.startSample - from) / 48;
    const after = (to - span!.endSample) / 48;
    t.ok(before <= 25, `${word.text} is heard ${before.toFixed(0)} ms before its mute`);
    t.ok(after <= 25, `${word.text} is heard ${after.toFixed(0)} ms after its mute`);
  }
  for (const [i, { endSample }] of said.words.entries()) {
    const next = said.words[i + 1];
    if (next === undefined) continue;
    const [span] = muteSpans(said, [{ start: next.startChar, end: next.endChar, rule: '3.2' }]);
    let last = endSample + 1200;
    while (last > endSample - 9600 && Math.abs(said.pcm[last]!) < loud) last -= 1;
    const lost = (last - span!.startSample) / 48;
    t.ok(lost <= 25, `${lost.toFixed(0)} ms of the word before ${next.text} are lost`);
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
  const hz = async (voice: string): Promise<number> => pitchHz(await speak(TEXT, { voice }));
  const [man, woman] = [await hz('heart-hugo'), await hz('heart-ivy')];
  t.ok(man < 0.65 * woman, `${man} and ${woman} Hz`);
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
