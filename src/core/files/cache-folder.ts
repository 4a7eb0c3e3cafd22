import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Folder for what can be made again: `showroom` under XDG_CACHE_HOME, else this user's own folder on the disk (/var/tmp
 * outlives a restart, and the temporary folder is memory on many systems).
 */
export function cacheFolder(kind: string, env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_CACHE_HOME'];
  if (base !== undefined && base !== '') return join(base, 'showroom', kind);
  return join(lastingFolder(), `showroom-${process.getuid?.() ?? 'user'}`, kind);
}

function lastingFolder(): string {
  try {
    accessSync('/var/tmp', constants.W_OK);
    return '/var/tmp';
  } catch {
    return tmpdir();
  }
}
