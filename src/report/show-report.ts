import type {
  ReportRule,
  ReportSpan,
  ShowReport,
  ReportSession,
  ReportPeriods,
  ReportProduct,
  ReportInterval,
  ReportLines,
  ReportRepeat,
  ReportOutput,
} from '../config/api/report-handle.js';
import { ruleById } from '../moderation/packs/index.js';
import {
  type EventRow,
  type LineRow,
  type OutputRow,
  type PeriodRow,
  type ProductRow,
  type SessionRow,
  ShowReader,
  type ViewersRow,
  type ViolationRow,
} from '../store/show-reader.js';
import {
  commentFigures,
  replyFigures,
  isAnswered,
  countBy,
  joined,
  totalMs,
  clip,
  lengthOf,
} from './comment-figures.js';

const DELIVERING: ReadonlySet<string> = new Set(['live', 'degraded']);
type StateSpan = ReportSpan & { readonly state: string };

/** State and uptime of each output over the time that its sessions were on air. */
function outputFigures(
  rows: readonly OutputRow[],
  sessions: ReadonlyMap<number, ReportSession>,
  limits: ReportSpan,
): ReportOutput[] {
  return [...new Set(rows.map(({ output }) => output))].map((output) => {
    const own = rows.filter((row) => row.output === output);
    const spans = [...sessions].flatMap(([id, session]) =>
      statesIn(
        own.filter((row) => row.session === id),
        session,
      ),
    );
    const clipped = spans.flatMap((span) => clip(span, limits) ?? []);
    const liveMs = totalMs(clipped.filter(({ state }) => DELIVERING.has(state)));
    const { kind, target } = own.at(-1)!;
    return {
      output,
      kind,
      target,
      uptime: clipped.length === 0 ? 0 : liveMs / totalMs(clipped),
      liveMs,
      interruptions: interruptions(clipped),
      lastError: own.findLast(({ error }) => error !== '')?.error ?? '',
      spans: mergeStates(clipped),
    };
  });
}

/** From the session's begin to its end without a gap: before its first change an output is connecting. */
function statesIn(rows: readonly OutputRow[], session: ReportSession): StateSpan[] {
  if (rows.length === 0) return [];
  // Ignore the stop at the end of the session.
  const changes = rows.filter(({ atMs, state }) => state !== 'stopped' || atMs < session.untilMs - 5000);
  const first: StateSpan = {
    state: 'connecting',
    atMs: session.atMs,
    untilMs: Math.min(session.untilMs, Math.max(session.atMs, changes[0]?.atMs ?? session.untilMs)),
  };
  const rest = changes.map(({ state, atMs }, i) => ({
    state,
    atMs: Math.max(session.atMs, atMs),
    untilMs: Math.min(session.untilMs, Math.max(session.atMs, changes[i + 1]?.atMs ?? session.untilMs)),
  }));
  return [first, ...rest].filter((span) => span.untilMs > span.atMs);
}

const interruptions = (spans: readonly StateSpan[]): number =>
  spans.filter(({ state, atMs }, i) => {
    const before = spans[i - 1];
    return before !== undefined && before.untilMs === atMs && DELIVERING.has(before.state) && !DELIVERING.has(state);
  }).length;

/** Neighbours of one state become one span; connecting and waiting to connect look alike. */
function mergeStates(spans: readonly StateSpan[]): StateSpan[] {
  const merged: StateSpan[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last?.state === span.state && last.untilMs === span.atMs)
      merged[merged.length - 1] = { ...last, untilMs: span.untilMs };
    else merged.push(span);
  }
  return merged;
}

/** A sentence should not be said again within two hours. */
const REPEAT_GOAL_MS = 2 * 3_600_000;
/** Shorter ones, such as "Hello!" or "好的。", may come again. Chinese, Japanese and Korean need fewer characters. */
const MIN_LETTERS = 12;
const MIN_IDEOGRAMS = 6;
const MAX_REPEATS = 20;

const IDEOGRAM = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** Sentences of a line that are long enough to be noticed when they come again. */
export function sentencesOf(text: string, language: string): string[] {
  const segments = new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text);
  return Array.from(segments, ({ segment }) => segment.trim()).filter((sentence) => {
    const letters = sentence.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
    const ideograms = sentence.match(IDEOGRAM)?.length ?? 0;
    return ideograms > letters / 2 ? letters >= MIN_IDEOGRAMS : letters >= MIN_LETTERS;
  });
}

