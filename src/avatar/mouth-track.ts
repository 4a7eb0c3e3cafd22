import { type MouthTrack, type MuteSpan, type PhonemeTiming, type Viseme, VISEMES } from '../core/speech.js';
import { type FrameRate, SAMPLE_RATE_HZ } from '../core/time.js';

/** The visual form of a speech sound. */
interface Articulation {
  /** Index into VISEMES. */
  readonly viseme: number;
  /** Jaw opening at full articulation, 0–1. */
  readonly open: number;
  /** Lips pushed forward: neighbours take this on early and keep it. */
  readonly rounded: boolean;
  /** The lips meet: nothing else may be visible at that moment. */
  readonly closed: boolean;
  readonly vowel: boolean;
}

const sound = (viseme: Viseme, open: number, kind: '' | 'v' | 'r' | 'vr' | 'c' = ''): Articulation => ({
  viseme: VISEMES.indexOf(viseme),
  open,
  rounded: kind.includes('r'),
  closed: kind === 'c',
  vowel: kind.includes('v'),
});

/**
 * Openness (0–255) at which each viseme is fully articulated, in the order of VISEMES: that of its widest sound below.
 * A consonant is complete with a jaw that would leave a vowel half articulated.
 */
export const FULL_OPENNESS = Uint8Array.of(255, 255, 51, 102, 97, 107, 107, 77, 102, 102, 235, 158, 128, 199, 122);

const REST = sound('sil', 0);

/**
 * First letter of an IPA symbol → visual form. Groups and their visemes are those of the Oculus viseme reference;
 * sounds of other languages belong to the most similar group (IPA chart, 2020).
 */
