import type { ReportLines, ReportRepeat } from '../core/handles/report-handle.js';
import type { LineRow } from '../store/store-rows.js';
import { countBy } from './spans.js';

/** A sentence should not be said again within two hours. */
export const REPEAT_GOAL_MS = 2 * 3_600_000;
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
export function lineFigures(rows: readonly LineRow[]): ReportLines {
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
