import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { RoomJob, RoomResult } from '../../../../../scripts/tools/art/templates/check-one.js';
import { KeptResults } from '../../../../../scripts/tools/art/templates/kept-results.js';

const SHARED = ['src', 'templates/sets'];
const job = (template: string): RoomJob => ({
  template,
  orientation: 'portrait',
  parts: ['titles'],
  language: 'de',
  titles: ['de', 'ar'],
  texts: [],
});
const result: RoomResult = { checks: 3, faults: [], seconds: 1.5 };

function packageIn(folder: string): { file: string; open: () => KeptResults } {
  for (const name of ['kitchen', 'tools']) {
    mkdirSync(join(folder, 'templates/sets', name), { recursive: true });
    writeFileSync(join(folder, 'templates/sets', name, 'template.json'), '{}');
  }
  writeFileSync(join(folder, 'templates/sets/layouts.json'), '{}');
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/check.ts'), '');
  const file = join(folder, 'results');
  return { file, open: () => new KeptResults(file, folder, SHARED) };
}

t.test('a result is found by the next run, for the same room and languages only', async (t) => {
  const { open } = packageIn(t.testdir());
  open().keep(job('kitchen'), result);
  const next = open();
  t.same(next.get(job('kitchen')), result);
  t.equal(next.get(job('tools')), undefined);
  t.equal(next.get({ ...job('kitchen'), titles: ['de'] }), undefined);
});

t.test('the line that an interrupted run left unfinished is ignored', async (t) => {
  const { file, open } = packageIn(t.testdir());
  open().keep(job('kitchen'), result);
  appendFileSync(file, '{"key":"ab');
  const next = open();
  t.same(next.get(job('kitchen')), result);
  next.keep(job('tools'), result);
  t.same(open().get(job('tools')), result);
});

t.test("a change of the room's own set drops its result and no other", async (t) => {
  const folder = t.testdir();
  const { open } = packageIn(folder);
  open().keep(job('kitchen'), result);
  open().keep(job('tools'), result);
  writeFileSync(join(folder, 'templates/sets/kitchen/portrait.svg'), '<svg/>');
  t.equal(open().get(job('kitchen')), undefined);
  t.same(open().get(job('tools')), result);
});

t.test('a change of the sources or the shared layouts drops all results', async (t) => {
  const folder = t.testdir();
  const { open } = packageIn(folder);
  for (const path of ['src/check.ts', 'templates/sets/layouts.json']) {
    open().keep(job('tools'), result);
    t.same(open().get(job('tools')), result);
    writeFileSync(join(folder, path), 'changed');
    t.equal(open().get(job('tools')), undefined, path);
  }
});
