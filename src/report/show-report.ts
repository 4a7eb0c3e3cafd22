import type { ReportRule, ReportSpan, ShowReport } from '../core/handles/report-handle.js';
import { ruleById } from '../moderation/packs/index.js';
import { ShowReader } from '../store/show-reader.js';
import type { ViewersRow, ViolationRow } from '../store/store-rows.js';
import { commentFigures, replyFigures } from './comment-figures.js';
import { intervalFigures, viewersTogether } from './interval-figures.js';
import { lineFigures } from './line-figures.js';
import { outputFigures } from './output-figures.js';
import { periodFigures } from './period-figures.js';
import { productFigures, productSpans } from './product-figures.js';
import { sessionFigures } from './session-figures.js';
import { countBy, joined, totalMs } from './spans.js';

export interface ReportOptions {
  readonly file: string;
  /** Length of the reported time, which ends now. */
  readonly sinceMs: number;
  readonly nowMs: number;
  /** Room name for a store without sessions in that time. */
  readonly room?: string | undefined;
  /** Called before each part. */
  readonly onStep?: (done: number, of: number) => void;
}

const STEPS = 4;
/** Stores of earlier versions hold warnings beside the violations: those prevented nothing. */
const WARNED = /^(?:warn|review|resume)\b/;

/** Reads a store and computes its report. @throws EngineError E_STORE */
export async function showReport({ file, sinceMs, nowMs, room, onStep }: ReportOptions): Promise<ShowReport> {
  const step = (done: number): void => onStep?.(done, STEPS);
  step(0);
  const from = nowMs - sinceMs;
  const reader = await ShowReader.open(file);
  try {
    // A row of a later time, or of none, was written by a wrong clock: no date can be made of it.
    const past = <Row extends { readonly atMs: number }>(rows: readonly Row[]): Row[] =>
      rows.filter(({ atMs }) => atMs < nowMs);
    const sessionRows = reader.sessions(from).filter(({ startedMs }) => startedMs <= nowMs);
    // The report begins with the first session in its time: an empty day before it says nothing.
    const atMs = Math.max(from, sessionRows[0]?.startedMs ?? from);
    const span: ReportSpan = { atMs, untilMs: nowMs };
    const sessions = sessionFigures(sessionRows, span);
    const byId = new Map(sessionRows.map(({ id }, i) => [id, sessions[i]!]));
    step(1);
    const lines = past(reader.lines(from));
    const events = past(reader.events(from));
    const comments = events.filter(({ kind }) => kind === 'comment');
    const [products, viewers] = [reader.products(from), past(reader.viewers(from))];
    const violations = past(reader.violations(from)).filter(({ action }) => !WARNED.test(action));
    const periods = reader.periods(from);
    step(2);
    const shown = productSpans(products, byId, span);
    const others = [...reader.audience(from), ...events.filter(({ kind }) => kind !== 'comment')];
    step(3);
    return {
      room: sessionRows.at(-1)?.room ?? room ?? '',
      createdMs: nowMs,
      ...span,
      onAirMs: totalMs(joined(sessions, 0)),
      sessions,
      products: productFigures(products, shown, lines, comments),
      productSpans: shown,
      lines: lineFigures(lines),
      comments: commentFigures(comments),
      replies: replyFigures(comments),
      audience: countBy(
        others,
        ({ kind }) => kind,
        ({ amount }) => amount,
      ),
      peakViewers: peakOf(viewers),
      violations: { total: violations.length, byRule: byRule(violations) },
      outputs: outputFigures(reader.outputs(from), byId, span),
      slate: periodFigures(periods, 'slate', span),
      mute: periodFigures(periods, 'mute', span),
      intervals: intervalFigures({ lines, comments, violations, viewers }, span),
    };
  } finally {
    await reader.close();
    step(STEPS);
  }
}

const peakOf = (rows: readonly ViewersRow[]): number | null =>
  viewersTogether(rows).reduce<number | null>((peak, { viewers }) => Math.max(peak ?? 0, viewers), null);

function byRule(violations: readonly ViolationRow[]): ReportRule[] {
  return Object.entries(countBy(violations, ({ rule }) => rule)).map(([rule, count]) => ({
    rule,
    title: ruleById(rule)?.title ?? { en: '', zh: '' },
    count,
    byAction: countBy(
      violations.filter((one) => one.rule === rule),
      ({ action }) => action,
    ),
  }));
}
