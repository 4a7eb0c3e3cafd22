// Runs before npm packs: copies the compiled addon into the package, stripped of symbols where `strip` exists. A copy,
// since node-gyp's own file is a hard link, which npm drops.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADDON_FILES, prebuiltFolder } from './build-addon.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = prebuiltFolder(root);
rmSync(join(root, 'native', 'prebuilt'), { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const name of ADDON_FILES) {
  const built = join(root, 'native', 'build', 'Release', name);
  if (!existsSync(built)) {
    if (name === 'lean-start.node') continue;
    process.stderr.write(`${built} is missing: install a C++ compiler, make and Python 3, then pack again\n`);
    process.exit(1);
  }
  copyFileSync(built, join(folder, name));
  spawnSync('strip', ['--strip-unneeded', join(folder, name)]);
}