/** Lines by kind and language, and how soon sentences come again. Rows are sorted by time. */
function lineFigures(rows: readonly LineRow[]): ReportLines {
  const split = new Map<string, readonly string[]>();
  const said = new Map<string, { times: number; lastMs: number; shortestGapMs: number }>();
  let [sentences, tooSoon] = [0, 0];
  for (const { text, language, atMs } of rows) {
    const key = `${language}\n${text}`;
    const parts = split.get(key) ?? sentencesOf(text, languageOr(language));
    split.set(key, parts);
    for (const sentence of parts) {
      sentences += 1;
      const known = said.get(sentence);
      if (known === undefined) {
        said.set(sentence, { times: 1, lastMs: atMs, shortestGapMs: Infinity });
        continue;
      }
      const gapMs = atMs - known.lastMs;
      if (gapMs < REPEAT_GOAL_MS) tooSoon += 1;
      known.times += 1;
      known.lastMs = atMs;
      known.shortestGapMs = Math.min(known.shortestGapMs, gapMs);
    }
  }
  const repeats: ReportRepeat[] = [...said]
    .filter(([, { times }]) => times > 1)
    .map(([text, { times, shortestGapMs }]) => ({ text, times, shortestGapMs }))
    .toSorted((a, b) => a.shortestGapMs - b.shortestGapMs || b.times - a.times);
  return {
    spoken: rows.length,
    byKind: countBy(rows, ({ kind }) => kind),
    byLanguage: countBy(rows, ({ language }) => language),
    sentences,
    differentSentences: said.size,
    shortestGapMs: repeats[0]?.shortestGapMs ?? null,
    goalMs: REPEAT_GOAL_MS,
    tooSoon,
    repeats: repeats.slice(0, MAX_REPEATS),
  };
}

