import type { ReportProduct, ReportSession, ReportSpan } from '../core/handles/report-handle.js';
import type { EventRow, LineRow, ProductRow } from '../store/store-rows.js';
import { clip, lengthOf } from './spans.js';

export interface ProductSpan extends ReportSpan {
  readonly product: string;
}

/** When each product was on screen. The last one of a killed session ends with the session's last sign of life. */
export function productSpans(
  rows: readonly ProductRow[],
  endOf: ReadonlyMap<number, ReportSession>,
  limits: ReportSpan,
): ProductSpan[] {
  return rows.flatMap(({ session, atMs, untilMs, product }) => {
    if (product === null) return [];
    const end = untilMs ?? endOf.get(session)?.untilMs ?? atMs;
    return clip({ product, atMs, untilMs: end }, limits) ?? [];
  });
}

export function productFigures(
  rows: readonly ProductRow[],
  spans: readonly ProductSpan[],
  lines: readonly LineRow[],
  comments: readonly EventRow[],
): ReportProduct[] {
  const titles = new Map(rows.flatMap(({ product, title }) => (product === null ? [] : [[product, title] as const])));
  return [...new Set(spans.map(({ product }) => product))]
    .map((product) => {
      const own = spans.filter((span) => span.product === product);
      return {
        product,
        title: titles.get(product) ?? '',
        times: own.length,
        shownMs: own.reduce((sum, span) => sum + lengthOf(span), 0),
        lines: lines.filter((line) => line.product === product).length,
        comments: comments.filter((comment) => comment.product === product).length,
      };
    })
    .toSorted((a, b) => b.shownMs - a.shownMs);
}
