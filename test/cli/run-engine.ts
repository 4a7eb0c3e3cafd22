import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/files/paths.js';

export interface EngineRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningEngine {
  readonly child: ChildProcess;
  readonly ended: Promise<EngineRun>;
  /** Resolves with the first line of standard output, or of standard error, that holds `text`. */
  line(text: string, from?: 'stdout' | 'stderr'): Promise<string>;
}

/** Starts the built command line (`npm test` builds it first). */
export function startEngine(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = packageRoot()): RunningEngine {
  const main = join(packageRoot(), 'dist', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    // The priority of the other tests: one for the session would apply to them as well.
    env: { ...process.env, NODE_OPTIONS: '', ENGINE_NICE: process.env['ENGINE_NICE'] ?? '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
    for (const listener of listeners) listener();
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
    for (const listener of listeners) listener();
  });
  const ended = new Promise<EngineRun>((resolve) =>
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
      for (const listener of listeners) listener();
    }),
  );
  return {
    child,
    ended,
    line: (text, from = 'stdout') =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = (from === 'stdout' ? stdout : stderr)
            .split('\n')
            .slice(0, -1)
            .find((l) => l.includes(text));
          if (found === undefined && child.exitCode === null) return;
          listeners.delete(look);
          if (found !== undefined) resolve(found);
          else reject(new Error(`the engine ended without "${text}": ${stderr}`));
        };
        listeners.add(look);
        look();
      }),
  };
}

export const runEngine = (args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string): Promise<EngineRun> =>
  startEngine(args, env, cwd).ended;
