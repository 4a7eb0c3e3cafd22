import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatePath } from '../src/core/files/paths.js';
import { loadTemplate } from '../src/engine/templates/load-template.js';
import { loadSharp } from '../src/scene/sharp.js';
import { drawBack, drawFront, drawLights, drawNear, drawProduct, type Orientation } from './sets/draw-set.js';
import { Drawing } from './sets/drawing.js';
import { SETS } from './sets/sets.js';
import { STICKERS } from './sets/stickers/index.js';

/**
 * Draws the pictures of all templates and the stickers: `npx tsx scripts/draw-sets.ts [--fronts|--planes] [set…]`. Backgrounds are kept as
 * WebP: they are out of focus, and their blurs would cost a second of CPU at each start. `--fronts` draws the
 * foregrounds, products, lights and stickers only, `--planes` all but the backgrounds by day.
 */
const QUALITY = 84;
/** Dark pictures show less of their blocks. */
const NIGHT_QUALITY = 78;
const PLANE_QUALITY = 70;
const sharp = await loadSharp();
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
        await sharp(Buffer.from(drawBack(spec, orientation, isNight)))
          .removeAlpha()
          .webp({ quality: isNight ? NIGHT_QUALITY : QUALITY, effort: 5 })
          .toFile(join(folder, `${orientation}${isNight ? '-night' : ''}.webp`));
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
