/** Decides which rules a text breaks, where, and the action for each. */
export * from './text-judge.js';
export { baseLanguage, countLetters, readLanguages, LANGUAGE_OF_SCRIPT } from './language/detect-language.js';
export * from './explain-text.js';
export { faqFacts } from './listing/by-quantity.js';
export { isNumberWord, valueOfWord } from './numbers/number-words.js';
export { statements } from './listing/detect-certificates.js';
export * from './own-words/own-words.js';
export * from './unheard/unheard-spans.js';
export * from './drawn-codes.js';
