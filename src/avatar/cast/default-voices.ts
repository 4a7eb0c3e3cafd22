import { hash01, hashString } from '../../core/random.js';
import type { PackVoices } from '../pack-voices.js';
import type { PresenterSpec } from './presenter-spec.js';

const VARIANTS = { female: ['f2', 'f4', 'f5', 'f3', 'f1'], male: ['m3', 'm1', 'm7', 'm2', 'm4', 'm6'] } as const;

/**
 * Voices that fit gender and age, different between presenters: one of the synthesiser's variants at a pitch of its
 * own, and in English the recorded voice. A room's own voice comes first.
 */
export function defaultVoices({
  name,
  gender,
  ageYears,
}: Pick<PresenterSpec, 'name' | 'gender' | 'ageYears'>): PackVoices {
  const seed = hashString(name);
  const variants = VARIANTS[gender];
  const variant = variants[Math.floor(hash01(seed, 71) * variants.length)]!;
  // Voices sink by about a semitone and slow down a little between 25 and 60.
  const age = (ageYears - 30) / 30;
  const pitch = Math.round((1 + 0.11 * (hash01(seed, 72) * 2 - 1) - 0.05 * age) * 100) / 100;
  const rate = Math.round((1 + 0.06 * (hash01(seed, 73) * 2 - 1) - 0.03 * age) * 100) / 100;
  return {
    en: { name: gender === 'female' ? 'flite-slt' : 'flite-rms', pitch, rate },
    '*': { name: variant, pitch, rate },
  };
}
