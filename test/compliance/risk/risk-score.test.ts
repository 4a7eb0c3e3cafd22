import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ACTION_SHARES, penaltyOf, RiskScore } from '../../../src/compliance/risk/risk-score.js';
import { RULES, ruleById } from '../../../src/moderation/packs/rule-table.js';
import { silentLog } from '../../../src/core/log.js';
import { seededRandom } from '../../../src/core/random.js';
import type { RuleAction } from '../../../src/core/verdict.js';

const HOUR = 3_600_000;
const T0 = 1_795_000_000_000;

/** A score whose clocks show the given times; `wallMs` sets the wall clock separately. */
async function open(file: string, nowMs = T0, limit = 12) {
  const clock = { runMs: nowMs, wallMs: nowMs };
  const options = { limit, halfLifeHours: 12, runMs: () => clock.runMs, wallMs: () => clock.wallMs, log: silentLog };
  const score = await RiskScore.open(file, options);
  const at = (runMs: number, wallMs = runMs): RiskScore => {
    Object.assign(clock, { runMs, wallMs });
    return score;
  };
  return {
    at,
    add: (rule: string, action: RuleAction, ms: number) => at(ms).add(rule, action),
    current: (ms: number) => at(ms).current(),
    level: (ms: number) => at(ms).level(),
    clear: (ms: number) => at(ms).clear(),
    reasons: () => score.reasons(),
    flush: () => score.flush(),
    close: () => score.close(),
  };
}
const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6;

t.test('weighs a violation by its rule and its action', async (t) => {
  const risk = await open(join(t.testdir(), 'risk.json'));
  t.same(risk.current(T0), { score: 0, level: 'calm', penalty: undefined });
  t.ok(near(risk.add('5.10', 'warn', T0).score, 1), 'released: in full');
  t.ok(near(risk.add('3.3', 'blank', T0).score, 1 + 3 * 0.25), 'withheld: in part');
  t.ok(near(risk.add('1.1', 'refuse', T0).score, 1.75), 'refused before the show: not at all');
  await risk.close();
});

t.test('a score halves in its half-life', async (t) => {
  const risk = await open(join(t.testdir(), 'risk.json'));
  risk.add('3.1', 'warn', T0);
  t.ok(near(risk.current(T0 + 12 * HOUR).score, 3));
  t.ok(near(risk.current(T0 + 36 * HOUR).score, 0.75));
  t.same(risk.level(T0 + 3000 * HOUR), 'calm');
  t.same(risk.reasons(), [], 'drops rules without a contribution');
  await risk.close();
});

t.test('levels: calm, raised, limit; the limit is left at half of it only', async (t) => {
  const risk = await open(join(t.testdir(), 'risk.json'));
  t.equal(risk.add('3.2', 'warn', T0).level, 'calm');
  t.equal(risk.add('3.2', 'warn', T0).level, 'raised');
  const at = risk.add('3.1', 'warn', T0);
  t.same([at.level, at.penalty], ['limit', 'freeze-7-days']);
  t.equal(risk.level(T0 + 6 * HOUR), 'limit', 'still at 8.5 of 12');
  t.equal(risk.level(T0 + 12.1 * HOUR), 'calm');
  await risk.close();
});

t.test('reasons name the rules, largest first', async (t) => {
  const risk = await open(join(t.testdir(), 'risk.json'));
  risk.add('5.10', 'warn', T0);
  risk.add('3.3', 'warn', T0);
  risk.add('3.3', 'warn', T0 + 1000);
  const [first, second] = risk.reasons();
  t.match(first, { rule: '3.3', count: 2, lastMs: T0 + 1000, title: { en: 'Codes to scan' } });
  t.match(second, { rule: '5.10', count: 1 });
  await risk.close();
});

