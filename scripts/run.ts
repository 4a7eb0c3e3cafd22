/**
 * Runs a bench or a tool by its name:
 *
 *     npm run bench -- scan --json
 *     npm run tool -- draw-presenters
 *
 * The name is that of a file in scripts/bench or in a folder of scripts/tools. Without a name it lists them.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageRoot } from '../src/core/files/paths.js';
import { endWithUs } from './bench/kit/end-with-us.js';
import { headOf } from './bench/kit/script-options.js';

/** The runnable files of scripts/bench or scripts/tools by their name. */
export function scriptsIn(group: string): Map<string, string> {
  const root = join(packageRoot(), 'scripts', group);
  const folders = group === 'bench' ? [root] : readdirSync(root).map((folder) => join(root, folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && isRunnable(join(folder, name)))
      .map((name) => [basename(name, '.ts'), join(folder, name)] as const),
  );
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A module that only exports is a part of others. */
const isRunnable = (file: string): boolean => !/^export /m.test(readFileSync(file, 'utf8'));

/** The first sentence of a script's first comment that is no command. */
export function aboutOf(file: string): string {
  const source = readFileSync(file, 'utf8');
  const head = headOf(source) || headOf(source.slice(Math.max(source.indexOf('/**'), 0)));
  const text = head
    .split(/\n\s*\n/)
    .find((paragraph) => !/^\s*`?npm run /.test(paragraph))
    ?.replaceAll(/\s+/g, ' ');
  return (/^.*?\.(?= |$)/.exec(text ?? '')?.[0] ?? text ?? '').replace(/:$/, '.');
}

// By its name: bundled into a test this module has the test's address.
if (/[\\/]scripts[\\/]run\.ts$/.test(process.argv[1] ?? '')) {
  const [group = 'bench', name, ...options] = process.argv.slice(2);
  const scripts = scriptsIn(group);
  const file = scripts.get(name ?? '');
  if (file === undefined) {
    const command = group === 'bench' ? 'bench' : 'tool';
    if (name !== undefined) console.error(`No ${command} is named "${name}".\n`);
    console.log(`npm run ${command} -- NAME [options]\n`);
    for (const [known, path] of scripts) console.log(`  ${known.padEnd(20)} ${aboutOf(path)}`);
    process.exitCode = name === undefined ? 0 : 2;
  } else {
    const child = spawn(process.execPath, ['--expose-gc', '--import=tsx', file, ...options], { stdio: 'inherit' });
    endWithUs(child);
    child.once('close', (code, signal) => {
      process.exitCode = code ?? (signal === null ? 1 : 128);
    });
  }
}
