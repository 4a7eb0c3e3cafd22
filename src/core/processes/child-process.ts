/**
 * The only module that starts processes.
 *
 * Problem: a child inherits every variable, including the keys of the outputs and the token, although some children
 * read files of strangers. A terminal's Ctrl-C reaches every process of the foreground group, so encoders and senders
 * would die before the engine has ended the show.
 * Rule: a child gets the variables listed here and those its caller adds. A child that runs as long as the show leads
 * its own session, with the priority of the engine's session; our Node programs ignore Ctrl-C instead. Both end when
 * the engine ends in any way, because each reads from a pipe of the engine.
 */
import { execFile, execFileSync, fork, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const PASSED: ReadonlySet<string> = new Set(
  [
    'PATH HOME USER LOGNAME TZ LANG LANGUAGE',
    'TMPDIR TMP TEMP XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR',
    'LD_LIBRARY_PATH LD_PRELOAD DYLD_LIBRARY_PATH GLIBC_TUNABLES',
    'OMP_NUM_THREADS UV_THREADPOOL_SIZE SHOWROOM_KERNELS ENGINE_MODELS',
    'SystemRoot SystemDrive windir PATHEXT APPDATA LOCALAPPDATA USERPROFILE',
  ].flatMap((names) => names.split(' ')),
);
const PASSED_GROUPS = /^(LC|MALLOC)_[A-Z_]+$/;

/** The variables that a child needs to run: no key, no token, nothing of a service manager. */
export function childEnvironment(env: Readonly<NodeJS.ProcessEnv> = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => PASSED.has(name) || PASSED_GROUPS.test(name)));
}

/** `env` is added to the default environment of a child; it does not replace it. */
interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv | undefined;
}
const environment = (options?: ChildOptions): NodeJS.ProcessEnv => ({ ...childEnvironment(), ...options?.env });

/** As `spawn`, with an argument array and an options object, for short work such as decoding. */
export const spawnChild = ((program: string, args: readonly string[], options: object) =>
  spawn(program, args, { ...options, env: environment(options) })) as typeof spawn;

/** Nice value of a process's autogroup (sched(7), "The autogroup feature"); undefined without autogroups. */
export function sessionNice(pid: number | 'self'): number | undefined {
  try {
    const found = / nice (-?\d+)/.exec(readFileSync(`/proc/${pid}/autogroup`, 'latin1'));
    return found === null ? undefined : Number(found[1]);
  } catch {
    return undefined;
  }
}

/** Has no effect without autogroups or without permission. */
export function setSessionNice(pid: number | 'self', nice: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(nice));
  } catch {
    return;
  }
}

/** As `spawnChild`, detached from the terminal, for processes that run as long as the show. */
export const spawnApart = ((program: string, args: readonly string[], options: object) => {
  const child = spawn(program, args, { ...options, detached: true, env: environment(options) });
  const nice = sessionNice('self') ?? 0;
  if (child.pid !== undefined && nice !== 0) setSessionNice(child.pid, nice);
  return child;
}) as typeof spawn;

/** As `fork`, with an argument array and an options object. */
export const forkChild = ((module: string, args: readonly string[], options: object) =>
  fork(module, args, { ...options, env: environment(options) })) as typeof fork;

/** As `execFile`, for programs that end by themselves. */
export const runChild = ((program: string, args: readonly string[], options: object, done: never) =>
  execFile(program, args, { ...options, env: environment(options) }, done)) as typeof execFile;

/** As `execFileSync`, for programs that end at once. */
export const runChildSync = ((program: string, args: readonly string[], options?: object) =>
  execFileSync(program, args, { ...options, env: environment(options) })) as typeof execFileSync;
