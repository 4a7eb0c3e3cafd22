import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addonFolder } from './load-addon.js';

const preloadPath = (): string => join(addonFolder(), 'lean-start.node');

/**
 * The environment for a child process that links many libraries and uses few of them: before its main() runs it lets
 * go of what linking touched (native/process/lean-start.c), 30 MB for a distribution's ffmpeg. A library that
 * the caller has set to be loaded first stays. Where there is no compiled addon, or no Linux, the environment is
 * the given one; a program that links nothing ignores it.
 */
export function leanStart(env: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  const preload = preloadPath();
  // The loader takes spaces and colons for separators.
  if (process.platform !== 'linux' || /[\s:]/.test(preload) || !existsSync(preload)) return { ...env };
  const others = env['LD_PRELOAD'];
  return { ...env, LD_PRELOAD: others === undefined || others === '' ? preload : `${others} ${preload}` };
}
