import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { markLine } from '../../../src/show/line-mark.js';
import {
  ResumeKeeper,
  type ResumeKeeperOptions,
  endStale,
  markChildren,
} from '../../../src/room/resume/resume-keeper.js';
import { markProcess, stillRuns } from '../../../src/core/processes/process-mark.js';
import { until } from '../../encoder/synthetic-room.js';

const skip = process.platform === 'linux' ? false : 'needs /proc';
const line = markLine({ round: 2, segment: 0, line: 4 }, 'Only today.');

function folder(t: Test): { file: string; options: ResumeKeeperOptions } {
  const dir = t.testdir({});
  const ledgerFile = join(dir, 'ledger.jsonl');
  return { file: join(dir, 'ledger.resume.json'), options: { ledgerFile, log: silentLog, mode: 'after-crash' } };
}

/** A killed engine's file, with an engine that no longer runs. */
function crashed(file: string, change: Record<string, unknown> = {}): void {
  const engine = { pid: 4_194_000, born: 'another-boot:1' };
  writeFileSync(
    file,
    JSON.stringify({ version: 1, engine, children: [], line, muted: false, blanked: false, ...change }),
  );
}

t.test('restores line and commands after a crash', { skip }, async (t) => {
  const { file, options } = folder(t);
  crashed(file, { muted: true });
  const keeper = await ResumeKeeper.open(options);
  t.teardown(() => keeper.close());
  t.same(keeper.line, line);
  t.equal(keeper.muted, true);
  t.equal(keeper.blanked, false);
  t.equal(keeper.afterCrash, true);
});

t.test('drops the line but keeps the commands after an orderly stop; `always` keeps both', { skip }, async (t) => {
  const { file, options } = folder(t);
  for (const mode of ['after-crash', 'always'] as const) {
    crashed(file);
    const keeper = await ResumeKeeper.open({ ...options, mode });
    keeper.saveCommands(false, true);
    await keeper.close();
    await keeper.close();
    const next = await ResumeKeeper.open({ ...options, mode });
    t.same(next.line, mode === 'always' ? line : null);
    t.equal(next.blanked, true);
    t.equal(next.afterCrash, false);
    await next.close();
  }
});

t.test('resumes a room that ended by a fault', { skip }, async (t) => {
  const { file, options } = folder(t);
  crashed(file);
  const keeper = await ResumeKeeper.open(options);
  keeper.markCrashed();
  await keeper.close();
  t.same(JSON.parse(readFileSync(file, 'utf8')).line, line);
});

t.test('--fresh drops both, and `never` the line', { skip }, async (t) => {
  const { file, options } = folder(t);
  crashed(file, { blanked: true });
  const fresh = await ResumeKeeper.open({ ...options, fresh: true });
  t.equal(fresh.line, null);
  t.equal(fresh.blanked, false);
  await fresh.close();
  crashed(file, { blanked: true });
  const never = await ResumeKeeper.open({ ...options, mode: 'never' });
  t.equal(never.line, null);
  t.equal(never.blanked, true);
  await never.close();
});

t.test('starts blanked at the beginning with a damaged file', { skip }, async (t) => {
  const { file, options } = folder(t);
  for (const text of ['', '{"version":1', '{"version":2}']) {
    writeFileSync(file, text);
    const keeper = await ResumeKeeper.open(options);
    t.equal(keeper.blanked, true, JSON.stringify(text));
    t.equal(keeper.line, null);
    await keeper.close();
  }
});

t.test('refuses a room that another engine has on air, and leaves its processes alone', { skip }, async (t) => {
  const { file, options } = folder(t);
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  t.teardown(() => other.kill('SIGKILL'));
  const mark = markProcess(other.pid!)!;
  crashed(file, { engine: mark, children: [mark] });
  await t.rejects(ResumeKeeper.open(options), { code: 'E_ROOM_RUNNING' });
  t.ok(stillRuns(mark));
});

t.test('ends the processes of a dead engine, also stopped ones, and no stranger', { skip }, async (t) => {
  const { file, options } = folder(t);
  const left = [spawn('sleep', ['60'], { stdio: 'ignore' }), spawn('sleep', ['61'], { stdio: 'ignore' })];
  const stranger = spawn('sleep', ['62'], { stdio: 'ignore' });
  t.teardown(() => stranger.kill('SIGKILL'));
  left[1]!.kill('SIGSTOP');
  const marks = left.map((child) => markProcess(child.pid!)!);
  t.same(
    markChildren()
      .map(({ pid }) => pid)
      .filter((pid) => left.some((child) => child.pid === pid)).length,
    2,
  );
  // The same number, but another start time: a different process by now.
  const reused = { ...markProcess(stranger.pid!)!, born: 'another-boot:7' };
  crashed(file, { children: [...marks, reused] });
  const keeper = await ResumeKeeper.open(options);
  t.teardown(() => keeper.close());
  t.equal(keeper.ended, 2);
  t.notOk(marks.some(stillRuns));
  t.ok(stillRuns(markProcess(stranger.pid!)!));
  t.equal(await endStale(marks), 0);
});

t.test('saves the line while it is on air, with the present processes', { skip }, async (t) => {
  const { file, options } = folder(t);
  const keeper = await ResumeKeeper.open(options);
  t.teardown(() => keeper.close());
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  t.teardown(() => child.kill('SIGKILL'));
  keeper.follow(() => line);
  t.ok(await until(() => JSON.parse(readFileSync(file, 'utf8')).line?.textHash === line.textHash, 5000));
  const state = JSON.parse(readFileSync(file, 'utf8'));
  t.equal(state.engine.pid, process.pid);
  t.ok(state.children.some(({ pid }: { pid: number }) => pid === child.pid));
});