const BY_LETTER = new Map<string, Articulation>();
const put = (letters: string, articulation: Articulation): void => {
  for (const letter of letters) BY_LETTER.set(letter, articulation);
};
put('pbmɓʘ', sound('PP', 0, 'c'));
put('ɸβ', sound('FF', 0.18));
put('fvɱⱱ', sound('FF', 0.2));
put('ʋ', sound('FF', 0.22));
put('θð', sound('TH', 0.4));
put('tdʈɖɗʄǀǂǃ', sound('DD', 0.38));
put('nɳɲlɭɬɮʎɫɺǁ', sound('nn', 0.4));
put('szɕʑ', sound('SS', 0.3));
put('ʃʒʂʐɧ', sound('CH', 0.42, 'r'));
put('çcɟʝ', sound('SS', 0.34));
put('kɡgqɢɠʛŋɴxɣχʁ', sound('kk', 0.42));
put('hɦħʕʔʜʢʡ', sound('kk', 0.4));
put('rɾɹɻʀɽɐ̯', sound('RR', 0.4));
put('j', sound('I', 0.34));
put('ɥw', sound('U', 0.3, 'r'));
put('ɰ', sound('I', 0.32));
put('iɪ', sound('I', 0.5, 'v'));
put('ɨɯ', sound('I', 0.44, 'v'));
put('yʏʉ', sound('U', 0.42, 'vr'));
put('uʊ', sound('U', 0.48, 'vr'));
put('oɔɵ', sound('O', 0.78, 'vr'));
put('øœɶ', sound('O', 0.62, 'vr'));
put('ɒ', sound('O', 0.9, 'vr'));
put('eɛ', sound('E', 0.62, 'v'));
put('æ', sound('E', 0.88, 'v'));
put('əɘɜɚɝɤ', sound('E', 0.46, 'v'));
put('ʌɐɑaɞ', sound('aa', 0.92, 'v'));
/** Affricates look like their release. */
const BY_PAIR = new Map<string, Articulation>([
  ['tʃ', sound('CH', 0.42, 'r')],
  ['dʒ', sound('CH', 0.42, 'r')],
  ['tʂ', sound('CH', 0.42, 'r')],
  ['dʐ', sound('CH', 0.42, 'r')],
  ['ʈʂ', sound('CH', 0.42, 'r')],
  ['ɖʐ', sound('CH', 0.42, 'r')],
  ['tɕ', sound('CH', 0.36)],
  ['dʑ', sound('CH', 0.36)],
  ['ts', sound('SS', 0.32)],
  ['dz', sound('SS', 0.32)],
  ['pf', sound('PP', 0, 'c')],
  ['kw', sound('U', 0.32, 'r')],
]);
/** Stress, length, tone, tie bars and diacritics do not affect the lips. */
const SILENT = /[\p{M}ˈˌːˑ˞ʰʲˠˤʼ0-9˥˦˧˨˩|‖_.\-'"`^~*%,:;@#\s]/gu;

/** The visual forms of one phoneme: one, or two for a diphthong. Unknown ones barely open. */
export function articulationsOf(ipa: string): readonly Articulation[] {
  const symbols = Array.from(ipa.normalize('NFD').replace(SILENT, '').toLowerCase());
  const found: Articulation[] = [];
  for (let i = 0; i < symbols.length; i += 1) {
    const pair = BY_PAIR.get(symbols[i]! + (symbols[i + 1] ?? ''));
    if (pair !== undefined) {
      found.push(pair);
      i += 1;
      continue;
    }
    const one = BY_LETTER.get(symbols[i]!);
    if (one !== undefined) found.push(one);
  }
  return found.length === 0 ? [REST] : found;
}

/**
 * Phonemes with times → one mouth picture per video frame.
 *
 * Problem: a frame lasts 33 ms and a consonant 20 to 80, and real lips begin a sound before it is heard and release it
 * late. Shown one by one, sounds flicker, or the closure of an m falls between two frames.
 *
 * Demands that conflict: viewers check the closed lips of m, b, p first, so they must be visible; open vowels carry the
 * sentence; nothing may jump; mutes and pauses must be recognizable.
 *
 * Rule, after the blending of TalkingHead (github.com/met4citizen/TalkingHead, MIT): each sound grows from up to 60 ms
 * before its onset, is full at most 25 ms after it and fades until up to 60 ms after its end; lips that meet or touch
 * the teeth weigh 0.9, all other sounds 0.6. The heaviest sound of a frame gives its picture, the weighted mean its
 * opening. A closure owns the frame of its middle whatever its weight. Rounding spreads to consonants before and after
 * within 120 ms (Öhman 1966; Bell-Berti & Harris 1979). Gaps of up to 90 ms are bridged; in longer ones the mouth
 * rests.
 */

const ms = (n: number): number => (n * SAMPLE_RATE_HZ) / 1000;
const LEAD = ms(60);
const PEAK = ms(25);
const TRAIL = ms(60);
const ROUND_REACH = ms(120);
const BRIDGE = ms(90);
/**
 * Maximum opening and closing speed of the mouth, in openness per second: lips take about 70 ms between shut and wide
 * open.
 */
const OPEN_PER_SECOND = 3900;
const CLOSE_PER_SECOND = 5000;

const SIL = VISEMES.indexOf('sil');
const PP = VISEMES.indexOf('PP');
const FF = VISEMES.indexOf('FF');
const U = VISEMES.indexOf('U');

interface Sound extends Articulation {
  readonly start: number;
  readonly end: number;
}

/**
 * The mouth of an utterance, from its first audible frame on.
 *
 * `durationSamples` is the utterance's length at 48 kHz; `startOffset` is the position of its first sample within the
 * first frame, in samples. During a mute the mouth is shut.
 */
export function mouthTrack(
  phonemes: readonly PhonemeTiming[],
  durationSamples: number,
  rate: FrameRate,
  startOffset = 0,
  mutes: readonly MuteSpan[] = [],
): MouthTrack {
  const frameSamples = (SAMPLE_RATE_HZ * rate.den) / rate.num;
  const frames = Math.max(0, Math.ceil((durationSamples + startOffset) / frameSamples - 1e-9));
  const viseme = new Uint8Array(frames).fill(SIL);
  const openness = new Uint8Array(frames);
  const sounds = spreadRounding(toSounds(phonemes));
  const frameStart = (f: number): number => Math.floor(f * frameSamples) - startOffset;

  let first = 0;
  for (let f = 0; f < frames; f += 1) {
    const from = frameStart(f);
    const to = frameStart(f + 1);
    while (first < sounds.length && sounds[first]!.end + TRAIL < from) first += 1;
    let heaviest = 0;
    let total = 0;
    let sum = 0;
    for (let i = first; i < sounds.length && sounds[i]!.start - LEAD < to; i += 1) {
      const sound = sounds[i]!;
      const weight = weightAt(sound, (from + to) / 2);
      if (weight <= 0) continue;
      total += weight;
      sum += weight * sound.open;
      if (weight > heaviest) {
        heaviest = weight;
        viseme[f] = sound.viseme;
      }
    }
    if (total === 0) continue;
    // Towards silence the whole opening fades with the last sound's weight.
    const presence = Math.min(1, total / 0.4);
    openness[f] = Math.round(255 * presence * (sum / total));
    if (viseme[f] === PP) openness[f] = 0;
  }

  for (const sound of sounds) {
    if (!sound.closed) continue;
    const middle = (sound.start + sound.end) / 2;
    const f = Math.min(frames - 1, Math.max(0, Math.floor((middle + startOffset) / frameSamples)));
    viseme[f] = PP;
    openness[f] = 0;
  }
  limitSpeed(viseme, openness, rate);
  for (const mute of mutes) {
    for (let f = 0; f < frames; f += 1) {
      if (frameStart(f + 1) <= mute.startSample || frameStart(f) >= mute.endSample) continue;
      viseme[f] = SIL;
      openness[f] = 0;
    }
  }
  for (let f = 0; f < frames; f += 1) if (openness[f]! < 10 && viseme[f] !== PP) viseme[f] = SIL;
  return { viseme, openness };
}

/** Phonemes in order, diphthongs split in halves, gaps too short to see closed. */
function toSounds(phonemes: readonly PhonemeTiming[]): Sound[] {
  const sounds: Sound[] = [];
  for (const p of phonemes) {
    const looks = articulationsOf(p.ipa);
    if (looks[0]!.viseme === SIL || p.endSample <= p.startSample) continue;
    const share = (p.endSample - p.startSample) / looks.length;
    looks.forEach((look, i) => {
      sounds.push({ ...look, start: p.startSample + share * i, end: p.startSample + share * (i + 1) });
    });
  }
  sounds.sort((a, b) => a.start - b.start);
  for (let i = 0; i + 1 < sounds.length; i += 1) {
    const gap = sounds[i + 1]!.start - sounds[i]!.end;
    if (gap > 0 && gap <= BRIDGE && !sounds[i]!.closed) sounds[i] = { ...sounds[i]!, end: sounds[i + 1]!.start };
  }
  return sounds;
}

/** Consonants that leave the lips free take the rounding of a nearby vowel. */
function spreadRounding(sounds: readonly Sound[]): Sound[] {
  return sounds.map((sound, i) => {
    if (sound.vowel || sound.rounded || sound.closed || sound.viseme === FF) return sound;
    let rounded = false;
    for (let j = i + 1; j < sounds.length && sounds[j]!.start - sound.end < ROUND_REACH; j += 1) {
      if (sounds[j]!.rounded) rounded = true;
      if (sounds[j]!.vowel || sounds[j]!.closed || sounds[j]!.rounded) break;
    }
    const before = sounds[i - 1];
    const next = sounds[i + 1];
    // Carry-over is weaker: it needs a rounded sound on the left and no spread vowel on the right.
    if (before !== undefined && before.rounded && before.vowel && !(next?.vowel === true && !next.rounded))
      rounded = true;
    return rounded ? { ...sound, viseme: U, open: Math.min(sound.open, 0.38) } : sound;
  });
}

function weightAt(sound: Sound, t: number): number {
  const duration = sound.end - sound.start;
  const lead = sound.start - Math.min(LEAD, (2 * duration) / 3);
  const peak = sound.start + Math.min(PEAK, duration / 2);
  const fade = sound.end - Math.min(PEAK, duration / 2);
  const gone = sound.end + Math.min(TRAIL, duration / 2);
  const full = sound.viseme === PP || sound.viseme === FF ? 0.9 : 0.6;
  if (t <= lead || t >= gone) return 0;
  if (t < peak) return (full * (t - lead)) / (peak - lead);
  if (t > fade) return (full * (gone - t)) / (gone - fade);
  return full;
}

/**
 * Limits the speed: a wide vowel next to a closure or a rest opens and closes over several frames. The closure keeps
 * its frame; the vowel gives way. A rest waits for a mouth that is still open.
 */
function limitSpeed(viseme: Uint8Array, openness: Uint8Array, rate: FrameRate): void {
  const opening = (OPEN_PER_SECOND * rate.den) / rate.num;
  const closing = (CLOSE_PER_SECOND * rate.den) / rate.num;
  let before = 0;
  for (let f = 0; f < viseme.length; f += 1) {
    if (openness[f]! > before + opening) openness[f] = Math.round(before + opening);
    if (viseme[f] === SIL && f > 0 && viseme[f - 1] !== PP && before - closing > 10) {
      viseme[f] = viseme[f - 1]!;
      openness[f] = Math.round(before - closing);
    }
    before = openness[f]!;
  }
  for (let f = viseme.length - 2; f >= 0; f -= 1) {
    const most = openness[f + 1]! + closing;
    if (openness[f]! > most) openness[f] = Math.round(most);
  }
}
