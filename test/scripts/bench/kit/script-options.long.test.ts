import { execFile } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { headOf } from '../../../../scripts/bench/kit/script-options.js';
import { packageRoot } from '../../../../src/core/files/paths.js';
import { whole } from '../../../kit/whole.js';

interface Ended {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of the project to its end. */
const run = (script: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const all = ['--import=tsx', join(packageRoot(), 'scripts', 'bench', script), ...args];
    execFile(process.execPath, all, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });

t.test("finds a script's description in its first comment", async (t) => {
  t.equal(headOf('/**\n * One line.\n *\n *     tsx it.ts\n */\nimport x;\n'), 'One line.\n\n    tsx it.ts');
  t.equal(headOf('// One line.\n//\n//   npm run it\nimport x;\n// not this\n'), 'One line.\n\n  npm run it');
});

t.test('prints the description on request and on invalid options', async (t) => {
  const wrong = await run('soak.ts', '--fps', '99');
  t.equal(wrong.code, 2);
  t.match(wrong.stderr, /^--fps: expected 1 to 60, found 99\n.*npm run bench -- soak/s);
  // Each run loads its sources again.
  if (!whole) return;
  const unknown = await run('soak.ts', '--hours', '3');
  t.equal(unknown.code, 2);
  t.match(unknown.stderr, /--hours[^]*npm run bench -- soak/);
  const asked = await run('soak.ts', '--help');
  t.equal(asked.code, 0);
  t.match(asked.stdout, /^Soak: .*npm run bench -- soak/s);
});
