/** Decides which rules a text breaks, where, and the action for each. */
export * from './text-judge.js';
export * from './judge-across.js';
export { baseLanguage, countLetters, readLanguages } from './language/detect-language.js';
export { LANGUAGE_OF_SCRIPT } from './language/language-of-script.js';
export * from './explain-text.js';
export { faqFacts } from './listing/faq-facts.js';
export { isNumberWord, valueOfWord } from './numbers/is-number-word.js';
export { statements } from './listing/statements.js';
export * from './own-words/own-words.js';
export * from './unheard/unheard-spans.js';
export * from './drawn-codes.js';
