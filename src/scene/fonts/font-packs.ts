import { languageTable } from '../../config/languages/language-table.js';

/** Which font files the scene uses, all from npm packages under the SIL Open Font License. */

export interface FontPack {
  /** npm package that holds the WOFF2 files. */
  readonly npm: string;
  /** Family name inside the files (variable fonts use the name of their default instance). */
  readonly family: string;
  /** The only file to take from the package, without its extension; undefined: every normal weight file. */
  readonly only?: string;
}

const notoSans = (script: string, family: string, only = true): FontPack => ({
  npm: `@fontsource-variable/noto-sans-${script}`,
  family,
  ...(only ? { only: `noto-sans-${script}-${script}-wght-normal` } : {}),
});

/** By preference for a character that several of them have. */
export const FONT_PACKS: readonly FontPack[] = [
  { npm: '@fontsource-variable/noto-sans', family: 'Noto Sans' },
  notoSans('arabic', 'Noto Sans Arabic'),
  notoSans('hebrew', 'Noto Sans Hebrew Thin'),
  notoSans('devanagari', 'Noto Sans Devanagari'),
  notoSans('thai', 'Noto Sans Thai'),
  notoSans('sc', 'Noto Sans SC Thin', false),
  notoSans('jp', 'Noto Sans JP Thin', false),
  notoSans('kr', 'Noto Sans KR Thin', false),
  notoSans('tc', 'Noto Sans TC Thin', false),
  { npm: '@fontsource-variable/noto-emoji', family: 'Noto Emoji' },
];

/** Packages of further scripts, which are used where a person has installed them beside the engine. */
export const optionalFonts = (): string[] => Object.values(languageTable().scripts).flatMap(({ font }) => font ?? []);

/**
 * Whether a file of an optional package is taken: the letters of its own script in every weight, or in the two that are
 * drawn where the font is not variable.
 */
export function isScriptFile(npm: string, file: string): boolean {
  const base = npm.slice(npm.lastIndexOf('/') + 1);
  const script = base.slice(base.lastIndexOf('-') + 1);
  return ['wght', '400', '700'].some((weight) => file === `${base}-${script}-${weight}-normal.woff2`);
}
