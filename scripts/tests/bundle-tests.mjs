// Bundles the tests and their imports into plain JavaScript under build/tests: from sources, each test process, and
// each of its threads and children, would load a compiler and six hundred modules, and compile the rule packs' words
// again. `npx tap run test/x.test.ts` needs none of this.
import { build } from 'esbuild';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { joinedSource } from './join-tests.mjs';

/** Modules that start as separate processes. */
const PROCESSES = [
  'src/compliance/ocr/ocr-process.ts',
  'src/models/model-child.ts',
  'src/speech/espeak/espeak-process.ts',
  'src/speech/kokoro/kokoro-host.ts',
  'src/speech/piper/piper-process.ts',
  'src/speech/sherpa/sherpa-process.ts',
];
/** Files that stand beside a module. */
const PAGES = ['control/camera'];
const TABLES = ['moderation/packs/checked-packs.bin', 'moderation/lexicon/lexicon-tables.bin'];
/** Native, located by their own path, or only for tests. */
const EXTERNAL = [
  '@echogarden/*',
  '@ffmpeg-installer/ffmpeg',
  'eld',
  'esbuild',
  'jimp',
  'node-addon-api',
  'node-gyp',
  'onnxruntime-node',
  'playwright-core',
  'sharp',
  'tap',
  'tsx',
];
const NO_MAP =
  '\n//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbIiJdLCJtYXBwaW5ncyI6IkEifQ==';

/**
 * @param root the package's folder; dist/ has been built
 * @param tests test files, relative to it
 * @param joined those of them that share a process
 * @returns the folder that holds each of them as a `.js`
 */
export async function bundleTests(root, tests, joined = []) {
  const out = join(root, 'build', 'tests');
  rmSync(out, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: [...tests, ...PROCESSES, ...threads(root)],
    outbase: root,
    outdir: out,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: EXTERNAL,
    // Its CommonJS entry finds its parts through a `require` that a bundler cannot follow.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    // CommonJS packages load Node's own modules with `require`.
    banner: {
      js: [
        `import { createRequire as requireOf } from 'node:module';`,
        `const require = requireOf(import.meta.url);`,
      ].join('\n'),
    },
    plugins: [{ name: 'own-url', setup: (on) => keepOwnUrls(on, root, out, new Set(joined)) }],
  });
  for (const page of PAGES) cpSync(join(root, 'src', page), join(out, 'src', page), { recursive: true });
  for (const table of TABLES) {
    const from = join(root, 'dist', table);
    if (!existsSync(from)) continue;
    mkdirSync(dirname(join(out, 'src', table)), { recursive: true });
    copyFileSync(from, join(out, 'src', table));
  }
  return out;
}

/** Modules that others start as threads or processes. */
function threads(root) {
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts'),
  );
  return sources.flatMap(({ parentPath, name }) => {
    const source = readFileSync(join(parentPath, name), 'utf8');
    const starts = source.matchAll(
      /new URL\('\.\/([\w-]+-(?:child|host|process|thread|worker))\.js', import\.meta\.url\)/g,
    );
    // A comment may name a missing module.
    const files = [...starts].map(([, thread]) => join(parentPath, `${thread}.ts`)).filter((file) => existsSync(file));
    return files.map((file) => relative(root, file));
  });
}

/** A module of src finds the build's files beside it, a module of test or scripts those beside its source. */
function keepOwnUrls({ onLoad }, root, out, joined) {
  onLoad({ filter: /\.ts$/ }, ({ path }) => {
    const place = relative(root, path).split(sep).join('/');
    if (place.startsWith('..') || place.includes('node_modules/')) return undefined;
    const own = place.startsWith('src/') ? join(out, place.replace(/\.ts$/, '.js')) : path;
    const source = readFileSync(path, 'utf8');
    const text = (joined.has(relative(root, path)) ? joinedSource(source) : source)
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(own).href))
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(own)));
    return { contents: text, loader: 'ts' };
  });
  // Source positions in packages are useless, and each process would read them.
  onLoad({ filter: /node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({
    contents: readFileSync(path, 'utf8') + NO_MAP,
    loader: 'js',
  }));
}
