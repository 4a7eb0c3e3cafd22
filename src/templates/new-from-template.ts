/**
 * Makes a room from a template: writes the room file in the wanted language and orientation and copies every file it
 * names, so that the folder can be moved.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import type { Platform } from '../config/sections/platform.js';
import type { Product } from '../config/sections/product.js';
import type { Template } from '../config/templates/template.js';
import type { Orientation } from '../config/templates/template-layout.js';
import { TEMPLATE_LANGUAGES, type TemplateLanguage } from '../config/templates/template-texts.js';
import { parseRoom } from '../config/load-room.js';
import { EngineError } from '../core/errors.js';
import { templatePath } from '../core/files/paths.js';
import { readRegularFileSync } from '../core/files/regular-file.js';
import { planOf } from '../writer/write-script.js';
import { readProductFile } from '../writer/read-product-file.js';
import { withLocalQuantities } from '../writer/local-quantities.js';
import { sentencePlans } from '../writer/load-plans.js';
import { leftOutText } from '../writer/left-out.js';
import { baseLanguage } from '../moderation/index.js';
import { isPicture } from '../scene/assets/is-picture.js';
import { MAX_ASSET_BYTES } from '../scene/assets/read-asset.js';
import { checkPrices } from '../intake/check-prices.js';
import { makeRoomFolder } from './new-room.js';
import { exampleProducts } from './example-products.js';
import { loadTemplate, loadTemplateLayouts, loadTemplateTexts } from './load-template.js';
import { templateRoom } from './template-room.js';

export interface TemplateOptions {
  readonly template: string;
  readonly language: string;
  readonly orientation: Orientation;
  /** Product files in place of the placeholders. */
  readonly products?: readonly string[];
  /** "#rrggbb" */
  readonly brand?: string;
  readonly logo?: string;
  readonly platform?: Platform;
  /** What the room is made without, or what is wrong with its products: a line for people. */
  readonly onRemark?: (text: string) => void;
}

const MAX_PRODUCTS = 50;

/** @returns absolute path of the new room file. Throws E_BAD_REQUEST, E_LISTING_INVALID, E_ASSET_MISSING. */
export async function newFromTemplate(folder: string, options: TemplateOptions): Promise<string> {
  const template = loadTemplate(options.template);
  const language = languageOf(options.language);
  const texts = loadTemplateTexts()[language];
  const own = (options.products ?? []).flatMap((file) => readProductFile(file).map((one) => ({ one, file })));
  refuseProducts(own.map(({ one }) => one));
  const { onRemark = () => undefined } = options;
  for (const { where, found, todo } of checkPrices({ products: own.map(({ one }) => one) }))
    onRemark(`${where}: ${found}; ${todo}`);
  if (options.logo !== undefined) existing(options.logo, '--logo');
  return makeRoomFolder(folder, async (draft, name) => {
    const assets = join(draft, 'assets');
    mkdirSync(assets);
    copyAssets(options.template, template, options.orientation, assets, own.length === 0);
    const products =
      own.length === 0
        ? exampleProducts(template, language, texts, planOf(sentencePlans(), language))
        : own.map(({ one, file }) =>
            withLocalQuantities(copyPictures(one, dirname(resolve(file)), draft), options.language),
          );
    const logo = options.logo === undefined ? undefined : `assets/logo${extname(options.logo).toLowerCase()}`;
    if (logo !== undefined) copyPicture(options.logo!, join(draft, logo), '--logo');
    if (options.brand !== undefined)
      paintFront(join(assets, `${options.orientation}-front.svg`), template, options.brand);
    const room = await templateRoom({
      name,
      template,
      layouts: loadTemplateLayouts(),
      texts,
      language,
      tag: options.language,
      orientation: options.orientation,
      products,
      areOwn: own.length > 0,
      brand: options.brand,
      logo,
      platform: options.platform,
      onLeftOut: (line) => onRemark(leftOutText(line)),
    });
    const text = `${JSON.stringify(room, null, 2)}\n`;
    parseRoom(text, join(draft, 'room.json'), { withoutKeys: true });
    writeFileSync(join(draft, 'room.json'), text);
    cpSync(templatePath('schema', 'room.schema.json'), join(draft, 'room.schema.json'));
  });
}

