import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { FestivalVoice } from '../../../src/speech/festival/festival-voice.js';
import { findFestival } from '../../../src/speech/festival/find-festival.js';
import { festivalScript, readFestivalTimes } from '../../../src/speech/festival/festival-script.js';
import { isRussian, plainRussian, russianIpa } from '../../../src/speech/festival/russian-sounds.js';
import { CharacterCount } from '../../../src/speech/chain/character-count.js';
import { VoiceLink, type LinkClip } from '../../../src/speech/chain/voice-link.js';
import { ClipCache } from '../../../src/speech/clip-cache.js';

const root = mkdtempSync(join(tmpdir(), 'showroom-festival-test-'));
t.teardown(() => rmSync(root, { recursive: true, force: true }));
const never = new AbortController().signal;
const LINE = 'Добрый день, у нас 25 ламп.';
const request = { text: LINE, language: 'ru', rate: 1, pitch: 1 };

/**
 * A program with Festival's protocol: it reads Scheme from its input, writes the WAV that utt.save.wave names and prints what
 * format prints, as Festival 2.5 with msu_ru_nsh_clunits did for this line.
 */
const SAID = `sound pau 0.2
sound d 0.26
sound oo 0.36
sound b 0.42
sound r 0.48
sound y 0.54
sound j 0.6
sound dd 0.68
sound ee 0.8
sound nn 0.9
sound pau 1.1
sound u 1.2
word 0 0.2 Добрый
word 0 0.6 день
word 0 1.1 у
word 0 1.2 нас
word 0 1.4 25
word двадцать 1.7 25
word 0 1.9 ламп
showroom-done
`;
let made = 0;
function program(body: string): string {
  const file = join(root, `festival-${(made += 1)}`);
  writeFileSync(file, `#!${process.execPath}\n${body}`);
  chmodSync(file, 0o755);
  return file;
}
const SPEAKS = `
const { readFileSync, writeFileSync } = require('node:fs');
const script = readFileSync(0, 'utf8');
writeFileSync(${JSON.stringify(join(root, 'script.scm'))}, script);
const file = /utt\\.save\\.wave said "([^"]+)"/.exec(script)[1];
const rateHz = 16000, samples = 2.1 * rateHz;
const wav = Buffer.alloc(44 + 2 * samples);
wav.write('RIFF', 0); wav.writeUInt32LE(36 + 2 * samples, 4); wav.write('WAVEfmt ', 8); wav.writeUInt32LE(16, 16);
wav.writeUInt16LE(1, 20); wav.writeUInt16LE(1, 22); wav.writeUInt32LE(rateHz, 24); wav.writeUInt32LE(2 * rateHz, 28);
wav.writeUInt16LE(2, 32); wav.writeUInt16LE(16, 34); wav.write('data', 36); wav.writeUInt32LE(2 * samples, 40);
for (let i = 0; i < samples; i += 1) wav.writeInt16LE(Math.round(9000 * Math.sin(i / 12)), 44 + 2 * i);
writeFileSync(file, wav);
process.stdout.write(${JSON.stringify(SAID)});
`;
const voiceOf = (body: string, timeoutMs = 20_000): FestivalVoice =>
  new FestivalVoice({ timeoutMs, where: 'v', found: { program: program(body), voice: root } });

t.test('speaks with the times of Festival, one mark for a number of several words', async (t) => {
  const { pcm, rateHz, words, phonemes } = await voiceOf(SPEAKS).synthesise(request, never);
  t.equal(rateHz, 16_000);
  t.equal(pcm.length, 33_600);
  t.same(
    words.map(({ text, atMs }) => [text, Math.round(atMs)]),
    [
      ['Добрый', 200],
      ['день', 600],
      ['у', 1100],
      ['нас', 1200],
      ['25', 1400],
      ['ламп', 1900],
    ],
  );
  t.same(phonemes[1], { ipa: 'o', startSample: 4160, endSample: 5760 }, 'a stressed vowel');
  t.notOk(phonemes.some(({ ipa }) => ipa === ''));
  t.match(readFileSync(join(root, 'script.scm'), 'utf8'), /voice_msu_ru_nsh_clunits/);
  const faster = await voiceOf(SPEAKS).synthesise({ ...request, rate: 1.44 }, never);
  t.equal(faster.rateHz, 19_200, 'speed and pitch are played by their mean');
  t.equal(Math.round(faster.words[1]!.atMs), 500);
});

t.test('a text is never a program', async (t) => {
  const script = festivalScript('а" (system "rm") \\ \n(quit)', '/tmp/x.wav');
  t.match(script, String.raw`(Utterance Text "а\" (system \"rm\") \\  (quit)")`);
});

