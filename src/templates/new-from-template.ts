/**
 * Makes a room from a template: writes the room file in the wanted language and orientation and copies every file it
 * names, so that the folder can be moved.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import type { Platform } from '../config/sections/platform.js';
import { type Product, product } from '../config/sections/product.js';
import {
  type Template,
  TEMPLATE_LANGUAGES,
  type TemplateLanguage,
  type TextsOfLanguage,
  type Orientation,
  type LayoutPlaces,
  type TemplateLayouts,
} from '../config/templates/template.js';
import { parseRoom } from '../config/load-room.js';
import { EngineError } from '../core/errors.js';
import { templatePath } from '../core/files/paths.js';
import { readRegularFileSync } from '../core/files/regular-file.js';
import { planOf, writeScript } from '../writer/write-script.js';
import { readProductFile } from '../writer/read-product-file.js';
import { withLocalQuantities, SpokenValues } from '../writer/spoken-values.js';
import { sentencePlans, type SentencePlan } from '../writer/plan-schema.js';
import { leftOutText, type LeftOut } from '../writer/draft.js';
import { baseLanguage, TextJudge } from '../moderation/index.js';
import { isPicture, MAX_ASSET_BYTES } from '../scene/assets/read-asset.js';
import { checkPrices } from '../intake/check-prices.js';
import type { Layer } from '../config/sections/layer.js';
import { withoutDefaults } from '../intake/write-product.js';
import { makeRoomFolder } from './new-room.js';
import { loadTemplate, loadTemplateLayouts, loadTemplateTexts } from './load-template.js';
import { brandColours, primaryOf } from './brand-colours.js';
import { heldTexts, type LayersInput, ownTexts, templateLayers } from './template-layers.js';

interface RoomOfTemplate {
  readonly name: string;
  /** Name of the template. */
  readonly set: string;
  readonly template: Template;
  readonly layouts: TemplateLayouts;
  readonly texts: TextsOfLanguage;
  readonly language: TemplateLanguage;
  /** BCP-47 language of the room, such as "pt-BR". */
  readonly tag: string;
  readonly orientation: Orientation;
  readonly products: readonly Product[];
  /** Products of a seller: claims that they do not make are not shown. */
  readonly areOwn: boolean;
  /** A brand colour in place of the template's. */
  readonly brand?: string | undefined;
  /** Path of the logo in the room's folder. */
  readonly logo?: string | undefined;
  readonly platform?: Platform | undefined;
  /** A sentence that no clean wording was found for. */
  readonly onLeftOut?: ((line: LeftOut) => void) | undefined;
}

/** Length of one round of the script. */
const MINUTES = 3;
const WORDINGS = 3;

/** The room file of a template, without defaults of the schema. */
async function templateRoom(room: RoomOfTemplate): Promise<Record<string, unknown>> {
  const { template, layouts, texts, orientation, products, brand, logo, platform } = room;
  const places: LayoutPlaces = layouts.compositions[template.composition][orientation];
  const colours =
    brand === undefined
      ? brandColours(template.brand.primary, template.brand.accent, template.letters.stress)
      : brandColours(primaryOf(brand), brand);
  const margins = platform === undefined ? {} : layouts.safeAreas[platform][orientation];
  const layers = templateLayers({
    template,
    places,
    orientation,
    texts: room.areOwn ? heldTexts(template, texts, products, room.tag) : ownTexts(template, texts),
    label: texts.label,
    colours,
    logo,
    planes: planesOf(room.set, orientation),
    footCovered: (margins.bottom ?? 0) > 0,
  });
  return {
    $schema: 'room.schema.json',
    name: room.name,
    title: titleOf(room.name),
    language: room.tag,
    video: { width: places.width, height: places.height, fps: 30, background: colours.panel },
    audio: { music: { src: `assets/${template.music}.flac`, instrumental: true } },
    rights: { assets: 'templates of Showroom, Apache-2.0; pictures of own products: own work' },
    presenter: { pack: template.presenter, ...(template.look === undefined ? {} : { look: template.look }) },
    products: products.map(withoutDefaults),
    layers,
    script: { loop: true, gapMs: 450, segments: await script(room, layers as unknown as readonly Layer[]) },
    ...(Object.keys(margins).length === 0 ? {} : { compliance: { safeArea: margins } }),
  };
}

