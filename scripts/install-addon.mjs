// Runs when npm installs the package. The packaged addon is used where it loads. Elsewhere (another processor, another
// C library) one is compiled if no download is needed. Without one the TypeScript twins are used, so nothing here fails
// an install.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAddon, headerFolder, prebuiltFolder } from './build-addon.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function prebuiltLoads() {
  try {
    createRequire(import.meta.url)(join(prebuiltFolder(root), 'showroom.node'));
    return true;
  } catch {
    return false;
  }
}

async function install() {
  // In a checkout `prepare` builds.
  if (existsSync(join(root, 'src')) || prebuiltLoads()) return;
  const slower = 'the engine runs with its TypeScript kernels: the same pictures, more CPU';
  if (headerFolder() === undefined) {
    process.stderr.write(`showroom: no C headers of Node.js found to compile the native kernels; ${slower}\n`);
  } else if (!(await buildAddon(root)).built) {
    process.stderr.write(`showroom: the native kernels could not be compiled; ${slower}\n`);
  }
}

await install();