t.test('a restart keeps the score and the reached limit', async (t) => {
  const file = join(t.testdir(), 'new', 'risk.json');
  const before = await open(file);
  before.add('3.1', 'warn', T0);
  before.add('4.1', 'warn', T0);
  await before.flush();
  const killed = await open(file, T0 + 6 * HOUR);
  t.ok(near(killed.current(T0 + 6 * HOUR).score, 12 * 2 ** -0.5), 'flushed, never closed');
  t.equal(killed.level(T0 + 6 * HOUR), 'limit');
  t.equal(killed.reasons().length, 2);
  await before.close();
  await killed.close();
  t.same(readdirSync(join(file, '..')), ['risk.json'], 'no other file is left behind');
});

t.test('a person can clear it, and the clearing is kept', async (t) => {
  const file = join(t.testdir(), 'risk.json');
  const risk = await open(file);
  risk.add('1.1', 'warn', T0);
  t.equal(risk.level(T0), 'limit');
  risk.clear(T0 + 1);
  t.same(risk.current(T0 + 1), { score: 0, level: 'calm', penalty: undefined });
  await risk.close();
  const next = await open(file, T0 + 2);
  t.equal(next.level(T0 + 2), 'calm');
  await next.close();
});

t.test('many violations at once are all on disk after close', async (t) => {
  const file = join(t.testdir(), 'risk.json');
  const risk = await open(file, T0, 1000);
  for (let i = 0; i < 200; i += 1) risk.add('5.8', 'warn', T0 + i);
  await risk.close();
  await risk.close();
  t.equal((JSON.parse(readFileSync(file, 'utf8')) as { rules: { '5.8': { count: number } } }).rules['5.8'].count, 200);
  t.throws(() => risk.add('5.8', 'warn', T0), { code: 'E_CLOSED' });
  t.throws(() => risk.clear(T0), { code: 'E_CLOSED' });
});

t.test('a damaged file is an error, not a clean score', async (t) => {
  const good = { version: 1, atMs: T0, limited: false, rules: { '3.3': { score: 3, count: 1, lastMs: T0 } } };
  for (const text of [
    '',
    '{"version":1',
    '[]',
    JSON.stringify({ ...good, version: 2 }),
    JSON.stringify({ ...good, rules: { '3.3': { score: -3, count: 1, lastMs: T0 } } }),
    JSON.stringify({ ...good, atMs: 'today' }),
  ]) {
    const file = join(t.testdir({ 'risk.json': text }), 'risk.json');
    await t.rejects(open(file), { code: 'E_RISK', where: file }, text);
    t.equal(readFileSync(file, 'utf8'), text, 'and the file is unchanged');
  }
});

t.test('a clock that goes back neither revives nor halves a score', async (t) => {
  const file = join(t.testdir(), 'risk.json');
  const risk = await open(file);
  risk.add('3.1', 'warn', T0 + 12 * HOUR);
  t.ok(near(risk.current(T0).score, 6));
  t.ok(near(risk.add('5.10', 'warn', T0 + HOUR).score, 7));
  await risk.close();
  const early = await open(file, T0);
  t.ok(near(early.current(T0).score, 7), 'written by a fast clock');
  t.ok(near(early.current(T0 + 12 * HOUR).score, 3.5), 'and from now on it decays');
  await early.close();
});

t.test('only the monotonic clock counts while the engine runs', async (t) => {
  const file = join(t.testdir(), 'risk.json');
  const risk = await open(file);
  risk.add('3.1', 'warn', T0);
  const year = 365 * 24 * HOUR;
  t.ok(near(risk.at(T0, T0 + year).current().score, 6), 'a year ahead for a moment');
  t.ok(near(risk.at(T0, T0 + year).add('3.1', 'warn').score, 12), 'and written then');
  t.ok(near(risk.at(T0 + 12 * HOUR, T0 + 12 * HOUR).current().score, 6), 'corrected: it decays as before');
  t.ok(near(risk.at(T0 + 24 * HOUR, T0 - year).current().score, 3), 'and under a clock set back');
  await risk.close();
});

