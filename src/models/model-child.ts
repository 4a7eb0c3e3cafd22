import { collectGarbage, fullCollector } from '../core/collect-garbage.js';
import { serveParent } from '../core/processes/serve-parent.js';
import type { JobName, ModelJobs, ModelRequest } from './model-messages.js';

type Answer<Name extends JobName> = (job: ModelJobs[Name]['job']) => Promise<ModelJobs[Name]['done']>;
type AnyAnswer = (job: unknown) => Promise<unknown>;

/** Each job's loader runs at the job's first request; a failed load is tried again by the next. */
const LOADERS: { readonly [Name in JobName]: () => Promise<Answer<Name>> } = {
  english: async () => (await import('./english/english-job.js')).loadEnglish(),
  heart: async () => (await import('./heart/heart-job.js')).loadHeart(),
  japanese: async () => (await import('./japanese/japanese-job.js')).loadJapanese(),
  meaning: async () => (await import('./meaning/meaning-job.js')).loadMeaning(),
};

const loaded = new Map<JobName, Promise<AnyAnswer>>();

function answerOf(name: JobName): Promise<AnyAnswer> {
  let answer = loaded.get(name);
  if (answer === undefined) {
    answer = LOADERS[name]() as Promise<AnyAnswer>;
    loaded.set(name, answer);
    answer.catch(() => loaded.delete(name));
  }
  return answer;
}

// Its argument is the nice value that it adds to its own.
await serveParent<ModelRequest, unknown>(Number(process.argv[2] ?? 0), async () => {
  const collect = fullCollector();
  return async ({ name, job }) => {
    const isLoaded = loaded.has(name);
    const answer = await answerOf(name);
    const done = await answer(job);
    // Megabytes lie behind a few small objects; the reply is on its way before.
    setImmediate(isLoaded ? collect : collectGarbage);
    return done;
  };
});