/** Rows of another engine may hold a language that this one cannot use. */
function languageOr(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

const MINUTE_MS = 60_000;
/** Lengths of a bar; the shortest that gives at most `MAX_BARS` is taken. */
const LENGTHS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map((min) => min * MINUTE_MS);
const MAX_BARS = 60;
const VIEWERS_LOOK_MS = MINUTE_MS;

interface DatedRows {
  readonly lines: readonly LineRow[];
  readonly comments: readonly EventRow[];
  readonly violations: readonly ViolationRow[];
  readonly viewers: readonly ViewersRow[];
}

/** Figures over time, in at most 60 bars of one length. */
function intervalFigures(rows: DatedRows, { atMs, untilMs }: ReportSpan): ReportInterval[] {
  const lengthMs = LENGTHS_MS.find((ms) => (untilMs - atMs) / ms <= MAX_BARS - 1) ?? LENGTHS_MS.at(-1)!;
  const first = Math.floor(atMs / lengthMs);
  const count = Math.max(1, Math.ceil(untilMs / lengthMs) - first);
  const bars = Array.from({ length: count }, (_, i) => ({
    atMs: (first + i) * lengthMs,
    untilMs: (first + i + 1) * lengthMs,
    lines: 0,
    comments: 0,
    answered: 0,
    violations: 0,
    viewers: null as number | null,
  }));
  const barAt = (ms: number): (typeof bars)[number] | undefined => bars[Math.floor(ms / lengthMs) - first];
  for (const { atMs: at } of rows.lines) add(barAt(at), 'lines');
  for (const { atMs: at } of rows.violations) add(barAt(at), 'violations');
  for (const comment of rows.comments) {
    add(barAt(comment.atMs), 'comments');
    if (isAnswered(comment)) add(barAt(comment.atMs), 'answered');
  }
  for (const { atMs: at, viewers } of viewersTogether(rows.viewers)) {
    const bar = barAt(at);
    if (bar !== undefined) bar.viewers = Math.max(bar.viewers ?? 0, viewers);
  }
  return bars;
}

const add = (
  bar: Record<'lines' | 'comments' | 'answered' | 'violations', number> | undefined,
  key: 'lines' | 'comments' | 'answered' | 'violations',
): void => {
  if (bar !== undefined) bar[key] += 1;
};

/** Viewers of all outputs at each look. */
function viewersTogether(rows: readonly ViewersRow[]): { atMs: number; viewers: number }[] {
  const looks = new Map<number, Map<string, number>>();
  for (const { atMs, output, viewers } of rows) {
    const minute = Math.floor(atMs / VIEWERS_LOOK_MS) * VIEWERS_LOOK_MS;
    const look = looks.get(minute) ?? new Map<string, number>();
    look.set(output, Math.max(viewers, look.get(output) ?? 0));
    looks.set(minute, look);
  }
  return [...looks].map(([atMs, look]) => ({ atMs, viewers: [...look.values()].reduce((sum, n) => sum + n, 0) }));
}

interface ProductSpan extends ReportSpan {
  readonly product: string;
}

/** When each product was on screen. The last one of a killed session ends with the session's last sign of life. */
function productSpans(
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

function productFigures(
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

/** Pieces of one period follow each other at once; a new one begins at the next look, a second later. */
const PIECE_GAP_MS = 1500;

/** Times under the slate or in silence; times with two causes count once in the total. */
function periodFigures(rows: readonly PeriodRow[], kind: string, limits: ReportSpan): ReportPeriods {
  const own = rows.filter((row) => row.kind === kind).flatMap((row) => clip(row, limits) ?? []);
  const causes = [...new Set(own.map(({ cause }) => cause))];
  const spans = causes.flatMap((cause) =>
    joined(
      own.filter((row) => row.cause === cause),
      PIECE_GAP_MS,
    ).map((span) => ({ ...span, cause })),
  );
  return {
    totalMs: totalMs(joined(own, 0)),
    byCause: Object.fromEntries(
      causes
        .map((cause) => [cause, totalMs(spans.filter((span) => span.cause === cause))] as const)
        .toSorted((a, b) => b[1] - a[1]),
    ),
    spans: spans.toSorted((a, b) => a.atMs - b.atMs),
  };
}

/** After this time without a sign of life a session is over; the engine gives one every 10 s. */
const SILENT_MS = 35_000;

/** Sessions with their end: a killed engine wrote none, its last sign of life counts. */
function sessionFigures(rows: readonly SessionRow[], { atMs, untilMs }: ReportSpan): ReportSession[] {
  return rows.map((row) => {
    const alive = row.endedMs === null && untilMs - row.seenMs < SILENT_MS;
    const end = row.endedMs ?? (alive ? untilMs : row.seenMs);
    return {
      atMs: Math.max(atMs, row.startedMs),
      untilMs: Math.max(row.startedMs, atMs, Math.min(untilMs, end)),
      ended: alive ? 'on-air' : row.ended === 'failed' ? 'failed' : row.ended === 'stopped' ? 'stopped' : 'killed',
      version: row.version,
      frames: row.frames,
      replaced: row.replaced,
      muted: row.muted,
      late: row.late,
    };
  });
}

export interface ReportOptions {
  readonly file: string;
  /** Length of the reported time. */
  readonly sinceMs: number;
  /** End of the reported time: now, or the end of an earlier show. */
  readonly nowMs: number;
  /** Room name for a store without sessions in that time. */
  readonly room?: string | undefined;
  /** Called before each part. */
  readonly onStep?: (done: number, of: number) => void;
}

const STEPS = 4;
/** Stores of earlier versions hold warnings beside the violations: those prevented nothing. */
const WARNED = /^(?:warn|review|resume)\b/;

/** An engine that comes within this time goes on with the show: after a crash, or on another machine. */
const GOES_ON_MS = 60_000;

/** A show that was on air, or still is; `id` is that of its first session. */
export interface ShowSession extends ReportSession {
  readonly id: number;
}

/** The shows of a store, newest first. @throws EngineError E_STORE */
export async function showSessions({
  file,
  sinceMs,
  nowMs,
}: Pick<ReportOptions, 'file' | 'sinceMs' | 'nowMs'>): Promise<ShowSession[]> {
  const reader = await ShowReader.open(file);
  try {
    const rows = reader.sessions(nowMs - sinceMs).filter(({ startedMs }) => startedMs <= nowMs);
    const figures = sessionFigures(rows, { atMs: 0, untilMs: nowMs });
    const shows: ShowSession[] = [];
    for (const [i, { id }] of rows.entries()) {
      const [last, next] = [shows.at(-1), figures[i]!];
      if (last === undefined || next.atMs - last.untilMs > GOES_ON_MS) shows.push({ id, ...next });
      else shows[shows.length - 1] = together(last, next);
    }
    return shows.toReversed();
  } finally {
    await reader.close();
  }
}

const together = (show: ShowSession, next: ReportSession): ShowSession => ({
  ...next,
  id: show.id,
  atMs: show.atMs,
  untilMs: Math.max(show.untilMs, next.untilMs),
  frames: show.frames + next.frames,
  replaced: show.replaced + next.replaced,
  muted: show.muted + next.muted,
  late: show.late + next.late,
});

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
    const others = [...reader.audience(from, nowMs), ...events.filter(({ kind }) => kind !== 'comment')];
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
