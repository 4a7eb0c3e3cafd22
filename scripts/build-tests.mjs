// Compiles the tests, and the scripts that they try, to build/tests: from TypeScript, each of their processes and threads
// would load a compiler. Their `../src` leads to dist/, so that the tests try what is shipped; run `npm run build` first.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'build', 'tests');
/** What Vite and the camera's bundler build: dist/ holds no modules of it. */
const PAGES = ['src/browser', 'src/studio'];
const sources = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, folder, name));

rmSync(out, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['test', 'scripts', ...PAGES].flatMap(sources),
  outbase: root,
  outdir: out,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
});
// Plain modules that tests import.
cpSync(join(root, 'scripts'), join(out, 'scripts'), {
  recursive: true,
  filter: (path) => !/\.\w+$/.test(path) || path.endsWith('.mjs'),
});
for (const name of readdirSync(join(root, 'dist'))) {
  if (!PAGES.includes(`src/${name}`)) symlinkSync(join(root, 'dist', name), join(out, 'src', name), 'junction');
}

// Tap rebuilds itself for the plugins of package.json only after its runner has chosen the hooks of imports: without this,
// every process of the first run in a fresh checkout loads those of plugins that are off.
const { tap } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const built = readFileSync(join(root, 'node_modules/@tapjs/test/test-built/dist/esm/index.js'), 'utf8');
const off = tap.plugin.filter((name) => name.startsWith('!')).map((name) => name.slice(1));
if (off.some((name) => built.includes(`from "${name}"`) || built.includes(`from '${name}'`))) {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules/tap/dist/esm/run.mjs'), 'build'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('tap build failed');
}
