import { build } from 'esbuild';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compiles src/ to dist/, a file each. The camera and the studio's pages are bundles of their own.
 *
 * @param root the package's folder
 */
export async function transpile(root) {
  const src = join(root, 'src');
  const dist = join(root, 'dist');
  if (existsSync(dist)) {
    for (const entry of readdirSync(dist)) {
      if (entry !== 'studio') rmSync(join(dist, entry), { recursive: true, force: true });
    }
  }
  const files = readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(join(src, 'browser')) && !file.startsWith(join(src, 'studio', '/')));
  await build({
    absWorkingDir: root,
    entryPoints: files,
    outbase: src,
    outdir: dist,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    tsconfig: join(root, 'tsconfig.json'),
    logLevel: 'warning',
  });
}
