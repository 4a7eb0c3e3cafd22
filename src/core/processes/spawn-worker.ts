import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Size of a thread's young generation in MiB, three times a half; our threads keep little. */
const YOUNG_MIB = 6;

/**
 * Starts a worker thread from one of our modules, given as `new URL('../x.js', import.meta.url)`. Built code runs as it
 * is. From sources (tests, `tsx`) the `.js` has a `.ts` beside it, and Node 20 does not pass loaders on to workers, so
 * the worker registers tsx for itself first.
 */
export function spawnWorker(module: URL, caller: string, options: WorkerOptions = {}): Worker {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MIB, ...options.resourceLimits };
  if (!caller.endsWith('.ts')) return new Worker(module, { ...options, resourceLimits });
  const source = module.href.replace(/\.js$/, '.ts');
  const boot = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(source)}); })`;
  return new Worker(boot, { ...options, resourceLimits, eval: true });
}

/**
 * Threads started ahead of use: their code is loaded and they wait for a first message. They do not keep the process
 * alive; a thread that dies early is forgotten.
 */
export class PreparedWorkers {
  private readonly waiting = new Map<string, Worker>();

  prepare(module: URL, caller: string, options: WorkerOptions = {}): void {
    const worker = spawnWorker(module, caller, options);
    worker.unref();
    this.waiting.set(module.href, worker);
    const gone = (): void => {
      if (this.waiting.get(module.href) === worker) this.waiting.delete(module.href);
    };
    worker.on('error', gone).once('exit', gone);
  }

  /** Hands out the prepared worker of a module, once. */
  take(module: URL): Worker | undefined {
    const worker = this.waiting.get(module.href);
    if (worker === undefined) return undefined;
    this.waiting.delete(module.href);
    worker.ref();
    return worker;
  }
}
