import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { MandarinVoice } from '../../../src/speech/mandarin/mandarin-voice.js';
import { pitchTrack } from '../../../src/speech/mandarin/pitch-marks.js';
import { shiftSyllable } from '../../../src/speech/mandarin/shift-syllable.js';

const RATE_HZ = 24_000;
const root = mkdtempSync(join(tmpdir(), 'showroom-syllables-test-'));
t.teardown(() => rmSync(root, { recursive: true, force: true }));
const never = new AbortController().signal;

/** Pulses through two resonances, as a vowel: the pitch rises by a tenth. */
function vowel(hz: number, seconds = 0.25): Float32Array {
  const pcm = new Float32Array(Math.round(seconds * RATE_HZ));
  let phase = 0;
  const state = [0, 0, 0, 0];
  for (let i = 0; i < pcm.length; i += 1) {
    phase += (hz * (1 + (0.1 * i) / pcm.length)) / RATE_HZ;
    const pulse = phase >= 1 ? 1 : 0;
    if (phase >= 1) phase -= 1;
    let sum = 0;
    for (const [r, f] of [800, 1300].entries()) {
      const w = (2 * Math.PI * f) / RATE_HZ;
      const y = pulse + 2 * 0.97 * Math.cos(w) * state[2 * r]! - 0.9409 * state[2 * r + 1]!;
      state[2 * r + 1] = state[2 * r]!;
      state[2 * r] = y;
      sum += y;
    }
    pcm[i] = sum * 0.05;
  }
  return pcm;
}

const medianHz = (pcm: Float32Array): number => {
  const voiced = [...pitchTrack(pcm, RATE_HZ).periods].filter((period) => period > 0).sort((a, b) => a - b);
  return RATE_HZ / voiced[voiced.length >> 1]!;
};

t.test('lowers the pitch and keeps the length, and the other way round', async (t) => {
  const high = vowel(380);
  t.ok(Math.abs(medianHz(high) - 399) < 12, `${medianHz(high)} Hz`);
  const low = shiftSyllable(high, RATE_HZ, () => 0.6, 1);
  t.equal(low.length, high.length);
  t.ok(Math.abs(medianHz(low) - 0.6 * medianHz(high)) < 12, `${medianHz(low)} Hz`);
  const long = shiftSyllable(high, RATE_HZ, () => 1, 1.5);
  t.equal(long.length, Math.round(1.5 * high.length));
  t.ok(Math.abs(medianHz(long) - medianHz(high)) < 12, `${medianHz(long)} Hz`);
  t.equal(shiftSyllable(new Float32Array(400), RATE_HZ, () => 0.6, 1).length, 400, 'silence stays silence');
});

function recording(name: string, hz: number): void {
  const pcm = vowel(hz);
  const wav = Buffer.alloc(44 + 2 * pcm.length);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + 2 * pcm.length, 4);
  wav.write('WAVEfmt ', 8);
  for (const [at, word] of [
    [16, 16],
    [24, RATE_HZ],
    [28, 2 * RATE_HZ],
    [40, 2 * pcm.length],
  ] as const)
    wav.writeUInt32LE(word, at);
  for (const [at, word] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    wav.writeUInt16LE(word, at);
  wav.write('data', 36);
  for (const [i, x] of pcm.entries()) wav.writeInt16LE(Math.round(x * 32_767), 44 + 2 * i);
  mkdirSync(join(root, name), { recursive: true });
  // The decoder looks at the bytes, not at the name.
  writeFileSync(join(root, name, '5.ogg'), wav);
}
for (const name of ['ㄋㄧ2', 'ㄏㄠ3', 'ㄒㄧㄣ']) recording(name, 380);

t.test('joins recorded syllables with exact times and a mouth for each', async (t) => {
  const voice = new MandarinVoice({ where: 'v', folder: root });
  const { pcm, rateHz, words, phonemes } = await voice.synthesise({ text: '你好，你好。', language: 'zh', rate: 1, pitch: 1 }, never);
  t.equal(rateHz, RATE_HZ);
  t.same(
    words.map(({ at }) => at),
    [0, 1, 3, 4],
  );
  t.ok(words[2]!.atMs - words[1]!.atMs > 400, 'a pause at the comma');
  t.ok(pcm.length / rateHz > words[3]!.atMs / 1000);
  t.same(
    phonemes.slice(0, 4).map(({ ipa }) => ipa),
    ['n', 'i', 'x', 'a'],
  );
  for (const [i, { startSample, endSample }] of phonemes.entries())
    t.ok(endSample > startSample && startSample >= (phonemes[i - 1]?.endSample ?? 0), `sound ${i} is in order`);
  const hz = medianHz(Float32Array.from(pcm, (x) => x / 32_768));
  t.ok(hz > 180 && hz < 290, `${hz} Hz: a grown woman`);
});

t.test('uses the nearest recording for a missing one, and refuses the rest', async (t) => {
  const voice = new MandarinVoice({ where: 'v', folder: root });
  const said = await voice.synthesise({ text: '行', language: 'zh', rate: 1, pitch: 1 }, never);
  t.ok(said.pcm.length > 3000, 'xing from xin');
  await t.rejects(voice.synthesise({ text: '八', language: 'zh', rate: 1, pitch: 1 }, never), {
    kind: 'text',
    message: /no recording of ㄅㄚ/,
  });
  await t.rejects(voice.synthesise({ text: 'Hello', language: 'zh', rate: 1, pitch: 1 }, never), { kind: 'text' });
  const without = new MandarinVoice({ where: 'v', folder: root, decoder: join(root, 'none') });
  await t.rejects(without.synthesise({ text: '好', language: 'zh', rate: 1, pitch: 1 }, never), { kind: 'setup' });
  t.throws(() => new MandarinVoice({ where: 'presenter.voice', folder: undefined }), { code: 'E_ASSET_MISSING' });
});
