import t from 'tap';
import { layer as layerSchema, layersInShot } from '../../src/config/sections/layer.js';
import { SHOTS } from '../../src/config/sections/shots.js';
import { ORIENTATIONS, TEMPLATE_LANGUAGES } from '../../src/config/templates/template.js';
import type { Box } from '../../src/core/verdict.js';
import { contrastRatio, over } from '../../src/scene/contrast.js';
import { brandColours } from '../../src/templates/brand-colours.js';
import { ownTexts, templateLayers } from '../../src/templates/template-layers.js';
import {
  loadTemplate,
  loadTemplateLayouts,
  loadTemplateTexts,
  templateNames,
} from '../../src/templates/load-template.js';

/** Types of layers that inform, besides panels that come with a line. */
const WORDS: ReadonlySet<string> = new Set(['card', 'caption', 'bubble', 'ticker']);

const meets = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const layersOf = (name: string, orientation: (typeof ORIENTATIONS)[number]) => {
  const template = loadTemplate(name);
  const places = loadTemplateLayouts().compositions[template.composition][orientation];
  const texts = loadTemplateTexts()[TEMPLATE_LANGUAGES[0]];
  const { primary, accent } = template.brand;
  const layers = templateLayers({
    template,
    places,
    orientation,
    texts: ownTexts(template, texts),
    label: texts.label,
    colours: brandColours(primary, accent, template.letters.stress),
    logo: 'logo.svg',
    planes: { near: true, frame: false },
  }).map((one) => layerSchema.parse(one));
  return { layers, places };
};

t.test('no two blocks of words share a pixel in any shot, nor does one lie under the label', (t) => {
  for (const name of templateNames()) {
    for (const orientation of ORIENTATIONS) {
      const { layers, places } = layersOf(name, orientation);
      const heights = new Map([
        ['card', places.price.height],
        ['side-price', places.side.prices[0].height],
        ['side-other-price', places.side.prices[1].height],
        ['close-price', places.close.price.height],
      ]);
      const label = { id: 'ai-label', ...places.label, height: 110 };
      for (const shot of SHOTS) {
        const words = layersInShot(layers, shot)
          .filter(({ type }) => WORDS.has(type))
          .map((one) => {
            const { id, x, y, width, height } = one as unknown as Box & { id: string };
            const isBadge = id === 'badge';
            const left = isBadge && places.badge?.align === 'right' ? places.width + x - 200 : x;
            // Captions in the middle count from there.
            const own = one.anchor === 'top' ? x + Math.round((places.width - width) / 2) : left;
            return { id, x: own, y, width: isBadge ? 200 : width, height: heights.get(id) ?? height };
          });
        const all = [label, ...words];
        const found = all.flatMap((a, i) =>
          all
            .slice(i + 1)
            .filter((b) => meets(a, b))
            .map((b) => `${a.id} and ${b.id}`),
        );
        t.same(found, [], `${name}, ${orientation}, ${shot}`);
      }
    }
  }
  t.end();
});

t.test('each shot shows product, price, caption and presenter; nothing hops', (t) => {
  const expected = {
    hero: ['card', 'caption', 'product'],
    'side-by-side': ['side-price', 'side-other-price', 'side-caption', 'side-product', 'side-other'],
    'close-up': ['close-price', 'close-caption', 'close-picture'],
  };
  for (const name of templateNames()) {
    for (const orientation of ORIENTATIONS) {
      const { layers } = layersOf(name, orientation);
      t.ok(
        layers.every((one) => one.motion?.loopMs === undefined),
        `${name}: no motion repeats`,
      );
      for (const shot of SHOTS) {
        const ids = new Set(layersInShot(layers, shot).map(({ id }) => id));
        for (const id of [...expected[shot], 'presenter', 'ai-label']) t.ok(ids.has(id), `${name} ${shot}: ${id}`);
        for (const other of SHOTS.filter((one) => one !== shot))
          for (const id of expected[other]) t.notOk(ids.has(id), `${name} ${shot}: no ${id}`);
      }
    }
  }
  t.end();
});

t.test('letters of a price are read on the ground that their scrim is meant for, and seen on any', (t) => {
  const grounds = ['#ffffff', '#808080', '#000000'].map((colour) => over(colour, [0, 0, 0]));
  for (const name of templateNames()) {
    for (const orientation of ORIENTATIONS) {
      for (const one of layersOf(name, orientation).layers) {
        if (one.type !== 'card' || one.open === undefined || one.open.ground === 'none') continue;
        const { fill, colour, terms } = one.open;
        for (const [what, letters] of [['price', one.accent], ...(terms ? [['title', colour]] : [])] as const) {
          const ratios = grounds.map((ground) => contrastRatio(over(letters!, over(fill, ground)), over(fill, ground)));
          t.ok(Math.max(...ratios) >= 4.5, `${name}, ${orientation}, ${one.id}: ${what} on its own ground`);
          t.ok(Math.min(...ratios) >= 1.5, `${name}, ${orientation}, ${one.id}: ${what} on any ground`);
        }
      }
    }
  }
  t.end();
});