t.test('refuses text that it cannot read, without a rest', async (t) => {
  for (const text of ['Лампа Lumen', 'Цена 25 $', 'Hello', '12 %']) {
    t.notOk(isRussian(text), text);
    await t.rejects(voiceOf(SPEAKS).synthesise({ ...request, text }, never), { kind: 'text', message: /cannot read/ });
  }
  t.ok(isRussian('Здравствуйте! Ёлка — 25 штук.'));
  t.equal(plainRussian('«Ёлка» — да…').length, '«Ёлка» — да…'.length, 'places stay');
  t.equal(russianIpa('sch'), 'ʃ');
  t.equal(russianIpa('kk'), 'k');
});

t.test('reports a program that fails, breaks off, hangs or is missing', async (t) => {
  await t.rejects(voiceOf('process.stderr.write("no voice"); process.exit(3)').synthesise(request, never), {
    kind: 'passing',
    message: /code 3 no voice/,
  });
  await t.rejects(voiceOf('process.stdin.resume(); console.log("sound pau 0.2")').synthesise(request, never), {
    message: /ended before the text/,
  });
  await t.rejects(voiceOf('process.stdin.resume(); console.log("showroom-done")').synthesise(request, never), {
    message: /wrote no sound/,
  });
  await t.rejects(voiceOf('setInterval(() => {}, 1000)', 300).synthesise(request, never), { message: /within 0.3 s/ });
  const missing = new FestivalVoice({
    timeoutMs: 1000,
    where: 'v',
    found: { program: join(root, 'none'), voice: root },
  });
  await t.rejects(missing.synthesise(request, never), { kind: 'setup', message: /ENOENT/ });
  const stop = new AbortController();
  const hanging = voiceOf('setInterval(() => {}, 1000)').synthesise(request, stop.signal);
  stop.abort(new Error('enough'));
  await t.rejects(hanging, { message: 'enough' });
  t.equal(readFestivalTimes('sound pau 0.1\n'), undefined);
});

t.test('is found by PATH and its voice folder, and refused by name where it is missing', async (t) => {
  const bin = join(root, 'bin');
  const voices = join(root, 'voices');
  mkdirSync(bin);
  mkdirSync(join(voices, 'russian', 'msu_ru_nsh_clunits'), { recursive: true });
  writeFileSync(join(bin, 'festival'), '#!/bin/sh\n', { mode: 0o755 });
  t.match(findFestival({ PATH: `/nowhere:${bin}` }, [voices]), { program: join(bin, 'festival') });
  t.equal(findFestival({ PATH: bin }, [join(root, 'none')]), undefined, 'no voice');
  t.equal(findFestival({ PATH: '/nowhere' }, [voices]), undefined, 'no program');
  t.equal(findFestival({ PATH: bin, ENGINE_FESTIVAL: 'off' }, [voices]), undefined);
  t.throws(() => new FestivalVoice({ timeoutMs: 1000, where: 'presenter.voice', found: undefined }), {
    code: 'E_ASSET_MISSING',
    where: 'presenter.voice.provider',
  });
});

t.test('rests after a failure, and speaks from its cache after a success', async (t) => {
  const own = mkdtempSync(join(root, 'link-'));
  const count = join(own, 'runs');
  const source = voiceOf(`
    const { appendFileSync, existsSync } = require('node:fs');
    appendFileSync(${JSON.stringify(count)}, '.');
    if (!existsSync(${JSON.stringify(join(own, 'well'))})) process.exit(2);
    (() => {${SPEAKS}})();`);
  let nowMs = Date.UTC(2026, 0, 1);
  const link = new VoiceLink({
    ...{ provider: 'festival', name: 'festival', source, secrets: [], paid: false, languages: ['ru'] },
    ...{ timeoutMs: 20_000, maxCharactersPerDay: undefined, steadyMs: () => nowMs },
    clips: new ClipCache<LinkClip>(join(own, 'clips'), 1 << 20),
    count: new CharacterCount(undefined, () => nowMs),
    reference: async () => undefined,
  });
  const voice = { name: 'festival', title: '', languages: ['ru'], provider: 'festival' };
  const speak = () => link.speak({ text: LINE, language: 'ru', voice, rate: 1, pitch: 1 }, never);
  t.notOk(link.speaks('uk'), 'Ukrainian goes to the next voice');
  await t.rejects(speak(), { message: /code 2/ });
  t.match(link.snapshot(), { state: 'resting', failing: true, lastError: /code 2/ });
  await t.rejects(speak(), { message: /rests for another/ });
  t.equal(readFileSync(count, 'utf8'), '.', 'no process while it rests');
  writeFileSync(join(own, 'well'), '');
  nowMs += 2001;
  const [chunk] = await speak();
  t.match(chunk, { aligned: false, shape: 'natural', sampleRateHz: 16_000 });
  t.same(
    chunk!.words.map(({ char }) => char),
    [0, 7, 13, 15, 19, 22],
    'places in the line as written',
  );
  t.match(link.snapshot(), { state: 'ready', failing: false, spoken: 1 });
  await speak();
  t.equal(readFileSync(count, 'utf8'), '..', 'the second time from the disk');
});
