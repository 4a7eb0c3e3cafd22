/**
 * Recall and false alarms of the finder search on a folder of images, one line a set.
 *
 *     npm run bench -- finders FOLDER [native|twin] [--list]
 *
 * FOLDER holds one folder a set (searched two levels deep), e.g. zxing-cpp's and jsQR's samples. Images are
 * fitted inside 1280×720 without enlarging, as a frame would show them. `--list` names images without a hit
 * (or with one, in sets whose name starts with `falsepositives` or `ean13`).
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import sharp from 'sharp';
import { loadKernels } from '../../src/native/load-kernels.js';

const IMAGE = new Set(['.png', '.jpg', '.jpeg', '.webp']);
const args = process.argv.slice(2);
const list = args.includes('--list');
const [folder, which] = args.filter((a) => !a.startsWith('--'));
if (folder === undefined) throw new Error('usage: npm run bench -- finders FOLDER [native|twin] [--list]');
const kernels = loadKernels({ prefer: which === 'twin' ? 'twin' : 'native' });
const hits = new Int32Array(4 * 64);

function setsIn(dir: string, depth: number): string[] {
  const entries = readdirSync(dir).sort();
  const here = entries.some((e) => IMAGE.has(extname(e).toLowerCase())) ? [dir] : [];
  if (depth === 0) return here;
  return here.concat(
    entries
      .map((e) => join(dir, e))
      .filter((p) => statSync(p).isDirectory())
      .flatMap((p) => setsIn(p, depth - 1)),
  );
}

// The first calls grow buffers and, in the twin, compile: they are not timed.
for (let i = 0; i < 5; i += 1) kernels.findFinders(new Uint8Array(921_600).fill(9), 1280, 720, 0, 0, 1280, 720, hits);
console.log(`${kernels.name} (${kernels.variant})`);
for (const set of setsIn(folder, 2)) {
  const clean = /^(falsepositives|ean13)/.test(basename(set));
  const odd: string[] = [];
  let images = 0;
  let withHit = 0;
  let total = 0;
  const micros: number[] = [];
  for (const file of readdirSync(set).sort()) {
    if (!IMAGE.has(extname(file).toLowerCase())) continue;
    const image = sharp(join(set, file))
      .flatten({ background: '#fff' })
      .resize(1280, 720, { fit: 'inside', withoutEnlargement: true });
    const { data, info } = await image.greyscale().toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    let best = Infinity;
    let n = 0;
    for (let i = 0; i < 3; i += 1) {
      const from = performance.now();
      n = kernels.findFinders(data, info.width, info.height, 0, 0, info.width, info.height, hits);
      best = Math.min(best, performance.now() - from);
    }
    images += 1;
    total += n;
    if (n > 0) withHit += 1;
    if (n > 0 === clean) odd.push(`${file}:${info.width}x${info.height}:${n}`);
    // In a small picture the overhead of a call would dominate.
    if (info.width * info.height >= 65_536) micros.push((best * 1000 * 921_600) / (info.width * info.height));
  }
  micros.sort((a, b) => a - b);
  console.log(
    `${basename(set).padEnd(20)} images ${String(images).padStart(4)}  with a hit ${((100 * withHit) / images).toFixed(1).padStart(5)} %` +
      `  hits an image ${(total / images).toFixed(1).padStart(5)}  µs a 720p frame: median ${(micros[micros.length >> 1] ?? 0).toFixed(0)}, max ${(micros.at(-1) ?? 0).toFixed(0)}`,
  );
  if (list && odd.length > 0) console.log(`    ${odd.join(' ')}`);
}
