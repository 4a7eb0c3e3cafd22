// Builds dist/ with esbuild, which checks no types (`npm run typecheck` does), and, where there is a C++ compiler, the
// native addon. Runs after `npm install` and before `npm start`; a missing C++ compiler is not an error: the twin kernels
// serve instead.
import { cpSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildAddon, newest } from './build-addon.mjs';
import { buildStudio } from './studio/build-studio.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** Precomputed data saves half a second of every start; rebuilt when a rule pack has changed. */
async function writeRuleTables() {
  const file = (folder, name) => join(root, 'dist', 'moderation', folder, name);
  const tables = file('lexicon', 'lexicon-tables.bin');
  if (existsSync(tables) && statSync(tables).mtimeMs > newest(join(root, 'templates', 'rules'))) return;
  const load = (path) => import(pathToFileURL(path).href);
  const rules = join(root, 'templates', 'rules');
  const packs = (await load(file('packs', 'rule-packs.js'))).loadRulePacks(rules);
  (await load(file('packs', 'checked-packs.js'))).writeCheckedPacks(rules, packs);
  (await load(file('lexicon', 'lexicon-tables.js'))).writeLexiconTables(packs);
}

/** esbuild is in the development tree only. */
function hasEsbuild() {
  try {
    require.resolve('esbuild');
    return true;
  } catch {
    return false;
  }
}

/** The browser camera, again when its source or the version changed. */
async function buildCamera() {
  const folder = join(root, 'dist', 'camera');
  const last = join(folder, 'showroom-camera.user.js');
  const sources = Math.max(newest(join(root, 'src', 'browser')), statSync(join(root, 'package.json')).mtimeMs);
  if (existsSync(last) && statSync(last).mtimeMs > sources) return;
  if (hasEsbuild()) await (await import('./camera/bundle-camera.mjs')).bundleCamera(root, folder);
  else process.stderr.write('The browser camera was not built: install the dev dependencies and build again\n');
}

/** The studio's pages, again when their source changed; said where that is impossible. */
async function buildPages() {
  if (!(await buildStudio(root))) {
    process.stderr.write('The studio pages were not built: install the dev dependencies and build again\n');
  }
}

/** The reference page of the room's API with Scalar's script, which that package holds as a text within its module. */
async function buildReference() {
  const folder = join(root, 'dist', 'reference');
  cpSync(join(root, 'src', 'control', 'reference'), folder, { recursive: true });
  const script = join(folder, 'scalar.js');
  const scalar = join(root, 'node_modules', '@scalar', 'fastify-api-reference', 'dist', 'index.js');
  if (!existsSync(scalar) || (existsSync(script) && statSync(script).mtimeMs > statSync(scalar).mtimeMs)) return;
  const [{ fastify }, { default: reference }] = await Promise.all([
    import('fastify'),
    import(pathToFileURL(scalar).href),
  ]);
  const app = fastify();
  await app.register(reference, { routePrefix: '/reference', configuration: { content: {} } });
  writeFileSync(script, (await app.inject('/reference/js/scalar.js')).payload);
  await app.close();
}

/** Time of the newest source for Node: the pages are built by themselves. */
const newestForNode = () =>
  readdirSync(join(root, 'src'))
    .filter((folder) => folder !== 'studio')
    .reduce((time, folder) => Math.max(time, newest(join(root, 'src', folder))), 0);

async function buildDist() {
  const stamp = join(root, 'dist', 'cli', 'main.js');
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newestForNode()) {
    await writeRuleTables();
    await buildCamera();
    await buildPages();
    await buildReference();
    return true;
  }
  if (!hasEsbuild()) {
    if (existsSync(stamp)) return true;
    process.stderr.write('dist/ is missing and esbuild is not installed: run `npm install` with dev dependencies\n');
    return false;
  }
  await (await import('./transpile.mjs')).transpile(root);
  await (await import('./bundle.mjs')).bundle(root);
  await writeRuleTables();
  await buildCamera();
  await buildPages();
  await buildReference();
  cpSync(join(root, 'src', 'control', 'camera'), join(root, 'dist', 'control', 'camera'), { recursive: true });
  return true;
}

// Side by side: the addon takes long.
const [ok, addon] = await Promise.all([buildDist(), buildAddon(root)]);
if (!addon.built) {
  process.stderr.write('The native kernels were not built; the TypeScript twin will be used (slower).\n');
}
process.exit(ok ? 0 : 1);
