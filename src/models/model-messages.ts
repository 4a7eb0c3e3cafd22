import type { EnglishDone, EnglishJob } from './english/english-messages.js';
import type { HeartJob, HeartDone } from './heart/heart-messages.js';
import type { JapaneseDone, JapaneseJob } from './japanese/japanese-messages.js';
import type { MeaningDone, MeaningJob } from './meaning/meaning-messages.js';

/** The jobs of the model process: what each takes and what it answers (Node IPC, advanced serialisation). */
export interface ModelJobs {
  english: { job: EnglishJob; done: EnglishDone };
  heart: { job: HeartJob; done: HeartDone };
  japanese: { job: JapaneseJob; done: JapaneseDone };
  meaning: { job: MeaningJob; done: MeaningDone };
}

export type JobName = keyof ModelJobs;

export interface ModelRequest<Name extends JobName = JobName> {
  readonly name: Name;
  readonly job: ModelJobs[Name]['job'];
}
