import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AdmissionScanner } from '../../../src/codescan/admission/index.js';
import { createLog } from '../../../src/core/log.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { loadTemplate, loadTemplateLayouts } from '../../../src/templates/load-template.js';
import { loadSharp } from '../../../src/scene/sharp.js';
import { ORIENTATIONS } from '../../../src/config/templates/template.js';
import {
  closePlane,
  farPlane,
  framePlane,
  frontPlane,
  nearPlane,
  nightOver,
  ownPlane,
} from './sets/draw-composition.js';
import { drawProduct } from './sets/draw-set.js';
import { Drawing } from './sets/drawing.js';
import { SETS } from './sets/sets.js';
import { STICKERS } from './sets/stickers/index.js';

/**
 * Draws the pictures of all templates and the stickers: `npm run tool -- draw-sets [set…]`. All planes are kept as WebP:
 * their blurs would cost a second of CPU at each start.
 */
const QUALITIES = [84, 80, 88, 76];
/** Dark pictures show less of their blocks. */
const NIGHT_QUALITIES = [78, 74, 82, 70];
/** Out of focus behind a product. */
const CLOSE_QUALITIES = [60, 70, 50, 80];
const PLANE_QUALITY = 82;
/** Products are drawn larger than any shot shows them. */
const PRODUCT_PX = 900;
const sharp = await loadSharp();
const scanner = new AdmissionScanner({ log: createLog('error'), timeoutMs: 600_000 });

/**
 * A picture as WebP, at the first quality at which the engine's own scan takes it: rows of goods out of focus can
 * look like a damaged code, and the blocks of the compression decide.
 */
async function clean(picture: Buffer, qualities: readonly number[]): Promise<Buffer> {
  const drawn = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
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

const png = (svg: string): Promise<Buffer> => sharp(Buffer.from(svg)).png().toBuffer();

/** A plane with clear parts. */
const plane = async (picture: Buffer, file: string): Promise<unknown> =>
  sharp(picture).webp({ quality: PLANE_QUALITY, alphaQuality: 100, effort: 6 }).toFile(file);

/** A cut-out, without its clear margins. */
async function cutOut(svg: string, file: string): Promise<void> {
  const large = await sharp(Buffer.from(svg), { density: 160 }).png().toBuffer();
  await sharp(await sharp(large).trim({ threshold: 1 }).toBuffer())
    .resize(PRODUCT_PX, PRODUCT_PX, { fit: 'inside' })
    .webp({ quality: 88, alphaQuality: 100, effort: 6 })
    .toFile(file);
}

const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const { compositions } = loadTemplateLayouts();

for (const [name, spec] of Object.entries(SETS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const folder = templatePath('sets', name);
  const { composition, brand } = loadTemplate(name);
  for (const orientation of ORIENTATIONS) {
    const places = compositions[composition][orientation];
    const { width, height, front } = places;
    const file = (suffix: string): string => join(folder, `${orientation}${suffix}.webp`);
    const isRound = composition === 'beauty';
    const far = await png(farPlane(name, spec, orientation, isRound));
    writeFileSync(file(''), await clean(far, QUALITIES));
    const night = await sharp(far)
      .composite([{ input: await png(nightOver(places)) }])
      .toBuffer();
    writeFileSync(file('-night'), await clean(night, NIGHT_QUALITIES));
    writeFileSync(file('-close'), await clean(await png(closePlane(spec, orientation)), CLOSE_QUALITIES));
    const frame = isRound ? framePlane(name, spec, orientation) : undefined;
    if (frame !== undefined) await plane(await png(frame), file('-frame'));
    // It reaches beyond the frame's foot, for the shot in which it stands higher.
    const whole = await png(frontPlane(name, spec, composition, orientation, brand.accent));
    const shown = await sharp(whole)
      .extract({ left: 0, top: front.y, width, height: height - front.y })
      .toBuffer();
    const below = front.height - (height - front.y);
    await plane(await sharp(shown).extend({ bottom: below, extendWith: 'copy' }).toBuffer(), file('-front'));
    const near = nearPlane(name, orientation);
    if (near !== undefined) await plane(await png(near), file('-near'));
    for (const old of [`${orientation}-lights.svg`, `${orientation}-front.svg`])
      rmSync(join(folder, old), { force: true });
    if (near === undefined) rmSync(file('-near'), { force: true });
  }
  for (const [i, product] of spec.products.entries()) {
    const own = i === 0 ? ownPlane(name, 'product-1') : undefined;
    if (own === undefined) {
      writeFileSync(join(folder, `product-${i + 1}.svg`), drawProduct(product, spec.palette));
      continue;
    }
    await cutOut(own, join(folder, 'product-1.webp'));
    rmSync(join(folder, 'product-1.svg'), { force: true });
    await cutOut(ownPlane(name, 'product-1-other')!, join(folder, 'product-1-other.webp'));
    writeFileSync(join(folder, 'detail-1.webp'), await clean(await png(ownPlane(name, 'detail')!), QUALITIES));
  }
  console.log(name);
}
if (wanted.length === 0) {
  for (const [name, sticker] of Object.entries(STICKERS)) {
    const d = new Drawing(130, 130);
    d.add(sticker(d));
    writeFileSync(templatePath('stickers', `${name}.svg`), d.toString());
  }
}
await scanner.close();
