// Joins the tests, and all they import, into plain JavaScript under build/tests: from sources each test process,
// and each thread and child that one starts, would load a compiler and six hundred modules, and join the words of
// the rule packs anew. `npx tap run test/x.test.ts` needs none of this.
import { build } from 'esbuild';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { joinedSource } from './join-tests.mjs';

/** What starts as a process of its own. */
const PROCESSES = [
  'src/compliance/ocr/ocr-process.ts',
  'src/speech/espeak/espeak-process.ts',
  'src/speech/flite/flite-process.ts',
];
/** Files that stand beside a module. */
const PAGES = ['control/camera', 'control/console'];
const TABLES = ['moderation/packs/checked-packs.bin', 'moderation/lexicon/lexicon-tables.bin'];
/** Native, found by their own place, or only for tests. */
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
 * @param joined those of them that run in a process with others
 * @returns the folder in which each has its place as a `.js`
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
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    // CommonJS packages ask for Node's own modules by `require`.
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

/** Modules that others start as threads, by the one way in which they do. */
function threads(root) {
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts'),
  );
  return sources.flatMap(({ parentPath, name }) => {
    const source = readFileSync(join(parentPath, name), 'utf8');
    if (!/\b(spawn|prepare)Worker\(/.test(source)) return [];
    const starts = source.matchAll(/new URL\('\.\/([\w-]+)\.js', import\.meta\.url\)/g);
    // A comment may name one that is not there.
    const files = [...starts].map(([, thread]) => join(parentPath, `${thread}.ts`)).filter((file) => existsSync(file));
    return files.map((file) => relative(root, file));
  });
}

/** A module of src finds what the build put beside it, one of test or scripts what stands beside its source. */
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
  // Positions in packages are of no use, and each process would read them.
  onLoad({ filter: /node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({
    contents: readFileSync(path, 'utf8') + NO_MAP,
    loader: 'js',
  }));
}
