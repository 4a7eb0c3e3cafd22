import type {
  ReportComments,
  ReportIntent,
  ReportQuestion,
  ReportReplies,
  ReportSpan,
} from '../config/api/report-handle.js';
import type { EventRow } from '../store/show-reader.js';

const MAX_QUESTIONS = 300;
const ANSWERED: ReadonlySet<string> = new Set(['answered', 'merged']);
const UNANSWERED: ReadonlySet<string> = new Set(['open', 'unanswered']);
/** Limits of the histogram's ranges. */
const RANGES_MS = [250, 500, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000] as const;

export const isAnswered = ({ outcome }: EventRow): boolean => ANSWERED.has(outcome);

export const lengthOf = ({ atMs, untilMs }: ReportSpan): number => Math.max(0, untilMs - atMs);

export const totalMs = (spans: readonly ReportSpan[]): number => spans.reduce((sum, span) => sum + lengthOf(span), 0);

/** The part within the limits; undefined outside of them. */
export function clip<T extends ReportSpan>(span: T, { atMs, untilMs }: ReportSpan): T | undefined {
  const clipped = { ...span, atMs: Math.max(span.atMs, atMs), untilMs: Math.min(span.untilMs, untilMs) };
  return clipped.untilMs > clipped.atMs ? clipped : undefined;
}

/** Joins spans that overlap or follow each other within the gap. Sorted by begin. */
export function joined(spans: readonly ReportSpan[], gapMs: number): ReportSpan[] {
  const result: ReportSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.atMs - b.atMs)) {
    const last = result.at(-1);
    if (last !== undefined && span.atMs <= last.untilMs + gapMs)
      result[result.length - 1] = { atMs: last.atMs, untilMs: Math.max(last.untilMs, span.untilMs) };
    else result.push({ atMs: span.atMs, untilMs: span.untilMs });
  }
  return result;
}

/** Counts by key, largest first. */
export function countBy<T>(
  items: readonly T[],
  key: (item: T) => string,
  amount: (item: T) => number = () => 1,
): Record<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + amount(item));
  return Object.fromEntries([...counts].toSorted((a, b) => b[1] - a[1]));
}

/** The value below which a share of the sorted values lies. */
const quantile = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))];

export function commentFigures(comments: readonly EventRow[]): ReportComments {
  const users = new Set(comments.flatMap(({ platform, user }) => (user === null ? [] : [`${platform}\n${user}`])));
  const open = questions(comments.filter(({ outcome }) => UNANSWERED.has(outcome)));
  return {
    total: comments.length,
    byOutcome: countBy(comments, ({ outcome }) => outcome),
    byPlatform: countBy(comments, ({ platform }) => platform),
    byIntent: byIntent(comments),
    viewers: users.size === 0 ? null : users.size,
    unanswered: open.slice(0, MAX_QUESTIONS),
    unansweredMore: Math.max(0, open.length - MAX_QUESTIONS),
  };
}

function byIntent(comments: readonly EventRow[]): ReportIntent[] {
  const intents = new Map<string, { comments: number; answered: number; unanswered: number }>();
  for (const comment of comments) {
    // A hostile comment has no intent, and an ignored one asks for nothing.
    if (comment.outcome === 'hostile' || comment.outcome === 'ignored') continue;
    const figures = intents.get(comment.intent ?? '') ?? { comments: 0, answered: 0, unanswered: 0 };
    figures.comments += 1;
    figures[isAnswered(comment) ? 'answered' : 'unanswered'] += 1;
    intents.set(comment.intent ?? '', figures);
  }
  return [...intents].map(([intent, figures]) => ({ intent, ...figures })).toSorted((a, b) => b.comments - a.comments);
}

/** Equal questions are counted together whatever their case, spaces and punctuation. */
function questions(open: readonly EventRow[]): ReportQuestion[] {
  const asked = new Map<string, ReportQuestion>();
  for (const { text, product, atMs, reason } of open) {
    if (text === null) continue;
    const key = text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '');
    if (key === '') continue;
    const known = asked.get(key);
    if (known === undefined) asked.set(key, { text: text.trim(), times: 1, product, lastMs: atMs, reason });
    else asked.set(key, { ...known, times: known.times + 1, lastMs: atMs, reason });
  }
  return [...asked.values()].toSorted((a, b) => b.times - a.times || b.lastMs - a.lastMs);
}

export function replyFigures(comments: readonly EventRow[]): ReportReplies {
  const replies = comments.flatMap(({ path, replyMs, outcome }) =>
    replyMs === null || outcome === 'hostile' ? [] : [{ path: path ?? '', replyMs }],
  );
  const times = replies.map(({ replyMs }) => replyMs).sort((a, b) => a - b);
  const paths = [...new Set(replies.map(({ path }) => path))];
  return {
    count: times.length,
    p50Ms: quantile(times, 0.5) ?? null,
    p95Ms: quantile(times, 0.95) ?? null,
    byPath: paths
      .map((path) => {
        const own = replies
          .filter((one) => one.path === path)
          .map(({ replyMs }) => replyMs)
          .sort((a, b) => a - b);
        return { path, count: own.length, p50Ms: quantile(own, 0.5)!, p95Ms: quantile(own, 0.95)! };
      })
      .toSorted((a, b) => b.count - a.count),
    histogram: [...RANGES_MS, null].map((toMs, i) => {
      const fromMs = RANGES_MS[i - 1] ?? 0;
      const count = times.filter((ms) => ms >= fromMs && (toMs === null || ms < toMs)).length;
      return { fromMs, toMs, count };
    }),
  };
}
