import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { shorterTags } from '../../config/languages/language-table.js';
import { templatePath } from '../../core/files/paths.js';
import type { Gender, VoiceInfo } from '../speech-provider.js';

const speaker = z.string().regex(/^[abefhijpz][fm]_[a-z]+(?:\+[abefhijpz][fm]_[a-z]+)*$/);
const schema = z.strictObject({
  about: z.string(),
  languages: z.record(
    z.string(),
    z.strictObject({
      kind: z.enum(['native', 'accented']),
      women: z.array(speaker).min(1),
      men: z.array(speaker).min(1),
      /** eSpeak's voice that turns the text into sounds; default: that of the language. */
      espeak: z.string().optional(),
    }),
  ),
});
export type HumanLanguage = z.infer<typeof schema>['languages'][string];

let loaded: Readonly<Record<string, HumanLanguage>> | undefined;
export const humanLanguages = (): Readonly<Record<string, HumanLanguage>> =>
  (loaded ??= schema.parse(JSON.parse(readFileSync(templatePath('languages', 'human-voices.json'), 'utf8'))).languages);

/** How Kokoro speaks a language; undefined where its embedded voice is understood better. */
export function humanLanguage(language: string): HumanLanguage | undefined {
  const all = humanLanguages();
  for (const tag of shorterTags(language)) if (Object.hasOwn(all, tag)) return all[tag];
  return undefined;
}

/** Languages of the first letter of a voice's name. */
const HOMES: Readonly<Record<string, readonly [tag: string, title: string]>> = {
  a: ['en-US', 'English (America)'],
  b: ['en-GB', 'English (Great Britain)'],
  e: ['es', 'Spanish'],
  f: ['fr', 'French'],
  h: ['hi', 'Hindi'],
  i: ['it', 'Italian'],
  j: ['ja', 'Japanese'],
  p: ['pt', 'Portuguese (Brazil)'],
  z: ['zh', 'Chinese (Mandarin)'],
};

const NAMES =
  'af_alloy af_aoede af_bella af_heart af_jessica af_kore af_nicole af_nova af_river af_sarah af_sky am_adam am_echo ' +
  'am_eric am_fenrir am_liam am_michael am_onyx am_puck am_santa bf_alice bf_emma bf_isabella bf_lily bm_daniel bm_fable ' +
  'bm_george bm_lewis ef_dora em_alex em_santa ff_siwis hf_alpha hf_beta hm_omega hm_psi if_sara im_nicola jf_alpha ' +
  'jf_gongitsune jf_nezumi jf_tebukuro jm_kumo pf_dora pm_alex pm_santa zf_xiaobei zf_xiaoni zf_xiaoxiao zf_xiaoyi ' +
  'zm_yunjian zm_yunxi zm_yunxia zm_yunyang';

const genderOf = (name: string): Gender => (name[1] === 'f' ? 'female' : 'male');

/** A voice by its name; a `+` between names is their mean. */
export function kokoroVoice(name: string): VoiceInfo | undefined {
  const parts = name.split('+');
  const known = NAMES.split(' ');
  if (parts.length === 0 || parts.length > 4 || !parts.every((one) => known.includes(one))) return undefined;
  const [tag, title] = HOMES[name[0]!]!;
  const shown = parts.map((one) => one.slice(3).replace(/^./, (c) => c.toUpperCase())).join(' and ');
  return { name, title: `${shown}, ${title}`, languages: [tag], provider: 'kokoro', gender: genderOf(name) };
}

/** All voices, each with its own language. */
export const kokoroVoices = (): VoiceInfo[] => NAMES.split(' ').map((name) => kokoroVoice(name)!);

/**
 * The voice of a person for a language: of those of that gender the one that falls to them, so that presenters differ.
 * Means of two voices are further speakers, unless the list names the means that are well understood.
 */
export function humanVoice(language: string, gender: Gender, person: string): VoiceInfo | undefined {
  const how = humanLanguage(language);
  if (how === undefined) return undefined;
  const speakers = gender === 'female' ? how.women : how.men;
  const cast = [...speakers, ...pairsOf(speakers)];
  const voice = kokoroVoice(person === '' ? cast[0]! : cast[turnOf(person) % cast.length]!)!;
  return { ...voice, languages: [language] };
}

const pairsOf = (names: readonly string[]): string[] =>
  names.some((name) => name.includes('+'))
    ? []
    : names.flatMap((one, i) => names.slice(i + 1).map((other) => `${one}+${other}`));

/** A number of the name: the same person speaks with the same voice on every machine. */
function turnOf(person: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < person.length; i += 1) hash = Math.imul(hash ^ person.charCodeAt(i), 0x01000193) >>> 0;
  return (hash ^ (hash >>> 15)) >>> 0;
}

export const isKokoro = (name: string): boolean => kokoroVoice(name) !== undefined;