function languageOf(tag: string): TemplateLanguage {
  const base = baseLanguage(tag);
  const found = TEMPLATE_LANGUAGES.find((one) => one === base);
  if (found !== undefined) return found;
  const expected = `one of ${TEMPLATE_LANGUAGES.join(', ')}`;
  throw new EngineError('E_BAD_REQUEST', { where: '--language', expected, found: `"${tag}"` });
}

function refuseProducts(products: readonly Product[]): void {
  const where = '--products';
  if (products.length > MAX_PRODUCTS) {
    const expected = `at most ${MAX_PRODUCTS} products`;
    throw new EngineError('E_BAD_REQUEST', { where, expected, found: String(products.length) });
  }
  const twice = products.find((one, i) => products.findIndex((other) => other.id === one.id) !== i);
  if (twice === undefined) return;
  throw new EngineError('E_BAD_REQUEST', {
    where,
    expected: 'products with different ids',
    found: `"${twice.id}" twice`,
  });
}

function existing(file: string, where: string): string {
  if (existsSync(file)) return file;
  throw new EngineError('E_ASSET_MISSING', { where, expected: 'a picture file', found: `no file ${file}` });
}

/** A product may come from a stranger: only pictures are copied, so that no other file of this machine gets into the room. */
function copyPicture(file: string, to: string, where: string): void {
  const bad = (found: string, cause?: unknown): EngineError =>
    new EngineError('E_ASSET_INVALID', {
      where,
      expected: 'a picture file of at most 20 MB',
      found: `${file}: ${found}`,
      cause,
    });
  let bytes: Buffer;
  try {
    bytes = readRegularFileSync(file, MAX_ASSET_BYTES);
  } catch (cause) {
    throw bad((cause as Error).message, cause);
  }
  if (!isPicture(bytes)) throw bad('a file of another kind');
  writeFileSync(to, bytes);
}

/** A file that is named inside the product's folder lies there: a link that leads elsewhere is not what it seems. */
function refuseLinkElsewhere(file: string, folder: string, where: string): void {
  const inside = (path: string, of: string): boolean => path.startsWith(of.endsWith(sep) ? of : of + sep);
  if (!inside(file, folder) || inside(realpathSync(file), realpathSync(folder))) return;
  throw new EngineError('E_ASSET_INVALID', {
    where,
    expected: 'a picture in the folder of the product',
    found: `${file}: a link that leads out of the folder`,
    todo: 'copy the picture there, or name its own path',
  });
}

function copyAssets(name: string, template: Template, orientation: Orientation, to: string, examples: boolean): void {
  const copy = (...parts: string[]): void => copyFileSync(templatePath(...parts), join(to, parts.at(-1)!));
  for (const plane of ['.webp', '-night.webp', '-lights.svg', '-front.svg', '-near.webp'])
    copy('sets', name, `${orientation}${plane}`);
  copy('music', `${template.music}.flac`);
  for (const sticker of template.stickers) copy('stickers', `${sticker}.svg`);
  if (examples) for (const { image } of template.products) copy('sets', name, image);
}

/** Copies a product's pictures into the room's folder and points the product to them. */
function copyPictures(one: Product, from: string, draft: string): Product {
  const folder = `products/${one.id}`;
  mkdirSync(join(draft, folder), { recursive: true });
  const placed = new Map<string, string>();
  const place = (src: string): string => {
    if (src.startsWith('data:')) return src;
    const known = placed.get(src);
    if (known !== undefined) return known;
    const where = `products "${one.id}"`;
    const file = existing(resolve(from, src), where);
    refuseLinkElsewhere(file, from, where);
    const path = `${folder}/${placed.size + 1}-${basename(src)}`;
    copyPicture(file, join(draft, path), where);
    placed.set(src, path);
    return path;
  };
  return {
    ...one,
    image: place(one.image),
    images: one.images.map(place),
    variants: one.variants.map((variant) => ({
      ...variant,
      values: variant.values.map((value) =>
        value.image === undefined ? value : { ...value, image: place(value.image) },
      ),
    })),
  };
}

/** The trimmings of counter and stage take the brand's colour: they alone are drawn in the set's exact accent. */
function paintFront(file: string, { brand }: Template, colour: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(brand.accent, colour));
}
