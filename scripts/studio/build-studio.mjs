// Builds the studio's pages from src/studio into dist/studio.
import { existsSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { newest } from '../build-addon.mjs';

/** Whether the pages are built from the present sources and packages. */
export function studioIsBuilt(root) {
  const page = join(root, 'dist', 'studio', 'index.html');
  const sources = Math.max(newest(join(root, 'src', 'studio')), statSync(join(root, 'package-lock.json')).mtimeMs);
  return existsSync(page) && statSync(page).mtimeMs > sources;
}

/**
 * Builds them with Vite, a development package.
 *
 * @param root the package's folder
 * @returns whether there are pages to serve
 */
export async function buildStudio(root) {
  if (studioIsBuilt(root)) return true;
  const out = join(root, 'dist', 'studio');
  try {
    createRequire(import.meta.url).resolve('vite/package.json');
  } catch {
    return existsSync(out);
  }
  const { build } = await import('vite');
  rmSync(out, { recursive: true, force: true });
  await build({ configFile: join(root, 'src', 'studio', 'vite.config.mjs') });
  return true;
}
