export { openModels, ModelProcess, type Models } from './model-process.js';
export type { HeartDone, HeartJob } from './heart/heart-messages.js';
