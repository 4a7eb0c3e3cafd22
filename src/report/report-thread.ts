import { parentPort } from 'node:worker_threads';
import type { ShowReport } from '../config/api/report-handle.js';
import { toEngineError, type ErrorCode, type ErrorParts } from '../core/errors.js';
import type { ReportLanguage } from './page/report-words.js';
import { reportPage } from './page/report-page.js';
import { type ReportOptions, showReport } from './show-report.js';

/** With a language the report comes as a page. */
export interface ReportRequest extends Omit<ReportOptions, 'onStep'> {
  readonly language?: ReportLanguage;
}

export type ReportReply =
  | { readonly report: ShowReport }
  | { readonly page: string }
  | { readonly code: ErrorCode; readonly parts: ErrorParts };

parentPort!.on('message', (request: ReportRequest) => {
  void answer(request).then((reply) => parentPort!.postMessage(reply));
});

async function answer({ language, ...options }: ReportRequest): Promise<ReportReply> {
  try {
    const report = await showReport(options);
    return language === undefined ? { report } : { page: reportPage(report, language) };
  } catch (cause) {
    const { code, where, expected, found, todo } = toEngineError(cause, options.file);
    const parts = Object.entries({ expected, found, todo }).filter(([, text]) => text !== undefined);
    return { code, parts: { where, ...Object.fromEntries(parts) } };
  }
}
