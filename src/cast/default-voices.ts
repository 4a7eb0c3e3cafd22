import { hash01, hashString } from '../core/random.js';
import type { PackVoices } from './pack-voices.js';
import type { PresenterSpec } from './presenter-spec.js';

const VARIANTS = { female: ['f2', 'f4', 'f5', 'f3', 'f1'], male: ['m3', 'm1', 'm7', 'm2', 'm4', 'm6'] } as const;

/** English speakers, with the age and the weight (0 slim to 1 full) of the person they sound like. */
const ENGLISH: Readonly<Record<'female' | 'male', readonly (readonly [name: string, age: number, weight: number])[]>> =
  {
    female: [
      ['heart-ivy', 22, 0],
      ['heart-june', 25, 0.2],
      ['heart-sage', 27, 0.4],
      ['heart', 29, 0.5],
      ['heart-wren', 30, 0.4],
      ['heart-pearl', 33, 0.4],
      ['heart-hazel', 37, 0.4],
      ['heart-nora', 41, 0.5],
      ['heart-olive', 47, 0.8],
      ['heart-ruth', 55, 0.9],
    ],
    male: [
      ['heart-finn', 24, 0.1],
      ['heart-jude', 28, 0.3],
      ['heart-max', 31, 0.4],
      ['heart-noah', 34, 0.4],
      ['heart-reed', 36, 0.3],
      ['heart-hugo', 38, 0.5],
      ['heart-axel', 42, 0.8],
      ['heart-theo', 45, 0.5],
      ['heart-otis', 50, 0.9],
      ['heart-amos', 58, 0.8],
    ],
  };
const WEIGHTS: Readonly<Record<string, number>> = { slim: 0.1, medium: 0.4, broad: 0.8, full: 0.9 };
/** Years that a build of the other kind counts for, and that chance may add. */
const BUILD_YEARS = 8;
const CHANCE_YEARS = 7;

/**
 * Voices that fit gender, age and build, different between presenters: in English one of the human speakers, in others
 * one of the synthesiser's variants at a pitch of its own. A room's own voice comes first.
 */
export function defaultVoices({
  name,
  gender,
  ageYears,
  look,
}: Pick<PresenterSpec, 'name' | 'gender' | 'ageYears'> & { look?: { build?: string } }): PackVoices {
  const seed = hashString(name);
  const variants = VARIANTS[gender];
  const variant = variants[Math.floor(hash01(seed, 71) * variants.length)]!;
  // Voices sink by about a semitone and slow down a little between 25 and 60.
  const age = (ageYears - 30) / 30;
  const pitch = Math.round((1 + 0.11 * (hash01(seed, 72) * 2 - 1) - 0.05 * age) * 100) / 100;
  const rate = Math.round((1 + 0.06 * (hash01(seed, 73) * 2 - 1) - 0.03 * age) * 100) / 100;
  return {
    en: englishVoice(seed, gender, ageYears, WEIGHTS[look?.build ?? 'medium'] ?? 0.4),
    '*': { name: variant, pitch, rate },
  };
}

/** The nearest speaker; those of a name differ a little in speed and pitch, as two people of one kind do. */
function englishVoice(seed: number, gender: 'female' | 'male', ageYears: number, weight: number): PackVoices[string] {
  let nearest = ENGLISH[gender][0]!;
  let least = Infinity;
  for (const [i, one] of ENGLISH[gender].entries()) {
    const far =
      Math.abs(one[1] - ageYears) + BUILD_YEARS * Math.abs(one[2] - weight) + CHANCE_YEARS * hash01(seed, 80 + i);
    if (far < least) [nearest, least] = [one, far];
  }
  return {
    name: nearest[0],
    pitch: Math.round((1 + 0.03 * (hash01(seed, 74) * 2 - 1)) * 100) / 100,
    rate: Math.round((1 + 0.03 * (hash01(seed, 75) * 2 - 1)) * 100) / 100,
  };
}
