import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatePath } from '../src/core/files/paths.js';
import { loadTemplate } from '../src/engine/templates/load-template.js';
import { loadSharp } from '../src/scene/sharp.js';
import { drawBack, drawFront, drawProduct, type Orientation } from './sets/draw-set.js';
import { Drawing } from './sets/drawing.js';
import { SETS } from './sets/sets.js';
import { STICKERS } from './sets/stickers.js';

/**
 * Draws the pictures of all templates and the stickers: `npx tsx scripts/draw-sets.ts [--fronts] [set…]`. Backgrounds are kept as
 * WebP: they are out of focus, and their blurs would cost a second of CPU at each start. `--fronts` draws the
 * foregrounds, products and stickers only.
 */
const QUALITY = 84;
const sharp = await loadSharp();
const frontsOnly = process.argv.includes('--fronts');
const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'));

for (const [name, spec] of Object.entries(SETS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const folder = templatePath('sets', name);
  const { accent } = loadTemplate(name).brand;
  for (const orientation of ['portrait', 'landscape'] satisfies Orientation[]) {
    if (!frontsOnly) {
      const back = Buffer.from(drawBack(spec, orientation));
      await sharp(back)
        .removeAlpha()
        .webp({ quality: QUALITY, effort: 5 })
        .toFile(join(folder, `${orientation}.webp`));
    }
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