/** The room's own name for people: viewers read it on the slate. "my-kitchen" is "My kitchen". */
function titleOf(name: string): string {
  const plain = name.replace(/[-_.]+/g, ' ').trim();
  return plain === '' ? name : plain[0]!.toUpperCase() + plain.slice(1);
}

/** The template's greeting and the writer's lines, all judged; each segment shows a product, so the stage is never empty. */
async function script(
  { texts, tag, products, onLeftOut }: RoomOfTemplate,
  layers: readonly Layer[],
): Promise<unknown[]> {
  const { segments, leftOut } = await writeScript({
    products,
    languages: [tag],
    roomLanguage: tag,
    minutes: MINUTES,
    style: 'warm',
    judge: new TextJudge({}),
    maxWordings: WORDINGS,
    layers,
  });
  for (const line of leftOut) onLeftOut?.(line);
  return segments.map((segment, i) => {
    const product = segment.product ?? (i === 0 ? products[0]! : products.at(-1)!).id;
    const lines = segment.lines.map((line, l) => ({
      text: i === 0 && l === 0 && segment.product === undefined ? texts.greeting : line.text,
      ...(line.variants.length === 0 ? {} : { variants: line.variants }),
      ...(line.gesture === 'none' ? {} : { gesture: line.gesture }),
      ...(line.show === undefined ? {} : { show: line.show }),
    }));
    return { product, lines };
  });
}

/** Placeholder products of a template in one language. */
export function exampleProducts(
  { products }: Template,
  language: TemplateLanguage,
  texts: TextsOfLanguage,
  plan: SentencePlan,
): Product[] {
  const values = new SpokenValues(plan);
  const words: Readonly<Record<string, string | undefined>> = plan.words;
  return products.map((one) =>
    product.parse({
      id: one.id,
      title: one.title[language],
      subtitle: texts.example,
      image: `assets/${one.image}`,
      price: { amount: one.price, currency: 'USD', unit: values.unit(one.unit) },
      minimumOrder: values.quantity(one.minimumOrder, one.unit),
      facts: texts.facts,
      attributes:
        one.material === undefined ? [] : [{ name: plan.topics.material, value: words[one.material] ?? one.material }],
      variants:
        one.colours.length === 0
          ? []
          : [
              {
                name: plan.topics.colour,
                values: one.colours.map((name, i) => ({
                  name: words[name] ?? name,
                  ...(i === 1 && one.other !== undefined ? { image: `assets/${one.other}` } : {}),
                })),
              },
            ],
      images: one.detail === undefined ? [] : [`assets/${one.detail}`],
    }),
  );
}

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
  /** Tells a person what the room lacks, or which products are faulty. */
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
    const room = await templateRoom({
      name,
      set: options.template,
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

/** The planes that this set has. */
const planesOf = (name: string, orientation: Orientation): LayersInput['planes'] => ({
  near: existsSync(templatePath('sets', name, `${orientation}-near.webp`)),
  frame: existsSync(templatePath('sets', name, `${orientation}-frame.webp`)),
});

function copyAssets(name: string, template: Template, orientation: Orientation, to: string, examples: boolean): void {
  const copy = (...parts: string[]): void => copyFileSync(templatePath(...parts), join(to, parts.at(-1)!));
  const planes = planesOf(name, orientation);
  const more = [...(planes.near ? ['-near.webp'] : []), ...(planes.frame ? ['-frame.webp'] : [])];
  for (const plane of ['.webp', '-night.webp', '-close.webp', '-front.webp', ...more])
    copy('sets', name, `${orientation}${plane}`);
  copy('music', `${template.music}.flac`);
  if (!examples) return;
  for (const { image, other, detail } of template.products)
    for (const file of [image, other, detail]) if (file !== undefined) copy('sets', name, file);
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
