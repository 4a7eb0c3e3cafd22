/**
 * espeak-ng names sounds in IPA with its own additions: stress marks, language names in brackets when it switches, and
 * for some languages (Mandarin, Cantonese, Thai) its internal ASCII names.
 */
const ASCII_NAMES: Readonly<Record<string, string>> = {
  'ts.': 'ʈʂ',
  'tsh.': 'ʈʂʰ',
  's.': 'ʂ',
  'z.': 'ʐ',
  'i.': 'ɨ',
  'i[': 'ɨ',
  'o-': 'ɤ',
  kh: 'kʰ',
  ph: 'pʰ',
  th: 'tʰ',
  tsh: 'tsʰ',
  tɕh: 'tɕʰ',
  'l^': 'ʎ',
  'n^': 'ɲ',
  't.': 'ʈ',
  'd.': 'ɖ',
  'n.': 'ɳ',
  'l.': 'ɭ',
};

/** A phoneme as plain IPA without stress and tone; empty for pauses and language switches. */
export function plainIpa(name: string): string {
  if (name.startsWith('(')) return '';
  const bare = name.replace(/[ˈˌ'ˑ|_\d˥-˩]/gu, '').replace(/^[,%=]+/u, '');
  return ASCII_NAMES[bare] ?? bare;
}

/** True for marks without duration, such as a language switch. */
export const isSwitch = (name: string): boolean => name.startsWith('(');
