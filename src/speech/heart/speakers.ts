import type { HeartJob } from '../../models/index.js';
import type { Gender, VoiceInfo } from '../speech-provider.js';

/** A speaker made from the voice "heart". */
export interface Speaker {
  readonly name: string;
  readonly gender: Gender;
  /** For whom it fits. */
  readonly ageYears: number;
  readonly build: 'light' | 'medium' | 'heavy';
  readonly rate: number;
  /** Undefined for heart herself. */
  readonly shape: HeartJob['speaker'];
}

const speaker = (
  name: string,
  gender: Gender,
  ageYears: number,
  build: Speaker['build'],
  [formants, pitch, range, rate, tilt = 0, breath = 0]: readonly [number, number, number, number, number?, number?],
): Speaker => ({ name, gender, ageYears, build, rate, shape: { formants, pitch, range, tilt, breath } });

/**
 * Heart speaks at 185 Hz. Factors of formants, pitch, range and rate, then dB per octave and dB of breath: what keeps
 * every speaker above 4.2 of DistillMOS (`npm run tool -- voices-table --languages en`).
 */
export const SPEAKERS: readonly Speaker[] = [
  { name: 'heart', gender: 'female', ageYears: 28, build: 'medium', rate: 1, shape: undefined },
  speaker('ivy', 'female', 22, 'light', [1.03, 1.08, 1.05, 1.03]),
  speaker('june', 'female', 24, 'light', [1.02, 1.04, 1.1, 1.02]),
  speaker('pearl', 'female', 30, 'medium', [0.99, 0.97, 1.1, 0.98]),
  speaker('hazel', 'female', 33, 'medium', [0.97, 1.03, 1, 1]),
  speaker('nora', 'female', 38, 'medium', [0.96, 0.93, 1.05, 0.99]),
  speaker('sage', 'female', 26, 'medium', [1.01, 1.02, 1.25, 1.03, 0.6]),
  speaker('olive', 'female', 45, 'heavy', [0.95, 0.88, 1, 0.97, -0.5]),
  speaker('ruth', 'female', 56, 'heavy', [0.93, 0.86, 0.95, 0.95, -0.8]),
  speaker('wren', 'female', 29, 'light', [1.02, 0.96, 1.2, 1]),
  speaker('finn', 'male', 23, 'light', [0.9, 0.65, 1.15, 1.03]),
  speaker('jude', 'male', 27, 'light', [0.89, 0.62, 1.05, 1.01]),
  speaker('max', 'male', 30, 'medium', [0.9, 0.57, 1.1, 1]),
  speaker('hugo', 'male', 34, 'medium', [0.91, 0.61, 1.05, 0.99]),
  speaker('reed', 'male', 36, 'medium', [0.92, 0.6, 1.1, 1.02]),
  speaker('axel', 'male', 41, 'heavy', [0.85, 0.56, 1.05, 0.98]),
  speaker('noah', 'male', 32, 'medium', [0.91, 0.59, 1.2, 1]),
  speaker('otis', 'male', 52, 'heavy', [0.87, 0.57, 1.05, 0.97, -0.3]),
  speaker('amos', 'male', 60, 'heavy', [0.86, 0.57, 1, 0.96, -0.4]),
  speaker('theo', 'male', 44, 'medium', [0.9, 0.58, 1.1, 0.98]),
];

const LANGUAGES = ['en-US', 'en'];

export const speakerVoice = ({ name, gender }: Speaker): VoiceInfo => ({
  name: name === 'heart' ? name : `heart-${name}`,
  title: `English (America), ${gender}, ${name[0]!.toUpperCase()}${name.slice(1)}`,
  languages: LANGUAGES,
  provider: 'heart',
  gender,
});

export const speakerOf = (voice: string): Speaker =>
  SPEAKERS.find(({ name }) => voice === name || voice === `heart-${name}`) ?? SPEAKERS[0]!;
