import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { corpusLines } from '../corpus-lines.js';
import { NEIGHBOURS } from '../neighbours.js';

/** Lines per rule and language. */
const LINES_EACH = 1;
/** Rules independent of the sense. */
const OTHER_WAYS: ReadonlySet<string> = new Set(['2.3', '5.6']);
const LONGEST = 90;
const STEP = 7;
/** Maximum shares of lost violations, and of harmless lines reported. */
const MAX_LOST = 0.1;
const MAX_ALARMS = 0.01;
const STOP = /[.!?…。！？।؟]+$/;
const COMMAS: Readonly<Record<string, string>> = { ar: '، ', ja: '、', th: ' ', zh: '，' };

/** A line as one clause among harmless ones: "…, the line, …". */
function joined(text: string, base: string): string {
  const comma = COMMAS[base] ?? ', ';
  const [before, after] = NEIGHBOURS[base]!.map((s) => s.replace(STOP, ''));
  return [before, text.replace(STOP, ''), after].join(comma);
}

t.test('a violation is found as one clause among harmless ones, and a harmless line stays clean', async (t) => {
  const judge = new TextJudge();
  const seen = new Map<string, number>();
  const tally = { broken: 0, lost: 0, harmless: 0, alarms: 0 };
  for (const { text, language, rules, source: surface = 'speech' } of corpusLines(STEP)) {
    const base = language.slice(0, 2);
    const [rule = ''] = rules;
    if (OTHER_WAYS.has(rule) || text.length > LONGEST || NEIGHBOURS[base] === undefined) continue;
    const alone = judge.judge(text, { surface, language }).hits;
    if (rule === '' ? alone.length > 0 : !alone.some((h) => h.rule === rule)) continue;
    const count = seen.get(base + rule) ?? 0;
    if (count >= (rule === '' ? 40 : LINES_EACH)) continue;
    seen.set(base + rule, count + 1);
    const { hits } = judge.judge(joined(text, base), { surface, language });
    if (rule === '') {
      tally.harmless += 1;
      if (hits.length === 0) continue;
      tally.alarms += 1;
    } else {
      tally.broken += 1;
      if (hits.some((h) => h.rule === rule)) continue;
      tally.lost += 1;
    }
    t.comment(`${rule}: ${joined(text, base)} (${hits.map((h) => `${h.rule} ${h.match}`).join()})`);
  }
  t.ok(tally.broken > 250, `${tally.broken} lines that break a rule`);
  t.ok(tally.harmless > 500, `${tally.harmless} harmless lines`);
  t.ok(tally.lost / tally.broken <= MAX_LOST, `${tally.lost} of ${tally.broken} lost`);
  t.ok(tally.alarms / tally.harmless <= MAX_ALARMS, `${tally.alarms} of ${tally.harmless} alarmed`);
});
