import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AdmissionScanner } from '../../../src/codescan/admission/index.js';
import { createLog } from '../../../src/core/log.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { loadTemplate } from '../../../src/templates/load-template.js';
import { loadSharp } from '../../../src/scene/sharp.js';
import { drawBack, drawFront, drawLights, drawNear, drawProduct, type Orientation } from './sets/draw-set.js';
import { Drawing } from './sets/drawing.js';
import { SETS } from './sets/sets.js';
import { STICKERS } from './sets/stickers/index.js';

/**
 * Draws the pictures of all templates and the stickers: `npm run tool -- draw-sets [--fronts|--planes] [set…]`. Backgrounds are kept as
 * WebP: they are out of focus, and their blurs would cost a second of CPU at each start. `--fronts` draws the
 * foregrounds, products, lights and stickers only, `--planes` all but the backgrounds by day.
 */
const QUALITIES = [84, 80, 88, 76];
/** Dark pictures show less of their blocks. */
const NIGHT_QUALITIES = [78, 74, 82, 70];
const PLANE_QUALITY = 70;
const sharp = await loadSharp();
const scanner = new AdmissionScanner({ log: createLog('error'), timeoutMs: 600_000 });

/**
 * A background as WebP, at the first quality at which the engine's own scan takes it: rows of goods out of focus can
 * look like a damaged code, and the blocks of the compression decide.
 */
async function clean(svg: string, qualities: readonly number[]): Promise<Buffer> {
  const drawn = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = drawn.info;
  for (const quality of qualities) {
    const file = await sharp(drawn.data, { raw: { width, height, channels: 3 } })
      .webp({ quality, effort: 5 })
      .toBuffer();
    const rgba = await sharp(file).ensureAlpha().raw().toBuffer();
    const { verdict } = await scanner.scan(new Uint8Array(rgba), width, height);
    if (verdict === 'clean') return file;
  }
  throw new Error(`the scan refuses the picture at the qualities ${qualities.join(', ')}: change what it shows`);
}
const frontsOnly = process.argv.includes('--fronts');
const planesOnly = process.argv.includes('--planes');
const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'));

for (const [name, spec] of Object.entries(SETS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const folder = templatePath('sets', name);
  const { accent } = loadTemplate(name).brand;
  for (const orientation of ['portrait', 'landscape'] satisfies Orientation[]) {
    if (!frontsOnly) {
      for (const isNight of planesOnly ? [true] : [false, true]) {
        const file = join(folder, `${orientation}${isNight ? '-night' : ''}.webp`);
        writeFileSync(file, await clean(drawBack(spec, orientation, isNight), isNight ? NIGHT_QUALITIES : QUALITIES));
      }
      await sharp(Buffer.from(drawNear(spec, orientation)))
        .webp({ quality: PLANE_QUALITY, alphaQuality: 100, effort: 6 })
        .toFile(join(folder, `${orientation}-near.webp`));
    }
    writeFileSync(join(folder, `${orientation}-lights.svg`), drawLights(spec, orientation));
    writeFileSync(join(folder, `${orientation}-front.svg`), drawFront(spec, orientation, accent));
  }
  spec.products.forEach((product, i) => {
    writeFileSync(join(folder, `product-${i + 1}.svg`), drawProduct(product, spec.palette));
  });
  console.log(name);
}
for (const [name, sticker] of Object.entries(STICKERS)) {
  const d = new Drawing(130, 130);
  d.add(sticker(d));
  writeFileSync(templatePath('stickers', `${name}.svg`), d.toString());
}
await scanner.close();
