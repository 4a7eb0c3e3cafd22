import { existsSync } from 'node:fs';
import { addonPath, loadAddon } from './load-addon.js';

/**
 * Bytes of a TCP socket that the peer's TCP has not acknowledged, sent or not (SIOCOUTQ, tcp(7)); undefined where the
 * addon or the system cannot report it, or for another kind of descriptor.
 */
export function socketQueueBytes(fd: number): number | undefined {
  if (fd < 0 || process.platform !== 'linux' || process.env['SHOWROOM_KERNELS'] === 'twin') return undefined;
  addon ??= existsSync(addonPath()) ? loadAddon(addonPath()) : null;
  const bytes = addon?.socketQueue(fd) ?? -1;
  return bytes < 0 ? undefined : bytes;
}

let addon: ReturnType<typeof loadAddon> | null | undefined;
