import { VISEMES, type Viseme } from '../core/speech.js';

/** The visual form of a speech sound. */
export interface Articulation {
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
