import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { aboutOf, scriptsIn } from '../../scripts/run.js';
import { packageRoot } from '../../src/core/files/paths.js';

t.test('every bench and tool that a page names exists', async (t) => {
  const names = { bench: scriptsIn('bench'), tool: scriptsIn('tools') };
  const docs = join(packageRoot(), 'docs');
  const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
  let found = 0;
  for (const page of [join(packageRoot(), 'CONTRIBUTING.md'), ...pages.map((file) => join(docs, file))])
    for (const [, group, name] of readFileSync(page, 'utf8').matchAll(/npm run (bench|tool) -- ([\w-]+)/g)) {
      found += 1;
      t.ok(names[group as 'bench' | 'tool'].has(name!), `${page}: ${group} ${name}`);
    }
  t.ok(found > 20);
});

t.test('every bench and tool says what it does in one sentence', async (t) => {
  for (const [name, file] of [...scriptsIn('bench'), ...scriptsIn('tools')])
    t.match(aboutOf(file), /^[A-Z].{8,}/, name);
});

t.test('processes of a test start as users start them, without tap’s loader', (t) => {
  const { stdout } = spawnSync(process.execPath, ['-p', "process.env.NODE_OPTIONS ?? ''"], { encoding: 'utf8' });
  t.equal(stdout, '\n');
  t.end();
});
