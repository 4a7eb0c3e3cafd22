/** Scripts that name their language, or the one of the packs that is written so; kana before the characters amid them. */
export const LANGUAGE_OF_SCRIPT: readonly (readonly [script: string, language: string])[] = [
  ['kana', 'ja'],
  ['hangul', 'ko'],
  ['han', 'zh'],
  ['thai', 'th'],
  ['arabic', 'ar'],
  ['cyrillic', 'ru'],
  ['devanagari', 'hi'],
];
