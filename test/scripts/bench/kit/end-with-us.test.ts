import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../../../src/core/files/paths.js';

/** A script that starts an endless child and prints its process id. */
const SCRIPT = `
  const { spawn } = await import('node:child_process');
  const { endWithUs } = await import(${JSON.stringify(pathToFileURL(join(packageRoot(), 'scripts', 'bench', 'kit', 'end-with-us.ts')).href)});
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], { stdio: ['ignore', 'pipe', 'ignore'] });
  endWithUs(child);
  child.stdout.once('data', () => console.log(child.pid));
`;

for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  t.test(`leaves no child behind when ended by ${signal}`, async (t) => {
    const script = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', SCRIPT], {
      cwd: packageRoot(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = new Promise<number | null>((resolve) => script.once('close', resolve));
    const child = await new Promise<number>((resolve) => script.stdout.once('data', (data) => resolve(Number(data))));
    t.ok(process.kill(child, 0), 'the child is there');
    script.kill(signal);
    t.equal(await closed, signal === 'SIGTERM' ? 143 : 129);
    t.throws(() => process.kill(child, 0), { code: 'ESRCH' });
  });
}
