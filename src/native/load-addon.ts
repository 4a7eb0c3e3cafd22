import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EngineError } from '../core/errors.js';
import { packageRoot } from '../core/files/paths.js';
import type { NativeAddon } from './native-addon.js';

const ADDON = 'showroom.node';

/** Location of an addon compiled on this machine. */
const builtFolder = (): string => join(packageRoot(), 'native', 'build', 'Release');

/** Location of a packaged addon for this platform. */
const prebuiltFolder = (): string => join(packageRoot(), 'native', 'prebuilt', `${process.platform}-${process.arch}`);

interface Match {
  readonly folder: string;
  /** Why there is no addon; undefined when there is one. */
  readonly missing: string | undefined;
}

let found: Match | undefined;

/**
 * The addon built on this machine, otherwise the packaged one. A packaged addon that does not load here (another C
 * library) counts as missing.
 */
function find(): Match {
  if (existsSync(join(builtFolder(), ADDON))) return { folder: builtFolder(), missing: undefined };
  const prebuilt = join(prebuiltFolder(), ADDON);
  if (!existsSync(prebuilt)) return { folder: builtFolder(), missing: 'not compiled on this machine' };
  try {
    createRequire(import.meta.url)(prebuilt);
    return { folder: prebuiltFolder(), missing: undefined };
  } catch (cause) {
    return {
      folder: builtFolder(),
      missing: `the packaged addon does not load here (${String((cause as Error).message)})`,
    };
  }
}

/** Folder of the addon and its companions, whether they exist or not. */
export const addonFolder = (): string => (found ??= find()).folder;

/** Absolute path of the compiled addon, whether it exists or not. */
export const addonPath = (): string => join(addonFolder(), ADDON);

/** Why this machine has no native addon; undefined when it has one. */
export const missingAddon = (): string | undefined => (found ??= find()).missing;

/** Throws E_NATIVE when the file exists and does not load. */
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
