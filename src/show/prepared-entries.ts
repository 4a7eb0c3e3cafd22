import { toEngineError } from '../core/errors.js';
import type { AgendaEntry } from './agenda/agenda.js';
import { lineOfRequest, type RundownLine } from './rundown-line.js';
import type { Unprepared } from './prepare-line.js';
import type { ReadyLine } from './show-parts.js';

type Result = ReadyLine | Unprepared;

/** Lines of the agenda that are being judged and spoken, or are ready: those that have been the most urgent once. */
export class PreparedEntries {
  private results = new Map<string, Result | undefined>();

  constructor(
    private readonly prepare: (line: RundownLine) => Promise<Result>,
    private readonly onReady: () => void,
  ) {}

  /** The result of a line, whose preparation begins with the first call; undefined until it is ready. */
  of({ id, request }: AgendaEntry): Result | undefined {
    if (!this.results.has(id)) {
      const { results } = this;
      results.set(id, undefined);
      const failed = (cause: unknown): Unprepared => {
        return { outcome: 'failed', reason: toEngineError(cause, `line ${id}`).message };
      };
      void this.prepare(lineOfRequest(id, request))
        .catch(failed)
        .then((result) => {
          results.set(id, result);
          this.onReady();
        });
    }
    return this.results.get(id);
  }

  /** Makes all anew: by other listings or another voice. */
  renew(): void {
    this.results = new Map();
  }

  drop(id: string): void {
    this.results.delete(id);
  }

  /** Drops the lines that do not wait any more. */
  keep(waits: (id: string) => boolean): void {
    for (const id of this.results.keys()) if (!waits(id)) this.results.delete(id);
  }
}
