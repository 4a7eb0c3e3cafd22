// Builds the native addon with the machine's C++ compiler. Used by the build of a checkout and by the install of a package.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Files that the engine loads. */
export const ADDON_FILES = ['showroom.node', 'lean-start.node'];

/** Location of a packaged addon for one platform. */
export const prebuiltFolder = (root) => join(root, 'native', 'prebuilt', `${process.platform}-${process.arch}`);

/** Time of the newest source file below a folder. */
export const newest = (dir) =>
  readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && !/[\\/](build|prebuilt)([\\/]|$)/.test(e.parentPath.slice(dir.length)))
    .reduce((t, e) => Math.max(t, statSync(join(e.parentPath, e.name)).mtimeMs), 0);

/** Runs a program beside others; prints its output when it fails. */
export function run(title, command, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.once('error', (error) => (output += error.message));
    child.once('close', (code) => {
      if (code !== 0) process.stderr.write(`${title} failed:\n${output}\n`);
      resolve(code === 0);
    });
  });
}

/** Folder with the C headers of this Node: beside the program, or where Debian's libnode-dev puts them. */
export function headerFolder() {
  const beside = dirname(dirname(realpathSync(process.execPath)));
  return [beside, '/usr'].find((dir) => existsSync(join(dir, 'include', 'node', 'node_api.h')));
}

/** node-gyp: of this checkout, or the one that npm brings and names while it runs a script. */
function gypProgram() {
  try {
    return require.resolve('node-gyp/bin/node-gyp.js');
  } catch {
    return process.env['npm_config_node_gyp'];
  }
}

/**
 * @param root the package's folder
 * @returns whether an addon built from the present sources exists
 */
export async function buildAddon(root) {
  const native = join(root, 'native');
  const addon = join(native, 'build', 'Release', 'showroom.node');
  if (existsSync(addon) && statSync(addon).mtimeMs > newest(native)) return { built: true };
  // Local headers spare node-gyp a download, which a closed network would block.
  const headers = headerFolder();
  const nodedir = headers === undefined ? [] : [`--nodedir=${headers}`];
  const gyp = gypProgram();
  if (gyp === undefined) return { built: false };
  const args = [gyp, 'rebuild', '-C', native, '--silent', '--jobs=max', ...nodedir];
  return { built: await run('native addon', process.execPath, args, root) };
}
