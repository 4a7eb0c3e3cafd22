import { Worker, type WorkerOptions } from 'node:worker_threads';

/** MiB of the young generation of a thread, three times a half: none of ours grows by what it keeps. */
const YOUNG_MIB = 6;

/**
 * Starts a worker thread from a module of ours, given as `new URL('../x.js', import.meta.url)`. Built code runs as it is.
 * From sources (tests, `tsx`) the `.js` has a `.ts` beside it instead, and Node 20 does not carry a loader into workers,
 * so the worker registers tsx for itself first.
 */
export function spawnWorker(module: URL, caller: string, options: WorkerOptions = {}): Worker {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MIB, ...options.resourceLimits };
  if (!caller.endsWith('.ts')) return new Worker(module, { ...options, resourceLimits });
  const source = module.href.replace(/\.js$/, '.ts');
  const boot = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(source)}); })`;
  return new Worker(boot, { ...options, resourceLimits, eval: true });
}
