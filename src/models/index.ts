export { openModels, ModelProcess, type Models } from './model-process.js';
export type { EnglishDone, EnglishJob, EnglishWord } from './english/english-messages.js';
export { HEART_RATE_HZ, MAX_SYMBOLS, type HeartDone, type HeartJob } from './heart/heart-messages.js';
export { heartSymbols } from './heart/heart-symbols.js';
export { MAX_TEXTS, MEANING_SIZE, type MeaningDone, type MeaningJob } from './meaning/meaning-messages.js';
export type { JapaneseWord } from './japanese/japanese-messages.js';
