import type { Quantity } from '../numbers/quantities.js';

/**
 * Compares how long the product lasts with the listing: "stays hot for two days" where it says 12 hours.
 *
 * Problem: other languages share no words with the listing, hours are expressed as days, and a bottle has two times,
 * one for hot and one for cold.
 * Rule: a time belongs to the nearest word for heat, cold or charge before it, else to the nearest after it, and
 * contradicts the listing when it exceeds all listed times for that topic.
 */

const TOPICS: readonly (readonly [topic: string, words: RegExp])[] = [
  [
    'hot',
    /\bhot\b|\bwarm|热|熱|烫|heiss|calient|quente|chaud|\bcald[oaie]\b|горяч|тепл|ساخن|حار|sicak|panas|hangat|\bnong\b|\bnóng\b|ร้อน|温か|あったか|뜨거|따뜻|गरम|गर्म|gorac|ciepl|\bheet\b/g,
  ],
  [
    'cold',
    /\bcold\b|\bcool\b|\bic(?:e|y)\b|frozen|冷|冰|\bkalt|kuhl|\bfri[oa]s?\b|gelad|fresc|froid|frais|fredd|\bhielo|\bgelo\b|glace|ghiaccio|eiswurf|холод|лед\b|بارد|soguk|dingin|\blanh\b|เย็น|つめた|차가|시원|ठंड|zimn|\bkoud/g,
  ],
  [
    'charge',
    /batter|charge|续航|續航|电池|電池|充一次|充满|akku|bateri|laufzeit|autonomi|аккум|заряд|بطاري|شحنه|\bsarj|แบต|バッテリー|充電|배터리|충전|बैटरी|चार्ज/g,
  ],
];
const HOURS: Readonly<Record<string, number>> = { minutes: 1 / 60, hours: 1, days: 24, months: 730, years: 8760 };
const BEFORE_CHARS = 64;
const AFTER_CHARS = 32;
/** A quarter of an hour more than four hours is a manner of speaking. */
const LONGER = 1.07;

/** The longest listed time for each topic, in hours. */
export type LastingTimes = ReadonlyMap<string, number>;

function topicOf(text: string, q: Quantity): string | undefined {
  let best: string | undefined;
  let nearest = Infinity;
  for (const [topic, words] of TOPICS) {
    for (const m of text.matchAll(words)) {
      const end = m.index + m[0].length;
      const before = end <= q.start && q.start - end <= BEFORE_CHARS;
      const after = m.index >= q.end && m.index - q.end <= AFTER_CHARS;
      if (!before && !after) continue;
      const gap = before ? q.start - end : BEFORE_CHARS + m.index - q.end;
      if (gap >= nearest) continue;
      best = topic;
      nearest = gap;
    }
  }
  return best;
}

export function lastingTimes(text: string, of: readonly Quantity[], known = new Map<string, number>()): LastingTimes {
  for (const q of of) {
    const factor = HOURS[q.family];
    const topic = factor === undefined ? undefined : topicOf(text, q);
    if (topic === undefined) continue;
    known.set(topic, Math.max(known.get(topic) ?? 0, q.value * factor!));
  }
  return known;
}

/** Whether a claimed time is longer than listed. */
export function outlasts(text: string, q: Quantity, listed: LastingTimes): boolean {
  const factor = HOURS[q.family];
  if (factor === undefined || listed.size === 0) return false;
  const topic = topicOf(text, q);
  const longest = topic === undefined ? undefined : listed.get(topic);
  return longest !== undefined && q.value * factor > longest * LONGER;
}
