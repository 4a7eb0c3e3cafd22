// Assembles tap's plugins as listed in package.json, unless that is done already. An interrupted `tap build` leaves a
// tap that cannot even build itself, so it runs in its own process group, where Ctrl+C does not reach it.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tapPackage = createRequire(import.meta.url).resolve('tap/package.json');
const built = join(
  dirname(createRequire(tapPackage).resolve('@tapjs/test/package.json')),
  'test-built',
  'dist',
  'esm',
  'index.js',
);
const { plugin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).tap;
const text = existsSync(built) ? readFileSync(built, 'utf8') : '';
const isAsListed = plugin.every((name) =>
  name.startsWith('!') ? !text.includes(`"${name.slice(1)}"`) : text.includes(`"${name}"`),
);

if (text === '' || !isAsListed) {
  const tap = join(dirname(tapPackage), 'dist', 'esm', 'run.mjs');
  const child = spawn(process.execPath, [tap, 'build'], { cwd: root, stdio: 'inherit', detached: true });
  let interrupted;
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (interrupted = signal));
  child.on('close', (code) => {
    process.exitCode = interrupted === undefined ? (code ?? 1) : 130;
  });
}
