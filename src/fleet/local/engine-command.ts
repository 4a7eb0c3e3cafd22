import { join } from 'node:path';
import { packageRoot } from '../../core/files/paths.js';

/** What an engine may read of its parent's environment, beside what every child gets. */
const PASSED = ['ENGINE_FFMPEG', 'ENGINE_LOG', 'ENGINE_NICE', 'ENGINE_KERNELS', 'SHOWROOM_MODELS'] as const;

export function engineVariables(): Record<string, string> {
  return Object.fromEntries(
    PASSED.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The command line of this same package, from the build and from sources alike. */
export function engineCommand(): string[] {
  if (!import.meta.url.endsWith('.ts')) return [process.execPath, join(packageRoot(), 'dist', 'cli', 'main.js')];
  return [process.execPath, `--import=${import.meta.resolve('tsx')}`, join(packageRoot(), 'src', 'cli', 'main.ts')];
}
