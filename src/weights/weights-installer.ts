import type { Closeable } from '../core/closeable.js';
import { EngineError, toEngineError } from '../core/errors.js';
import { bytesOf, CATALOGUE, type WeightsId } from './catalogue.js';
import { installWeights, removeWeights, type InstallOptions, type InstallProgress } from './install-weights.js';
import { isInstalled } from './weights-folder.js';

export interface WeightsState {
  readonly name: WeightsId;
  readonly title: string;
  readonly use: { readonly en: string; readonly zh: string };
  readonly licence: string;
  readonly bytes: number;
  readonly state: 'installed' | 'installing' | 'failed' | 'missing';
  readonly doneBytes: number;
  /** Why the last install failed. */
  readonly fault: string | null;
  readonly files: readonly { readonly name: string; readonly url: string; readonly bytes: number }[];
}

type Settings = Pick<InstallOptions, 'env' | 'mirror' | 'weights' | 'patience'>;

/** Installs models in the background of an engine, with progress to ask for. */
export class WeightsInstaller implements Closeable {
  private readonly running = new Map<WeightsId, { readonly abort: AbortController; readonly done: Promise<void> }>();
  private readonly progress = new Map<WeightsId, InstallProgress>();
  private readonly faults = new Map<WeightsId, string>();
  private closed = false;

  constructor(private readonly settings: Settings = {}) {}

  list(): WeightsState[] {
    return CATALOGUE.map((weights) => {
      const { id, title, use, licence, files } = weights;
      const isThere = isInstalled(id, this.settings.env);
      const isRunning = this.running.has(id);
      const fault = this.faults.get(id) ?? null;
      const bytes = bytesOf(weights);
      const state = isRunning ? 'installing' : isThere ? 'installed' : fault === null ? 'missing' : 'failed';
      return {
        name: id,
        title,
        use,
        licence,
        bytes,
        state,
        doneBytes: state === 'installed' ? bytes : (this.progress.get(id)?.doneBytes ?? 0),
        fault,
        files: files.map(({ name, url, bytes: size }) => ({ name, url, bytes: size })),
      };
    });
  }

  /** Starts an install; one that runs already goes on. */
  install(id: WeightsId): void {
    if (this.closed) throw new EngineError('E_CLOSED', { where: `model "${id}"`, found: 'the engine stops' });
    if (this.running.has(id)) return;
    const abort = new AbortController();
    this.faults.delete(id);
    const done = installWeights(id, {
      ...this.settings,
      signal: abort.signal,
      onProgress: (progress) => this.progress.set(id, progress),
    })
      .then(
        () => undefined,
        (error: unknown) => {
          if (!abort.signal.aborted) this.faults.set(id, toEngineError(error, `model "${id}"`).message);
        },
      )
      .finally(() => this.running.delete(id));
    this.running.set(id, { abort, done });
  }

  /** Ends an install, and removes the files. */
  async remove(id: WeightsId): Promise<boolean> {
    const running = this.running.get(id);
    running?.abort.abort();
    await running?.done;
    this.progress.delete(id);
    this.faults.delete(id);
    return removeWeights(id, this.settings.env);
  }

  async close(): Promise<void> {
    this.closed = true;
    const all = [...this.running.values()];
    for (const { abort } of all) abort.abort();
    await Promise.all(all.map(({ done }) => done));
  }
}
