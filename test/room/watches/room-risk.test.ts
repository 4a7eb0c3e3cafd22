import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { silentLog } from '../../../src/core/log.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { RoomRisk } from '../../../src/room/watches/room-risk.js';

const HOUR_MS = 3_600_000;
const code: LedgerEntry = { kind: 'frame', rule: '3.3', surface: 'frame', action: 'blank', evidence: 'https://x.y' };

function rig(t: Test, dir = t.testdir()) {
  const clock = { ms: 1_000_000_000 };
  const notes: LedgerEntry[] = [];
  let limits = 0;
  const open = (ledger = 'ledger.jsonl'): Promise<RoomRisk> =>
    RoomRisk.open({
      limit: 3,
      halfLifeHours: 12,
      log: silentLog,
      ledgerFile: join(dir, ledger),
      wallMs: () => clock.ms,
      runMs: () => clock.ms,
      note: (entry) => notes.push(entry),
      onLimit: () => (limits += 1),
    });
  return { dir, clock, notes, open, limits: () => limits };
}

t.test('reaches the limit once after enough violations and records the reasons', async (t) => {
  const { notes, open, limits } = rig(t);
  const risk = await open();
  t.teardown(() => risk.close());
  risk.begin();
  for (let i = 0; i < 3; i += 1) risk.take(code);
  t.match(risk.snapshot(), { score: 2.25, level: 'raised', reasons: [{ rule: '3.3', count: 3 }] });
  t.equal(limits(), 0);
  for (let i = 0; i < 3; i += 1) risk.take(code);
  t.equal(limits(), 1);
  t.match(notes, [
    {
      kind: 'room',
      rule: 'P',
      action: 'risk-slate',
      evidence: /^3\.3 Codes to scan ×4$/,
      detail: { score: 3, limit: 3, penalty: 'off-air' },
    },
  ]);
  t.equal(notes.length, 1);
  risk.take(notes[0]!);
  t.equal(risk.snapshot().score, 4.5, 'its own entry is no violation');
});

t.test('ignores warnings, refusals and entries without a rule', async (t) => {
  const { open } = rig(t);
  const risk = await open();
  t.teardown(() => risk.close());
  const base = { surface: 'frame', rule: '5.11' } as const;
  risk.take({ ...base, kind: 'frame', action: 'warn' });
  risk.take({ ...base, kind: 'frame', action: 'warn-over' });
  risk.take({ kind: 'text', rule: '3.2', surface: 'speech', action: 'refuse' });
  risk.take({ kind: 'admission', rule: '3.3', surface: 'frame', action: 'refuse' });
  risk.take({ kind: 'frame', action: 'blank', detail: { unjudged: 'thread' } });
  risk.take({ kind: 'operator', action: 'mute' });
  t.strictSame(risk.snapshot(), { score: 0, level: 'calm', reasons: [] });
});

t.test('counts a scripted line once an hour', async (t) => {
  const { open, clock } = rig(t);
  const risk = await open();
  t.teardown(() => risk.close());
  const muted = (line: string): void =>
    risk.take({ kind: 'text', rule: '3.2', surface: 'speech', action: 'mute', evidence: '138', detail: { line } });
  for (let round = 0; round < 5; round += 1) muted(`s${round}.0.2`);
  t.equal(risk.snapshot().score, 0.6);
  muted('s5.1.2');
  t.equal(risk.snapshot().score, 1.2, 'another line is another violation');
  muted('say-1');
  muted('say-2');
  t.equal(risk.snapshot().score, 2.4, 'and so is each inserted line');
  clock.ms += HOUR_MS;
  const before = risk.snapshot().score;
  muted('s9.0.2');
  t.ok(Math.abs(risk.snapshot().score - before - 0.6) < 0.02);
});

t.test('keeps the limit over a restart; only a person lifts the slate, not time', async (t) => {
  const { dir, clock, notes, open, limits } = rig(t);
  const first = await open();
  for (let i = 0; i < 4; i += 1) first.take(code);
  await first.close();

  const second = await open();
  t.equal(second.atLimit, false, 'nothing is reported before the room is ready');
  second.begin();
  t.equal(second.atLimit, true);
  t.equal(limits(), 2);
  t.equal(notes.length, 2);
  clock.ms += 30 * HOUR_MS;
  t.match(second.snapshot(), { level: 'limit' });
  t.ok(second.snapshot().score < 1);
  t.ok(second.clear() > 0);
  t.equal(second.atLimit, false);
  await second.close();

  const third = await open();
  third.begin();
  t.strictSame(third.snapshot(), { score: 0, level: 'calm', reasons: [] });
  await third.close();

  writeFileSync(join(dir, 'ledger.risk.json'), '{"version":1');
  await t.rejects(open(), { code: 'E_RISK' }, 'rejects a damaged file instead of resetting the score');
});

t.test('keeps the slate over a restart after the score has fallen, until a person resumes', async (t) => {
  const { clock, open, limits } = rig(t);
  const first = await open();
  for (let i = 0; i < 4; i += 1) first.take(code);
  await first.close();
  clock.ms += 30 * HOUR_MS;

  const second = await open();
  second.begin();
  t.ok(second.atLimit);
  t.equal(limits(), 2);
  t.ok(second.snapshot().score < 1);
  second.clear();
  await second.close();

  const third = await open();
  third.begin();
  t.notOk(third.atLimit);
  await third.close();
});

t.test('keeps a score per room when ledgers share a folder', async (t) => {
  const { open } = rig(t);
  const [a, b] = [await open('a.jsonl'), await open('b.jsonl')];
  a.take(code);
  await a.close();
  await b.close();
  const [a2, b2] = [await open('a.jsonl'), await open('b.jsonl')];
  t.equal(a2.snapshot().score, 0.75);
  t.equal(b2.snapshot().score, 0);
  await a2.close();
  await b2.close();
});

t.test("takes over an earlier engine's score for the only room of its folder", async (t) => {
  const { dir, open } = rig(t);
  const old = join(dir, 'risk.json');
  const first = await open();
  for (let i = 0; i < 4; i += 1) first.take(code);
  await first.close();
  // An earlier engine did not save whether the room was held.
  const { held: _held, ...state } = JSON.parse(readFileSync(join(dir, 'ledger.risk.json'), 'utf8')) as {
    held: boolean;
  };
  renameSync(join(dir, 'ledger.risk.json'), old);
  writeFileSync(old, JSON.stringify(state));
  for (const name of ['ledger.jsonl', 'ledger.000001.jsonl', 'ledger.resume.json']) writeFileSync(join(dir, name), '');

  const second = await open();
  second.begin();
  t.ok(second.atLimit);
  t.notOk(existsSync(old));
  await second.close();

  renameSync(join(dir, 'ledger.risk.json'), old);
  writeFileSync(join(dir, 'other.jsonl'), '');
  const third = await open();
  t.equal(third.snapshot().score, 0, 'ambiguous between two rooms');
  t.ok(existsSync(old), 'so the file stays');
  await third.close();
});
