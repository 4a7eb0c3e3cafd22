import { findLanguage, languageRow, shorterTags } from '../config/languages/language-table.js';
import { EngineError } from '../core/errors.js';
import type { Gender, VoiceInfo } from './speech-provider.js';

/**
 * eSpeak speakers by gender. Among the women's, f2 has a woman's pitch in every tested language (median 176 to 205 Hz);
 * the men's speak at 94 to 107 Hz, and klatt4 is the clearest in English.
 */
const SPEAKERS = { female: { en: 'f2', other: 'f2' }, male: { en: 'klatt4', other: undefined } } as const;

/**
 * The voice for a language, or the named one. A name is a voice's own (`en-GB`, `en-GB+f2`, its title) or just a
 * speaker (`f2`), which then speaks the room's language. Languages are looked up by RFC 4647 lookup: the tag, then ever
 * shorter ones. A human voice of the language is preferred over a synthetic one. Throws E_VOICE_UNKNOWN with the
 * nearest names.
 */
export function findVoice(voices: readonly VoiceInfo[], language: string, name?: string, gender?: Gender): VoiceInfo {
  if (name === undefined) return human(voices, language, gender) ?? synthetic(voices, language, gender);
  const wanted = name.toLowerCase();
  const exact = voices.find((v) => v.name.toLowerCase() === wanted || v.title.toLowerCase() === wanted);
  if (exact !== undefined) return exact;
  if (/^\+?(?:[fm]|klatt)\d$/.test(wanted)) {
    const base = forLanguage(voices, language).name;
    const speaker = voices.find((v) => v.name.toLowerCase() === `${base.toLowerCase()}+${wanted.replace('+', '')}`);
    if (speaker !== undefined) return speaker;
  }
  const near = nearest(
    wanted,
    voices.map((v) => v.name),
  );
  throw new EngineError('E_VOICE_UNKNOWN', {
    where: `voice "${name}"`,
    expected: 'the name of a voice',
    found: 'no voice with this name',
    todo: `did you mean ${near.join(', ')}? \`engine doctor --voices\` lists all`,
    details: { near },
  });
}

/** A human voice for the tag's primary language; the first one by default. */
function human(voices: readonly VoiceInfo[], language: string, gender?: Gender): VoiceInfo | undefined {
  const primary = language.toLowerCase().split(/[-_]/)[0]!;
  return voices.find(
    (v) => v.gender !== undefined && (gender ?? v.gender) === v.gender && v.languages.includes(primary),
  );
}

function synthetic(voices: readonly VoiceInfo[], language: string, gender: Gender | undefined): VoiceInfo {
  const base = forLanguage(voices, language);
  if (gender === undefined) return base;
  const speaker = SPEAKERS[gender][/^en\b/i.test(language) ? 'en' : 'other'];
  return voices.find((v) => v.name === `${base.name}+${speaker}`) ?? base;
}

function forLanguage(voices: readonly VoiceInfo[], language: string): VoiceInfo {
  for (const part of shorterTags(language)) {
    const row = languageRow(part);
    const known = row?.tag.toLowerCase() ?? part;
    const voice =
      voices.find((v) => v.name.toLowerCase() === (row?.voice?.toLowerCase() ?? known)) ??
      voices.find((v) => v.languages.some((l) => l.toLowerCase() === known));
    if (voice !== undefined) return voice;
  }
  const tag = language.toLowerCase().replaceAll('_', '-');
  const tags = [...new Set(voices.flatMap((v) => v.languages))];
  const near = nearest(tag, tags);
  throw new EngineError('E_VOICE_UNKNOWN', {
    where: `language "${language}"`,
    expected: 'a BCP-47 language with a voice',
    found: unspoken(language),
    todo: `nearest: ${near.join(', ')}; \`engine doctor --voices\` lists all`,
    details: { near },
  });
}

function unspoken(language: string): string {
  const row = findLanguage(language);
  if (row === undefined) return 'no voice for it';
  const { english, services = [], nearest: near } = row;
  const understood = near === undefined ? '' : `, and the embedded voice of "${near}" can be understood`;
  return `${english} has no embedded voice; provider ${services.join(' or ')} has one${understood}`;
}

/** The three candidates with the smallest edit distance, ties in their own order. */
function nearest(wanted: string, candidates: readonly string[]): string[] {
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Levenshtein distance by rows. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
