/** Which rules a text breaks, where, and what is done about each. */
export * from './text-judge.js';
export * from './judge-across.js';
export { clauseAround } from './language/clause-around.js';
export { baseLanguage, countLetters, readLanguages } from './language/detect-language.js';
export * from './explain-text.js';
export * from './own-words/own-words.js';
export * from './unheard/unheard-spans.js';
