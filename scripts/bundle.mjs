// Bundles the modules of dist/ that a room loads at start, and most of their imports, into a few files: finding,
// reading and linking six hundred modules takes half a second of every start. Entries keep their places in dist/, with
// shared code in dist/chunks. Each module keeps its `import.meta.url`.
import { build as bundleModules } from 'esbuild';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { licences } from './licences.mjs';

/** Programs and threads of a room on air; all other modules stay as compiled. */
const ENTRIES = [
  'cli/main.js',
  'codescan/jobs/scan-thread.js',
  'codescan/admission/admission-thread.js',
  'loop/loop-worker.js',
  'scene/drawing/picture-child.js',
  'scene/clips/feed-thread.js',
  'scene/clips/make-clip-thread.js',
  'outputs/embedded/embedded-server-worker.js',
];
/** Native, under the GPL (a process of its own), loaded from its own folder, or only used by `engine check`. */
const EXTERNAL = [
  'jimp',
  '@img/sharp-*',
  'onnxruntime-node',
  'node-gyp',
  'node-addon-api',
  '@ffmpeg-installer/ffmpeg',
  '@echogarden/*',
  'libsql',
  'bullmq',
  'ioredis',
  'libsodium-wrappers',
];

/** @param root the package's folder with the compiled dist/ */
export async function bundle(root) {
  const dist = join(root, 'dist');
  rmSync(join(dist, 'chunks'), { recursive: true, force: true });
  const { metafile } = await bundleModules({
    absWorkingDir: root,
    entryPoints: ENTRIES.map((entry) => join(dist, entry)),
    outbase: dist,
    outdir: dist,
    allowOverwrite: true,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: EXTERNAL,
    // Its CommonJS entry finds its parts through a `require` that a bundler cannot follow.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    metafile: true,
    logLevel: 'warning',
    // CommonJS packages load Node's own modules with `require`.
    banner: {
      js: [
        `import { createRequire as requireOf } from 'node:module';`,
        `const require = requireOf(import.meta.url);`,
        `const moduleUrl = (path) => import.meta.url.slice(0, import.meta.url.lastIndexOf('/dist/') + 6) + path;`,
      ].join('\n'),
    },
    plugins: [
      {
        name: 'one-locale',
        setup(build) {
          build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
            contents: `export { default as en } from './en.js';`,
          }));
        },
      },
      {
        // Its native part is located relative to the package.
        name: 'sharp-place',
        setup(build) {
          build.onLoad({ filter: /[\\/]sharp[\\/]dist[\\/].*\.mjs$/ }, ({ path }) => ({
            contents: readFileSync(path, 'utf8').replaceAll(
              'import.meta.url',
              `requireOf(moduleUrl('')).resolve('sharp')`,
            ),
            loader: 'js',
          }));
        },
      },
      {
        name: 'own-url',
        setup(build) {
          build.onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, ({ path }) => {
            const place = relative(dist, path);
            if (place.startsWith('..')) return undefined;
            const own = `moduleUrl(${JSON.stringify(place.split(sep).join('/'))})`;
            return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', own), loader: 'js' };
          });
        },
      },
    ],
  });
  writeFileSync(join(dist, 'chunks', 'LICENSES.txt'), licences(root, Object.keys(metafile.inputs)));
}
