import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/files/paths.js';

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output line by line. */
  readonly lines: readonly string[];
}

const main = join(packageRoot(), 'dist', 'cli', 'main.js');

/** `engine ARGS < input` in a folder; `headLines` stops reading after that many lines, as `| head` does. */
export function runWithInput(
  args: readonly string[],
  { input = '', cwd = packageRoot(), headLines }: { input?: string | Buffer; cwd?: string; headLines?: number } = {},
): Promise<Answer> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: 'pipe',
  });
  // A program may end before it has read everything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const out: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => {
    out.push(data);
    if (headLines !== undefined && Buffer.concat(out).toString().split('\n').length > headLines) child.stdout.destroy();
  });
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const stdout = Buffer.concat(out).toString();
      resolve({ code, stdout, stderr, lines: stdout.split('\n').slice(0, -1) });
    });
  });
}

/** Lines of JSON as values. */
export const values = <T>({ lines }: Answer): T[] => lines.map((line) => JSON.parse(line) as T);
