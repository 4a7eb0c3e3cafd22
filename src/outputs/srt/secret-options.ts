import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * ffmpeg options that no other user can read, as a preset in an unlinked file: a child that inherits the descriptor as
 * its third finds it at /dev/fd/3, and everyone else sees a command line without them.
 *
 * @returns the descriptor, to be closed once the child has started
 */
export function openSecretOptions(options: readonly (readonly [name: string, value: string])[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'showroom-'));
  try {
    const fd = openSync(join(folder, 'preset'), 'wx+', 0o600);
    try {
      // Written at an explicit position, so the descriptor still stands at the beginning on systems that share it.
      writeSync(fd, Buffer.from(options.map(([name, value]) => `${name}=${value}\n`).join('')), 0, null, 0);
    } catch (e) {
      closeSync(fd);
      throw e;
    }
    return fd;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const SECRET_OPTIONS_ARGS = ['-fpre', '/dev/fd/3'] as const;
