import { existsSync } from 'node:fs';
import { EngineError } from '../core/errors.js';
import type { Kernels } from '../core/kernels.js';
import { addonPath, loadAddon } from './load-addon.js';
import { nativeKernels } from './native-kernels.js';
import { twinKernels } from './twin/twin-kernels.js';

export interface LoadKernelsOptions {
  /** `native` (the default) falls back to the twin where the addon was never built. */
  prefer?: 'native' | 'twin';
  /** Instruction set of the native kernels: `avx2` by default where the processor has it. */
  variant?: 'scalar' | 'avx2';
  /** The addon's file; `addonPath()` by default. */
  path?: string;
}

/**
 * The kernels of this thread; each call returns an instance with its own buffers. The environment variable
 * `SHOWROOM_KERNELS` (`twin`, `scalar`, `avx2`) overrides the preference. An addon that exists and does not load is an
 * E_NATIVE error; a missing one is not.
 */
export function loadKernels(options: LoadKernelsOptions = {}): Kernels {
  const forced = process.env['SHOWROOM_KERNELS'] ?? '';
  if (forced !== '' && forced !== 'twin' && forced !== 'scalar' && forced !== 'avx2') {
    throw new EngineError('E_NATIVE', {
      where: 'SHOWROOM_KERNELS',
      expected: 'twin, scalar or avx2',
      found: forced,
    });
  }
  if (forced === 'twin' || (forced === '' && options.prefer === 'twin')) return twinKernels();
  const variant = forced === '' ? options.variant : forced;
  const path = options.path ?? addonPath();
  if (!existsSync(path)) {
    if (variant === undefined) return twinKernels();
    throw new EngineError('E_NATIVE', {
      where: path,
      expected: `the addon, for its ${variant} kernels`,
      found: 'no file',
      todo: 'run `npm run build` on a machine with a C++ compiler',
    });
  }
  return nativeKernels(loadAddon(path), variant);
}
