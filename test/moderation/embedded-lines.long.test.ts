import t from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { corpusLines } from './corpus-lines.js';
import { besides, NEIGHBOURS } from './neighbours.js';

/** Lines per rule and language. */
const LINES_EACH = 1;
/** Rules independent of the sense: foreign language and repetition. */
const OTHER_WAYS: ReadonlySet<string> = new Set(['2.3', '5.6']);
/** Longer lines are split into groups of sentences anyway. */
const LONGEST = 200;
/** Only every n-th line is judged. */
const STEP = 7;
/**
 * Maximum shares lost: none of lines matched by words, one in fifty of lines matched by sense only (Thai writes no
 * stops).
 */
const MAX_SENSE_LOST = 0.02;

t.test('a violation is also found before, between and after harmless sentences', async (t) => {
  const judge = new TextJudge();
  const seen = new Map<string, number>();
  const tally = { words: { all: 0, lost: 0 }, sense: { all: 0, lost: 0 } };
  for (const { text, language, rules, source: surface = 'speech' } of corpusLines(STEP)) {
    const base = language.slice(0, 2);
    const [rule] = rules;
    if (rule === undefined || OTHER_WAYS.has(rule) || text.length > LONGEST || NEIGHBOURS[base] === undefined) continue;
    const hits = judge.judge(text, { surface, language }).hits.filter((h) => h.rule === rule);
    const count = seen.get(base + rule) ?? 0;
    if (hits.length === 0 || count >= LINES_EACH) continue;
    seen.set(base + rule, count + 1);
    const kind = hits.every((h) => h.kind === 'sense') ? tally.sense : tally.words;
    for (const [place, embedded] of besides(text, base)) {
      const held = judge.judge(embedded, { surface, language }).hits.some((h) => h.rule === rule);
      kind.all += 1;
      if (held) continue;
      kind.lost += 1;
      t.comment(`${rule} ${place}: ${embedded}`);
    }
  }
  t.ok(tally.words.all > 700, `${tally.words.all} lines with words`);
  t.ok(tally.sense.all > 450, `${tally.sense.all} lines without`);
  t.equal(tally.words.lost, 0);
  t.ok(tally.sense.lost / tally.sense.all <= MAX_SENSE_LOST, `${tally.sense.lost} of ${tally.sense.all} lost`);
});

t.test('the surrounding sentences are harmless, alone and together', async (t) => {
  const judge = new TextJudge();
  for (const [language, [before, after]] of Object.entries(NEIGHBOURS))
    for (const text of [before, after, `${before} ${after}`])
      t.same(judge.judge(text, { surface: 'speech', language }).hits, [], text);
});

t.test('each payment service line remains a hit between the longest harmless sentences', async (t) => {
  const judge = new TextJudge();
  for (const [language, payment] of [
    ['en', 'Please send money by Western Union today.'],
    ['zh', '可以用支付宝转账。'],
    ['de', 'Die Anzahlung geht per Überweisung auf unser Sparkassenkonto.'],
    ['es', 'El anticipo va por bizum a mi número.'],
    ['ru', 'Предоплату переведите мне на карту Сбера.'],
  ] as const) {
    const [before, after] = NEIGHBOURS[language]!;
    const text = `${before} ${after} ${payment} ${after} ${before}`;
    const hits = judge.judge(text, { surface: 'speech', language }).hits.filter((h) => h.rule === '3.1');
    t.ok(hits.length > 0, text);
  }
});
