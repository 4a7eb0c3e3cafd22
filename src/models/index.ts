export { openModels, ModelProcess, type Models } from './model-process.js';
export {
  type EnglishWord,
  HEART_RATE_HZ,
  type HeartDone,
  type HeartJob,
  type JapaneseWord,
  MAX_TEXTS,
  MEANING_SIZE,
} from './model-messages.js';
export { heartSymbols } from './heart/heart-symbols.js';
