export { openModels, ModelProcess, type Models } from './model-process.js';
export type { EnglishDone, EnglishJob, EnglishWord } from './english/english-messages.js';
export type { HeartDone, HeartJob } from './heart/heart-messages.js';
export { MAX_TEXTS, MEANING_SIZE, type MeaningDone, type MeaningJob } from './meaning/meaning-messages.js';
