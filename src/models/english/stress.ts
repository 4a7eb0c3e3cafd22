export const PRIMARY = 'ˈ';
export const SECONDARY = 'ˌ';
export const VOWELS: ReadonlySet<string> = new Set('AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ');
export const CONSONANTS: ReadonlySet<string> = new Set('bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ');
const DIPHTHONGS = new Set('AIOQWYʤʧ');

/** Length of sounds: diphthongs and affricates count twice. */
export const soundWeight = (sounds: string): number =>
  Array.from(sounds).reduce((sum, sound) => sum + (DIPHTHONGS.has(sound) ? 2 : 1), 0);

const hasVowel = (sounds: string): boolean => Array.from(sounds).some((sound) => VOWELS.has(sound));

/** A mark at the front moves to the first vowel. */
function beforeVowel(sounds: string): string {
  const mark = sounds[0];
  const rest = Array.from(sounds.slice(1));
  const vowel = rest.findIndex((sound) => VOWELS.has(sound));
  return [...rest.slice(0, vowel), mark, ...rest.slice(vowel)].join('');
}

/**
 * Sounds with another stress: below −1 none, −1 to 0 secondary instead of primary, up to 1 at least secondary, 1 and
 * more primary instead of secondary, above 1 primary in any case.
 */
export function withStress(sounds: string, stress: number | undefined): string {
  if (stress === undefined) return sounds;
  const primary = sounds.includes(PRIMARY);
  const secondary = sounds.includes(SECONDARY);
  if (stress < -1) return sounds.replaceAll(/[ˈˌ]/g, '');
  if (stress === -1 || ((stress === 0 || stress === -0.5) && primary))
    return sounds.replaceAll(SECONDARY, '').replaceAll(PRIMARY, SECONDARY);
  if ((stress === 0 || stress === 0.5 || stress === 1) && !primary && !secondary)
    return hasVowel(sounds) ? beforeVowel(SECONDARY + sounds) : sounds;
  if (stress >= 1 && !primary && secondary) return sounds.replaceAll(SECONDARY, PRIMARY);
  if (stress > 1 && !primary && !secondary) return hasVowel(sounds) ? beforeVowel(PRIMARY + sounds) : sounds;
  return sounds;
}
