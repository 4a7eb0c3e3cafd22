import t from 'tap';
import { mouthTrack } from '../../src/avatar/mouth-track.js';
import { articulationsOf, FULL_OPENNESS } from '../../src/avatar/phoneme-visemes.js';
import { VISEMES, type MouthTrack, type PhonemeTiming } from '../../src/core/speech.js';
import { seededRandom } from '../../src/core/random.js';
import type { FrameRate } from '../../src/core/time.js';

const fps30: FrameRate = { num: 30, den: 1 };
const rates: readonly FrameRate[] = [
  { num: 25, den: 1 },
  fps30,
  { num: 30000, den: 1001 },
  { num: 60, den: 1 },
  { num: 15, den: 1 },
];

/** `m:60 aɪ:110 _:300`: sounds with lengths in ms. */
function line(text: string): { phonemes: PhonemeTiming[]; samples: number } {
  const phonemes: PhonemeTiming[] = [];
  let at = 0;
  for (const item of text.split(' ')) {
    const [ipa, length] = item.split(':') as [string, string];
    const samples = Number(length) * 48;
    if (ipa !== '_') phonemes.push({ ipa, startSample: at, endSample: at + samples });
    at += samples;
  }
  return { phonemes, samples: at };
}
const names = (track: MouthTrack): string[] => Array.from(track.viseme, (v) => VISEMES[v]!);
const closed = (track: MouthTrack, f: number): boolean => track.viseme[f] === 1 && track.openness[f] === 0;

const ENGLISH =
  'h:54 ə:52 l:76 oʊ:107 ɛ:97 v:49 b:34 ɑː:102 d:61 i:106 m:73 aɪ:77 n:84 eɪ:110 m:28 ɪ:44 z:78 m:12 eɪ:157 p:9 s:40 b:20 uː:139';
const MANDARIN = 'm:60 ei:180 b:30 a:120 p:40 u:90 ʂ:70 ɨ:90 m:25 ən:110';

t.test('closes the lips on a frame of every m, b and p at any frame rate and offset', async (t) => {
  for (const text of [ENGLISH, MANDARIN]) {
    const { phonemes, samples } = line(text);
    for (const rate of rates) {
      for (const offset of [0, 701]) {
        const track = mouthTrack(phonemes, samples, rate, offset);
        const frameSamples = (48_000 * rate.den) / rate.num;
        for (const p of phonemes.filter((x) => /^[mbp]$/.test(x.ipa))) {
          const first = Math.floor((p.startSample + offset) / frameSamples);
          const last = Math.min(track.viseme.length - 1, Math.floor((p.endSample - 1 + offset) / frameSamples));
          let seen = false;
          for (let f = first; f <= last; f += 1) seen ||= closed(track, f);
          t.ok(seen, `${p.ipa} at ${p.startSample} of ${rate.num}/${rate.den}+${offset}`);
        }
      }
    }
  }
});

t.test('keeps every closure in random sequences of sounds', async (t) => {
  const random = seededRandom(7);
  const sounds = ['m', 'b', 'p', 'a', 'uː', 's', 'k', 'f', 'ɔ', 't', 'aɪ', 'w', 'n', '_'];
  for (let round = 0; round < 60; round += 1) {
    const text = Array.from(
      { length: 40 },
      () => `${sounds[Math.floor(random() * sounds.length)]}:${10 + Math.floor(random() * 140)}`,
    ).join(' ');
    const { phonemes, samples } = line(text);
    const track = mouthTrack(phonemes, samples, fps30);
    for (const p of phonemes) {
      if (!/^[mbp]$/.test(p.ipa)) continue;
      const f = Math.floor((p.startSample + p.endSample) / 2 / 1600);
      if (!closed(track, Math.min(f, track.viseme.length - 1))) t.fail(`open at ${p.ipa} in "${text}"`);
    }
  }
  t.pass('none was missed');
});

