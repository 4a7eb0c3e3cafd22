import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addonFolder } from './load-addon.js';

const preloadPath = (): string => join(addonFolder(), 'lean-start.node');

/**
 * The environment for a child process that links many libraries and uses few of them: before its main() runs it
 * releases the pages touched by linking (native/process/lean-start.c), 30 MB for a distribution's ffmpeg. The caller's
 * own LD_PRELOAD is kept. Without a compiled addon, or outside Linux, the environment is returned unchanged; a
 * statically linked program ignores it.
 */
export function leanStart(env: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  const preload = preloadPath();
  // The loader treats spaces and colons as separators.
  if (process.platform !== 'linux' || /[\s:]/.test(preload) || !existsSync(preload)) return { ...env };
  const others = env['LD_PRELOAD'];
  return { ...env, LD_PRELOAD: others === undefined || others === '' ? preload : `${others} ${preload}` };
}
