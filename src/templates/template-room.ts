import type { Layer } from '../config/sections/layer.js';
import type { Platform } from '../config/sections/platform.js';
import type { Product } from '../config/sections/product.js';
import type { Template } from '../config/templates/template.js';
import type { LayoutPlaces, Orientation, TemplateLayouts } from '../config/templates/template-layout.js';
import type { TemplateLanguage, TextsOfLanguage } from '../config/templates/template-texts.js';
import type { LeftOut } from '../writer/left-out.js';
import { writeScript } from '../writer/write-script.js';
import { TextJudge } from '../moderation/index.js';
import { withoutDefaults } from '../intake/write-product.js';
import { brandColours, primaryOf } from './brand-colours.js';
import { heldTexts, ownTexts } from './held-texts.js';
import { templateLayers } from './template-layers.js';

export interface RoomOfTemplate {
  readonly name: string;
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
export async function templateRoom(room: RoomOfTemplate): Promise<Record<string, unknown>> {
  const { template, layouts, texts, orientation, products, brand, logo, platform } = room;
  const places: LayoutPlaces = layouts.layouts[template.layout][orientation];
  const colours =
    brand === undefined
      ? brandColours(template.brand.primary, template.brand.accent)
      : brandColours(primaryOf(brand), brand);
  const margins = platform === undefined ? {} : layouts.safeAreas[platform][orientation];
  const layers = templateLayers({
    template,
    places,
    orientation,
    texts: room.areOwn ? heldTexts(template, texts, products, room.tag) : ownTexts(template, texts),
    label: texts.label,
    colours,
    hasFormerPrices: products.some((one) => one.price.was !== undefined),
    logo,
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
