import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EngineError } from '../core/errors.js';
import { packageRoot } from '../core/files/paths.js';
import type { NativeAddon } from './native-addon.js';

/** Absolute path of the compiled addon, whether it exists or not. */
export const addonPath = (): string => join(packageRoot(), 'native', 'build', 'Release', 'showroom.node');

/** Throws E_NATIVE when the file is there and does not load. */
export function loadAddon(path: string): NativeAddon {
  try {
    return createRequire(import.meta.url)(path) as NativeAddon;
  } catch (cause) {
    throw new EngineError('E_NATIVE', {
      where: path,
      expected: `an addon for Node ${process.versions.node} on ${process.platform} ${process.arch}`,
      found: cause instanceof Error ? cause.message : String(cause),
      todo: 'delete native/build and run `npm run build`',
      cause,
    });
  }
}
