export { openModels, ModelProcess, type Models } from './model-process.js';
export type { EnglishWord } from './english/english-messages.js';
export { HEART_RATE_HZ, type HeartDone, type HeartJob } from './heart/heart-messages.js';
export { heartSymbols } from './heart/heart-symbols.js';
export { MAX_TEXTS, MEANING_SIZE } from './meaning/meaning-messages.js';
export type { JapaneseWord } from './japanese/japanese-messages.js';
