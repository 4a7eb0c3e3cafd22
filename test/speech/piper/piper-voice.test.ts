import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { EspeakProvider } from '../../../src/speech/espeak/espeak-provider.js';
import { exposeDurations } from '../../../src/speech/piper/expose-durations.js';
import { espeakSymbols, piperIds, readPiperModel } from '../../../src/speech/piper/piper-model.js';
import { PiperVoice } from '../../../src/speech/piper/piper-voice.js';
import { framesOf, HOP, ID_MAP, tinyModel, writeModel } from './tiny-model.js';

const espeak = new EspeakProvider({ log: silentLog, processes: 1, timeoutMs: 60_000 });
t.teardown(() => espeak.close());
const never = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'showroom-piper-'));
t.teardown(() => rmSync(root, { recursive: true, force: true }));
const folder = (): string => mkdtempSync(join(root, 'm-'));

function open(t: Test, model: string, speaker?: string): PiperVoice {
  const voice = new PiperVoice({ model, speaker, espeak, timeoutMs: 60_000, log: silentLog, where: 'presenter.voice' });
  t.teardown(() => voice.close());
  return voice;
}

t.test('gives the exact time of each word and sound that the model computed', async (t) => {
  const voice = open(t, writeModel(folder()));
  const text = 'The knife costs more, buy it.';
  const request = { text, language: 'en', rate: 1, pitch: 1 };
  const clip = await voice.synthesise(request, never);
  t.equal(clip.rateHz, 22_050);
  t.same(
    clip.words.map(({ at }) => text.slice(at).match(/\w+/)![0]),
    ['The', 'knife', 'costs', 'more', 'buy', 'it'],
  );
  // The truth, from the ids and the model's rule.
  const { events } = await espeak.pool.run({ text, voice: 'en-us', rate: 175, pitch: 50 }, never);
  const symbols = espeakSymbols(
    text,
    events,
    Int32Array.from({ length: text.length }, (_, i) => i),
  );
  const { ids, symbolOf } = piperIds(symbols, readPiperModel(writeModel(folder()), ''));
  const starts: number[] = [];
  let frame = 0;
  for (const [i, id] of ids.entries()) {
    const symbol = symbols[symbolOf[i]!];
    if (symbol?.first === true && symbolOf[i] !== symbolOf[i - 1]) starts.push((1000 * frame * HOP) / 22_050);
    frame += framesOf(id, 1);
  }
  t.equal(clip.pcm.length, frame * HOP);
  t.equal(starts.length, 6);
  for (const [i, { atMs }] of clip.words.entries()) t.ok(Math.abs(atMs - starts[i]!) < 0.1, `word ${i}: ${atMs} ms`);
  t.match(
    clip.phonemes.map(({ ipa }) => ipa),
    ['ð', 'ə', 'n', 'aɪ', 'f', 'k', 'ɔ', 's', 't', 's'],
  );
  const slow = await voice.synthesise({ ...request, rate: 0.5 }, never);
  t.ok(slow.pcm.length > clip.pcm.length * 1.7, 'half the speed');
  const high = await voice.synthesise({ ...request, pitch: 1.5 }, never);
  t.equal(high.rateHz, 33_100);
  const seconds = clip.pcm.length / clip.rateHz;
  t.ok(Math.abs(high.pcm.length / high.rateHz - seconds) < seconds * 0.15, 'a higher pitch in the same time');
});

t.test('speaks long texts in pieces, with times that go on', async (t) => {
  const voice = open(t, writeModel(folder()));
  const text = 'This is the first sentence of a few. '.repeat(6);
  const clip = await voice.synthesise({ text, language: 'en', rate: 1, pitch: 1 }, never);
  t.equal(clip.words.length, 42, 'eight words a sentence, of which eSpeak joins "of a"');
  for (const [i, word] of clip.words.entries()) {
    const before = clip.words[i - 1];
    if (before !== undefined) t.ok(word.at! > before.at! && word.atMs > before.atMs);
  }
  t.ok(clip.phonemes.at(-1)!.endSample <= clip.pcm.length);
});

t.test('gives no times where the model has no single rounding', async (t) => {
  const model = writeModel(folder(), { model: tinyModel({ ceilings: 2 }) });
  const clip = await open(t, model).synthesise({ text: 'Hello there.', language: 'en', rate: 1, pitch: 1 }, never);
  t.ok(clip.pcm.length > 0);
  t.same([clip.words, clip.phonemes], [[], []]);
});

t.test('leaves the model as it is but for one output', (t) => {
  const model = tinyModel();
  const exposed = exposeDurations(model);
  t.equal(exposed.durations, 'w_ceil');
  t.equal(Buffer.compare(exposed.model.subarray(0, model.length), model), 0);
  t.same(exposeDurations(tinyModel({ ceilings: 2 })).durations, undefined);
  t.end();
});

t.test('reports a damaged model as a fault, and outlives it', async (t) => {
  const model = writeModel(folder(), { model: tinyModel().subarray(0, 200) });
  const broken = open(t, model);
  await t.rejects(broken.synthesise({ text: 'Hello.', language: 'en', rate: 1, pitch: 1 }, never), {
    kind: 'passing',
    message: /./,
  });
  const good = open(t, writeModel(folder()));
  t.ok((await good.synthesise({ text: 'Hello.', language: 'en', rate: 1, pitch: 1 }, never)).pcm.length > 0);
});

t.test('says which file or setting of a model is wrong', (t) => {
  const at = (path: string, speaker?: string): PiperVoice => open(t, path, speaker);
  t.throws(() => at(join(folder(), 'none.onnx')), { code: 'E_ASSET_MISSING', where: 'presenter.voice.model' });
  const damaged = writeModel(folder());
  writeFileSync(`${damaged}.json`, '{');
  t.throws(() => at(damaged), { code: 'E_ASSET_INVALID', found: /not JSON/ });
  t.throws(() => at(writeModel(folder(), { settings: { phoneme_id_map: 3 } })), {
    code: 'E_ASSET_INVALID',
    found: /phoneme_id_map/,
  });
  t.throws(() => at(writeModel(folder(), { settings: { phoneme_type: 'pinyin' } })), {
    code: 'E_ASSET_INVALID',
    found: /"pinyin"/,
  });
  const many = writeModel(folder(), { settings: { num_speakers: 2, speaker_id_map: { ann: 0, bob: 1 } } });
  t.throws(() => at(many, 'eve'), { code: 'E_VOICE_UNKNOWN', expected: /ann, bob/ });
  t.match(at(many, 'bob').identity, /\|1$/);
  t.end();
});

t.test('writes ids as the models were trained: begin, a pad after each sign, end', (t) => {
  const symbols = [
    { text: 'ˈaɪ', ipa: 'aɪ', char: 0, first: true },
    { text: '%', ipa: '', char: 0, first: false },
    { text: '.', ipa: '', char: 0, first: false },
  ];
  const { ids } = piperIds(symbols, readPiperModel(writeModel(folder()), ''));
  const of = (sign: string): number => ID_MAP[sign]![0]!;
  t.same(ids, [of('^'), of('_'), of('ˈ'), of('_'), of('a'), of('_'), of('ɪ'), of('_'), of('.'), of('_'), of('$')]);
  t.end();
});
