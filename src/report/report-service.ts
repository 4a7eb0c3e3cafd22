import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import type { BothLanguages, ReportHandle, ShowReport } from '../config/api/report-handle.js';
import type { Log } from '../core/log.js';
import { IdleWorker, WorkFault } from '../core/processes/idle-worker.js';
import { ThreadBackend } from '../core/processes/thread-backend.js';
import type { ReportReply, ReportRequest } from './report-thread.js';

export interface ReportServiceOptions {
  readonly file: string;
  readonly room: string;
  /** Writes the waiting records before a report. */
  readonly flush: () => Promise<void>;
  readonly log: Log;
}

const TIMEOUT_MS = 60_000;
const IDLE_MS = 5000;
const MAX_WAITING = 4;

/** Reports of a room on air, made in a thread: reading two days takes the main thread too long. */
export class ReportService implements ReportHandle, Closeable {
  private readonly worker: IdleWorker<ReportRequest, ReportReply>;

  constructor(private readonly options: ReportServiceOptions) {
    this.worker = new IdleWorker({
      start: () =>
        new ThreadBackend({
          module: new URL('./report-thread.js', import.meta.url),
          caller: import.meta.url,
          onError: (e) => options.log.error({ error: String(e) }, 'the report thread failed'),
        }),
      timeoutMs: () => TIMEOUT_MS,
      idleMs: IDLE_MS,
      maxWaiting: MAX_WAITING,
    });
  }

  async report(sinceMs: number): Promise<ShowReport> {
    const reply = await this.ask(sinceMs);
    if ('report' in reply) return reply.report;
    throw this.noReport('no figures');
  }

  async page(sinceMs: number, language: keyof BothLanguages): Promise<string> {
    const reply = await this.ask(sinceMs, language);
    if ('page' in reply) return reply.page;
    throw this.noReport('no page');
  }

  async close(): Promise<void> {
    await this.worker.close();
  }

  private async ask(sinceMs: number, language?: keyof BothLanguages): Promise<ReportReply> {
    const { file, room, flush } = this.options;
    await flush();
    const request = { file, room, sinceMs, nowMs: Date.now(), ...(language === undefined ? {} : { language }) };
    let reply: ReportReply;
    try {
      reply = await this.worker.run(request);
    } catch (cause) {
      if (cause instanceof WorkFault && cause.kind === 'full') {
        const found = 'other reports that are being made';
        throw new EngineError('E_TOO_MANY_REQUESTS', { where: 'report', found, todo: 'try again in a moment', cause });
      }
      throw this.noReport(cause instanceof Error ? cause.message : String(cause), cause);
    }
    if ('code' in reply) throw new EngineError(reply.code, reply.parts);
    return reply;
  }

  private noReport(found: string, cause?: unknown): EngineError {
    return new EngineError('E_STORE', { where: this.options.file, expected: 'a report', found, cause });
  }
}