t.test('rests the mouth in silence', async (t) => {
  const { phonemes, samples } = line('_:400 h:60 aɪ:200 _:700 n:60 aʊ:200 _:500');
  const track = mouthTrack(phonemes, samples, fps30);
  t.equal(track.viseme.length, Math.ceil(samples / 1600));
  for (const [from, to] of [
    [0, 9],
    [25, 37],
    [52, track.viseme.length],
  ] as const)
    for (let f = from; f < to; f += 1) t.same([names(track)[f], track.openness[f]], ['sil', 0], `frame ${f}`);
  t.ok(Math.max(...track.openness.subarray(12, 20)) > 150, 'and opens for the vowel');
  const empty = mouthTrack([], 4800, fps30);
  t.same([...empty.viseme, ...empty.openness], [0, 0, 0, 0, 0, 0]);
  t.equal(mouthTrack([], 0, fps30).viseme.length, 0);
});

t.test('shuts the mouth on exactly the frames a mute touches', async (t) => {
  const { phonemes, samples } = line('a:600 a:600');
  const open = mouthTrack(phonemes, samples, fps30);
  const muted = mouthTrack(phonemes, samples, fps30, 0, [{ startSample: 8000, endSample: 16_001, rule: '3.2' }]);
  for (let f = 0; f < open.viseme.length; f += 1) {
    if (f >= 5 && f <= 10) t.same([muted.viseme[f], muted.openness[f]], [0, 0], `frame ${f} shut`);
    else t.same([muted.viseme[f], muted.openness[f]], [open.viseme[f], open.openness[f]], `frame ${f} as before`);
  }
});

t.test('spreads rounding to neighbouring consonants', async (t) => {
  const spoon = mouthTrack(...args('s:110 k:70 uː:160'), fps30);
  t.equal(names(spoon)[1], 'U', 's before u is said with rounded lips');
  const seen = mouthTrack(...args('s:110 k:70 iː:160'), fps30);
  t.equal(names(seen)[1], 'SS', 's before i is not');
});

t.test('moves the lips before a sound is heard', async (t) => {
  const { phonemes, samples } = line('_:100 f:90 aː:300');
  const track = mouthTrack(phonemes, samples, fps30);
  t.equal(names(track)[2], 'FF', 'the frame before the onset already shows it');
});

t.test('limits the speed of the mouth', async (t) => {
  const { phonemes, samples } = line(`${ENGLISH} _:300 a:200 _:300 a:200`);
  const track = mouthTrack(phonemes, samples, fps30);
  for (let f = 1; f < track.openness.length; f += 1) {
    const step = track.openness[f]! - track.openness[f - 1]!;
    t.ok(step <= 131 && step >= -168, `frame ${f}: ${step}`);
  }
});

t.test('knows the sounds of many languages and ignores diacritics', async (t) => {
  const known = 'ʈʂʰ tɕ ɨ ɤ y ø ɯ ʁ χ ʕ ħ q ɲ ŋ ɭ ʋ ɥ pʰ b̥ d͡ʒ t͡s ã ɔ̃ ɚ ɜː ɾ r ɬ ɓ ʔ';
  for (const ipa of known.split(' ')) t.not(articulationsOf(ipa)[0]!.viseme, 0, ipa);
  t.same(articulationsOf('ˈm'), articulationsOf('m'));
  t.ok(articulationsOf('pʰ')[0]!.closed);
  t.equal(articulationsOf('aɪ').length, 2, 'a diphthong has two looks');
  t.equal(articulationsOf('').at(0)!.viseme, 0);
  for (const ipa of 'aeiouəfszkntdlrwjbmpθʃɔɛɪʊæ') {
    const [look] = articulationsOf(ipa);
    const full = FULL_OPENNESS[look!.viseme]!;
    t.ok(look!.open * 255 <= full * 1.45, `${ipa} is within its viseme's openness`);
  }
});

function args(text: string): [PhonemeTiming[], number] {
  const { phonemes, samples } = line(text);
  return [phonemes, samples];
}
