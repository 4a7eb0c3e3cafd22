import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { addonPath, loadAddon } from './load-addon.js';

/** MiB of each half of the young generation; V8's default is 16. */
const HALF_MIB = 2;
/**
 * The second flag avoids waking threads for each collection: for so little garbage the wake-ups cost more than they
 * save, 0.3 ms of CPU a frame.
 */
const FLAGS = [`--max-semi-space-size=${HALF_MIB}`, '--single-threaded-gc'];

/** Inputs of the restart decision; `process` has all of them. */
export interface StartedProcess {
  readonly execPath: string;
  readonly execArgv: readonly string[];
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Present when the process has a channel to its parent, which would be lost. */
  readonly send?: unknown;
}

/**
 * The command line for restarting a long-running process with a small young generation; undefined when it has a limit
 * already or would lose something.
 *
 * Problem: a busy start lets the main thread's young generation grow to 32 MB, which V8 keeps while the thread is not
 * idle, and only the command line limits it: V8 resets a later `--semi-space-growth-factor=1` whenever a thread starts.
 */
export function smallCommandLine({ execPath, execArgv, argv, env, send }: StartedProcess): string[] | undefined {
  if (send !== undefined || hasFlag({ execArgv, env }, /^--(max-semi-space-size|inspect)/)) return undefined;
  return [execPath, ...FLAGS, ...execArgv, ...argv.slice(1)];
}

function hasFlag({ execArgv, env }: Pick<StartedProcess, 'execArgv' | 'env'>, which: RegExp): boolean {
  const flags = [...execArgv, ...(env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return flags.some((flag) => which.test(flag.replaceAll('_', '-')));
}

/**
 * Runs the same program in this process's place, with a small young generation: the same process number, the same
 * standard streams, 50 ms later. Call it before anything is open. Returns true where the young generation has a limit,
 * and false where it cannot have one: the room then takes 30 MB more.
 *
 * The flag is removed after it took effect: V8 rejects code compiled under other flags, so Node's own precompiled
 * modules would be compiled again by this thread and by each that starts (50 ms of CPU a start).
 */
export function startSmall(): boolean {
  if (hasFlag(process, /^--max-semi-space-size/)) {
    setFlagsFromString('--max-semi-space-size=0');
    return true;
  }
  const commandLine = smallCommandLine(process);
  if (commandLine === undefined || process.platform !== 'linux' || !existsSync(addonPath())) return false;
  const environment = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
  loadAddon(addonPath()).replaceProcess(process.execPath, commandLine, environment);
  return false;
}
