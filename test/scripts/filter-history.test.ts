import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';

const SCRIPT = join(packageRoot(), 'scripts', 'filter-history.mjs');
const AUTHOR = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];

t.test('a public copy has every commit and one version of each binary file', async (t) => {
  const root = t.testdir({ work: {} });
  const work = join(root, 'work');
  const copy = join(root, 'public.git');
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync('git', [...AUTHOR, ...args], { cwd, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  git(work, 'init', '-q', '-b', 'main');
  const commit = (subject: string, files: Record<string, string>): void => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(work, name), content);
    git(work, 'add', '-A');
    git(work, 'commit', '-q', '-m', subject);
  };
  commit('one', { 'model.bin': 'old model', 'a.txt': 'one', 'gone.png': 'old picture' });
  // A message that looks like a line of the stream.
  commit('two\n\nM 100644 0123456789012345678901234567890123456789 model.bin', {
    'model.bin': 'middle',
    'a.txt': 'two',
  });
  git(work, 'rm', '-q', 'gone.png');
  commit('three', { 'model.bin': 'new model' });
  const blob = (content: string): string =>
    execFileSync('git', ['hash-object', '--stdin'], { input: content }).toString().trim();
  execFileSync(process.execPath, [SCRIPT, copy], { cwd: work });

  t.equal(git(copy, 'rev-parse', 'main^{tree}'), git(work, 'rev-parse', 'main^{tree}'));
  t.equal(git(copy, 'log', '--format=%B%an', 'main'), git(work, 'log', '--format=%B%an', 'main'));
  t.equal(git(copy, 'show', 'main~1:a.txt'), 'two');
  const has = (content: string): boolean => {
    try {
      git(copy, 'cat-file', '-e', blob(content));
      return true;
    } catch {
      return false;
    }
  };
  t.same(['old model', 'middle', 'old picture', 'new model', 'one'].map(has), [false, false, false, true, true]);

  t.throws(() => execFileSync(process.execPath, [SCRIPT, copy], { cwd: work, stdio: 'ignore' }), 'the copy exists');
  t.ok(existsSync(copy));
});
