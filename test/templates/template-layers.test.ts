import t from 'tap';
import { ORIENTATIONS } from '../../src/config/templates/template-layout.js';
import { TEMPLATE_LANGUAGES } from '../../src/config/templates/template-texts.js';
import type { Box } from '../../src/core/verdict.js';
import { brandColours } from '../../src/templates/brand-colours.js';
import { ownTexts } from '../../src/templates/held-texts.js';
import {
  loadTemplate,
  loadTemplateLayouts,
  loadTemplateTexts,
  templateNames,
} from '../../src/templates/load-template.js';
import { templateLayers } from '../../src/templates/template-layers.js';

/** Layers with a place of their own in front of the set. */
const APART = [
  'product',
  'card',
  'card-sheet',
  'bubble',
  'badge',
  'sticker-1',
  'sticker-2',
  'caption',
  'ticker',
  'logo',
];
/** A card and its sheet belong together. */
const TOGETHER = new Set(['card card-sheet', 'card-sheet card']);

const meets = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

t.test('no two layers in front of a set share a pixel, with and without former prices', async (t) => {
  const { layouts } = loadTemplateLayouts();
  const texts = loadTemplateTexts()[TEMPLATE_LANGUAGES[0]];
  for (const name of templateNames()) {
    const template = loadTemplate(name);
    const { primary, accent } = template.brand;
    for (const orientation of ORIENTATIONS) {
      const places = layouts[template.layout][orientation];
      for (const hasFormerPrices of [false, true]) {
        const layers = templateLayers({
          template,
          places,
          orientation,
          texts: ownTexts(template, texts),
          label: texts.label,
          colours: brandColours(primary, accent),
          hasFormerPrices,
          logo: 'logo.svg',
        });
        const boxes = layers
          .filter(({ id }) => APART.includes(id))
          .map((layer): Box & { id: string } => {
            const { id, x, y, width, height } = layer as unknown as Box & { id: string };
            // A badge is as wide as its text, a card without a sheet as high as its content; the caption is centred.
            const own = {
              width: id === 'badge' ? places.badge.width : width,
              height: id === 'card' ? places.card.height : height,
            };
            return { id, x: id === 'caption' ? places.caption.x : x, y, ...own };
          });
        const found = boxes.flatMap((a, i) =>
          boxes
            .slice(i + 1)
            .filter((b) => !TOGETHER.has(`${a.id} ${b.id}`) && meets(a, b))
            .map((b) => `${a.id} and ${b.id}`),
        );
        t.same(found, [], `${name}, ${orientation}${hasFormerPrices ? ', former prices' : ''}`);
      }
    }
  }
});
