import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { ShowReport } from '../../src/config/api/report-handle.js';
import { templatePath } from '../../src/core/files/paths.js';
import { storeFile } from '../../src/store/open-database.js';
import { HOSTILE_TEXT, twoDayStore } from '../kit/two-day-store.js';
import { sampled } from '../kit/whole.js';
import { runEngine } from './run-engine.js';

t.test('makes a page of the only room below var/, for its owner only', async (t) => {
  const cwd = t.testdir();
  const folder = join(cwd, 'var', 'coffee-corner');
  mkdirSync(folder, { recursive: true });
  await twoDayStore(storeFile(join(folder, 'ledger.jsonl')), Date.now() - 60_000);
  const run = await runEngine(['report', '--since', '48h'], { LANG: 'en_US.UTF-8', LC_ALL: '' }, cwd);
  t.equal(run.code, 0, run.stderr);
  const [, path] = /^✓ (\S+): 3 sessions, \d+ lines, \d+ comments$/m.exec(run.stdout) ?? [];
  t.match(path, /report-coffee-corner-\d{4}-\d\d-\d\d\.html$/);
  const page = readFileSync(path!, 'utf8');
  t.match(page, /Show report · coffee-corner/);
  t.notOk(page.includes(HOSTILE_TEXT));
  t.equal(statSync(path!).mode & 0o777, 0o600);

  const zh = await runEngine(['report', '--lang', 'zh', '--since', '48h', '--out', '-'], {}, cwd);
  t.match(zh.stdout, /^<!doctype html>[^]*直播报告/);

  const json = await runEngine(['report', '--since', '48h', '--json'], {}, cwd);
  const figures = JSON.parse(json.stdout) as ShowReport;
  t.equal(figures.room, 'coffee-corner');
  t.equal(figures.products.length, 5);
  t.ok(figures.replies.p95Ms! > figures.replies.p50Ms!);
});

t.test('says what is missing', async (t) => {
  const cwd = t.testdir({ 'text.sqlite': 'no database '.repeat(900) });
  const cases: [string[], RegExp][] = [
    [['report'], /var: expected the store of one room, found none; give --room/],
    [['report', '--store', 'none.sqlite'], /none\.sqlite: expected the store of a room, found no such file/],
    [['report', '--store', 'text.sqlite'], /text\.sqlite: expected a readable store of a room/],
    [['report', '--store', 'a', '--room', 'b'], /leave one out/],
    [['report', '--json', '--out', 'x.html'], /leave one out/],
    [['report', '--since', 'yesterday'], /expected a time such as/],
  ];
  for (const [args, message] of sampled(cases, 3)) {
    const run = await runEngine(args, {}, cwd);
    t.not(run.code, 0, args.join(' '));
    t.match(run.stderr, message);
    t.equal(run.stdout, '');
  }
  t.notOk(existsSync(join(cwd, 'none.sqlite')));
});

t.test('says that a room keeps no records', async (t) => {
  const room = JSON.parse(readFileSync(templatePath('rooms', 'minimal', 'room.json'), 'utf8')) as object;
  const file = join(t.testdir(), 'room.json');
  writeFileSync(file, JSON.stringify({ ...room, store: { enabled: false } }));
  const run = await runEngine(['report', '--room', file], {}, t.testdirName);
  t.equal(run.code, 1);
  t.match(run.stderr, /expected a room that keeps records/);
});
