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

/** A line takes several jobs in a row; a collection between them takes a tenth of the time to its first sample. */
const REST_MS = 250;
/** Jobs that follow each other faster than that. */
const MAX_JOBS = 8;

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
  let rest: NodeJS.Timeout | undefined;
  let jobs = 0;
  const clean = (): void => {
    jobs = 0;
    collect();
  };
  return async ({ name, job }) => {
    clearTimeout(rest);
    const isLoaded = loaded.has(name);
    const answer = await answerOf(name);
    const done = await answer(job);
    // Megabytes lie behind a few small objects.
    jobs += 1;
    if (!isLoaded) setImmediate(collectGarbage);
    else if (jobs >= MAX_JOBS) setImmediate(clean);
    else rest = setTimeout(clean, REST_MS);
    return done;
  };
});