t.test('between two runs a clock set back counts as no time, one set ahead as three half-lives', async (t) => {
  const year = 365 * 24 * HOUR;
  for (const [then, score] of [
    [T0 - year, 6],
    [T0 + 12 * HOUR, 3],
    [T0 + 36 * HOUR, 0.75],
    [T0 + year, 0.75],
  ] as const) {
    const file = join(t.testdir(), 'risk.json');
    const before = await open(file);
    before.add('3.1', 'warn', T0);
    await before.close();
    const after = await open(file, then);
    t.ok(near(after.current(then).score, score), `${(then - T0) / HOUR} h later`);
    t.ok(near(after.current(then + 12 * HOUR).score, score / 2), 'and from now on it decays');
    await after.close();
  }
});

t.test('saves the decay without a new violation: each hour, and at the end', async (t) => {
  const file = join(t.testdir(), 'risk.json');
  const onDisk = (): number =>
    (JSON.parse(readFileSync(file, 'utf8')) as { rules: { '3.1': { score: number } } }).rules['3.1'].score;
  const risk = await open(file);
  risk.add('3.1', 'warn', T0);
  await risk.flush();
  risk.current(T0 + 12 * HOUR);
  await risk.flush();
  t.ok(near(onDisk(), 3));
  risk.at(T0 + 24 * HOUR);
  await risk.close();
  t.ok(near(onDisk(), 1.5));
});

t.test('refuses an unknown rule or an invalid time', async (t) => {
  const risk = await open(join(t.testdir(), 'risk.json'));
  t.throws(() => risk.add('9.9', 'warn', T0), { code: 'E_INTERNAL' });
  t.throws(() => risk.add('3.3', 'warn', Number.NaN), RangeError);
  t.throws(() => risk.level(-1), RangeError);
  risk.at(T0);
  await risk.close();
  await t.rejects(open(join(t.testdir(), 'x.json'), T0, 0), RangeError);
});

t.test('reports an unwritable file at flush, and writes it once possible', async (t) => {
  const file = join(t.testdir(), 'risk.json');
  const risk = await open(file);
  // A folder in the file's place: the rename fails for every user.
  mkdirSync(file);
  risk.add('3.3', 'warn', T0);
  await t.rejects(risk.flush(), { code: 'E_RISK' });
  t.equal(risk.level(T0), 'calm', 'the score itself continues');
  rmdirSync(file);
  await risk.close();
  t.ok(existsSync(file), 'close retries the failed write');
  const next = await open(file);
  t.ok(near(next.current(T0).score, 3));
  await next.close();
});

t.test('property: the score is the sum of decayed weights, and restarts change nothing', async (t) => {
  const random = seededRandom(17);
  const actions = Object.keys(ACTION_SHARES) as RuleAction[];
  for (let round = 0; round < 8; round += 1) {
    const file = join(t.testdir(), 'risk.json');
    let risk = await open(file, T0, 500);
    let now = T0;
    const past: [number, number][] = [];
    for (let i = 0; i < 40; i += 1) {
      now += Math.floor(random() * 2 * HOUR);
      const rule = RULES[Math.floor(random() * RULES.length)]!.id;
      const action = actions[Math.floor(random() * actions.length)]!;
      past.push([now, ruleById(rule)!.weight * ACTION_SHARES[action]]);
      const { score } = risk.add(rule, action, now);
      const want = past.reduce((sum, [at, weight]) => sum + weight * 2 ** (-(now - at) / (12 * HOUR)), 0);
      // Contributions under 0.001 are dropped, at most one per rule each time.
      if (Math.abs(score - want) > 0.05) t.fail(`${score} instead of ${want}`);
      if (random() < 0.2) {
        await risk.close();
        risk = await open(file, now, 500);
      }
    }
    await risk.close();
  }
});

t.test('the ladder: from a warning to a freeze of 90 days', async (t) => {
  t.same([0, 0.9, 1, 3, 6, 12, 24, 1000].map(penaltyOf), [
    undefined,
    undefined,
    'warning',
    'off-air',
    'deletion',
    'freeze-7-days',
    'freeze-90-days',
    'freeze-90-days',
  ]);
});

t.test('an unreadable file is an error', async (t) => {
  // A folder in its place: unlike a forbidden file, root cannot read it either.
  const file = join(t.testdir(), 'risk.json');
  mkdirSync(file);
  await t.rejects(open(file), { code: 'E_RISK' });
});
