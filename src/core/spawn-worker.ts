import { Worker, type WorkerOptions } from 'node:worker_threads';

/** MiB of the young generation of a thread, three times a half: none of ours grows by what it keeps. */
const YOUNG_MIB = 6;

/** Threads that were started before there was work for them, by their module. */
const prepared = new Map<string, Worker>();

/**
 * Starts a thread that loads its code and then waits for a first message; the next `spawnWorker` of the same module takes
 * it. It keeps no process alive, and when it dies before that, another is started in its place.
 */
export function prepareWorker(module: URL, caller: string, options: WorkerOptions = {}): void {
  const worker = start(module, caller, options);
  worker.unref();
  prepared.set(module.href, worker);
  const gone = (): void => {
    if (prepared.get(module.href) === worker) prepared.delete(module.href);
  };
  worker.on('error', gone).once('exit', gone);
}

/** Starts a worker thread from a module of ours, given as `new URL('./x.js', import.meta.url)`. */
export function spawnWorker(module: URL, caller: string, options: WorkerOptions = {}): Worker {
  const worker = prepared.get(module.href);
  if (worker === undefined) return start(module, caller, options);
  prepared.delete(module.href);
  worker.ref();
  return worker;
}

/**
 * Built code runs as it is. From sources (tests, `tsx`) the `.js` has a `.ts` beside it instead, and
 * Node 20 does not carry a loader into workers, so the worker registers tsx for itself first.
 */
function start(module: URL, caller: string, options: WorkerOptions): Worker {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MIB, ...options.resourceLimits };
  if (!caller.endsWith('.ts')) return new Worker(module, { ...options, resourceLimits });
  const source = module.href.replace(/\.js$/, '.ts');
  const boot = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(source)}); })`;
  return new Worker(boot, { ...options, resourceLimits, eval: true });
}
