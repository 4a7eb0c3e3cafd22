import { existsSync } from 'node:fs';
import type { PageLender } from '../core/kernels.js';
import { addonPath, loadAddon } from './load-addon.js';

/**
 * The addon's page lender, on Linux; undefined elsewhere and with the twin kernels, where pictures are written as
 * usual.
 */
export function pageLender(): PageLender | undefined {
  if (process.platform !== 'linux' || process.env['SHOWROOM_KERNELS'] === 'twin' || !existsSync(addonPath())) {
    return undefined;
  }
  const addon = loadAddon(addonPath());
  return {
    capacity: (fd) => addon.pipeCapacity(fd),
    held: (fd) => addon.pipeHeld(fd),
    lend: (fd, bytes, start, end, done) => void addon.lendPages(fd, bytes, start, end, done),
  };
}
