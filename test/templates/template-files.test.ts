import { existsSync, readFileSync, statSync } from 'node:fs';
import t from 'tap';
import { ORIENTATIONS, TEMPLATE_LANGUAGES } from '../../src/config/templates/template.js';
import { templatePath } from '../../src/core/files/paths.js';
import { listTemplates } from '../../src/templates/list-templates.js';
import {
  loadTemplate,
  loadTemplateLayouts,
  loadTemplateTexts,
  templateNames,
} from '../../src/templates/load-template.js';
import { assertSafeSvg } from '../../src/scene/assets/svg-safety.js';

const MAX_PICTURE_BYTES = 120_000;
const MAX_SVG_BYTES = 60_000;

t.test('each template has its presenter, music and pictures, within the limits', async (t) => {
  t.equal(templateNames().length, 24);
  for (const name of templateNames()) {
    const { presenter, music, products } = loadTemplate(name);
    t.ok(existsSync(templatePath('presenters', presenter, 'pack.json')), `${name}: ${presenter}`);
    t.ok(existsSync(templatePath('music', `${music}.flac`)), `${name}: ${music}`);
    const planes = ORIENTATIONS.flatMap((one) =>
      ['', '-night', '-close', '-front'].map((plane) => `${one}${plane}.webp`),
    );
    const pictures = products.flatMap(({ image, other, detail }) => [image, other, detail]);
    for (const file of [...planes, ...pictures.filter((one) => one !== undefined)]) {
      const path = templatePath('sets', name, file);
      t.ok(statSync(path).size <= (file.endsWith('.svg') ? MAX_SVG_BYTES : MAX_PICTURE_BYTES), `${name}: ${file}`);
      if (file.endsWith('.svg')) t.doesNotThrow(() => assertSafeSvg(readFileSync(path), file), `${name}: ${file}`);
    }
  }
});

t.test('at least eight compositions stand behind the templates, and no two of one look alike', (t) => {
  const compositions = new Set(listTemplates().map(({ composition }) => composition));
  t.ok(compositions.size >= 8, [...compositions].join(', '));
  const seen = new Map<string, string>();
  for (const name of templateNames()) {
    const { composition, brand, letters } = loadTemplate(name);
    const look = `${composition} ${brand.accent} ${letters.price} ${letters.stress}`;
    t.notOk(seen.has(look), `${name} and ${seen.get(look)}`);
    seen.set(look, name);
  }
  t.end();
});

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
const apart = (a: Area, b: Area): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
const holds = (a: Area, b: Area): boolean =>
  a.x <= b.x && a.y <= b.y && a.x + a.width >= b.x + b.width && a.y + a.height >= b.y + b.height;

t.test('tables hide a price as a whole or not at all, and no other words; questions hide no words', (t) => {
  for (const [composition, both] of Object.entries(loadTemplateLayouts().compositions)) {
    for (const orientation of ORIENTATIONS) {
      const { panel, question, side, close, price, caption, label } = both[orientation];
      const sized = ({ width, height }: Area, point: { x: number; y: number }): Area => ({ width, height, ...point });
      // Two lines of the largest label.
      const sign = { ...label, height: 110 };
      for (const [shot, table, asked, prices, words] of [
        ['hero', panel, question, [price], caption],
        ['side-by-side', sized(panel, side.panel), sized(question, side.question), side.prices, side.caption],
        ['close-up', sized(panel, close.panel), sized(question, close.question), [close.price], close.caption],
      ] as const) {
        const where = `${composition} ${orientation} ${shot}`;
        for (const one of prices) {
          t.ok(apart(table, one) || holds(table, one), `${where}: table and price`);
          if (shot === 'hero') t.ok(apart(asked, one), `${where}: question and price`);
        }
        for (const [of, area] of Object.entries({ table, question: asked })) {
          t.ok(apart(area, words), `${where}: ${of} and caption`);
          t.ok(apart(area, sign), `${where}: ${of} and label`);
        }
      }
    }
  }
  t.end();
});

t.test('the texts of each shot lie in the safe area of every platform', (t) => {
  const { compositions, safeAreas } = loadTemplateLayouts();
  for (const [composition, both] of Object.entries(compositions)) {
    for (const orientation of ORIENTATIONS) {
      const { width, height, price, badge, caption, side, close } = both[orientation];
      const slots = {
        price,
        caption,
        ...Object.fromEntries(side.prices.map((place, i) => [`price ${i} beside`, place])),
        'caption beside': side.caption,
        'price of the close-up': close.price,
        'caption of the close-up': close.caption,
        ...(badge === undefined ? {} : { badge: { ...badge, width: 0 } }),
      };
      for (const [platform, margins] of Object.entries(safeAreas)) {
        const { top = 0, bottom = 0, left = 0, right = 0 } = margins[orientation];
        for (const [slot, place] of Object.entries(slots)) {
          const what = `${composition} ${orientation} ${platform}: ${slot}`;
          t.ok(place.y >= top * height && place.y + place.height <= (1 - bottom) * height, what);
          t.ok(place.x >= left * width && place.x + place.width <= (1 - right) * width, what);
        }
      }
    }
  }
  t.end();
});

t.test('the price has the largest letters of every shot, at least 5 % of the height', (t) => {
  /** Digits of the font are that much of its size high. */
  const DIGITS = 0.71;
  for (const [composition, both] of Object.entries(loadTemplateLayouts().compositions)) {
    for (const orientation of ORIENTATIONS) {
      const { height, price, side, close } = both[orientation];
      for (const { size } of [price, ...side.prices, close.price])
        t.ok(size * DIGITS >= height * 0.05 - 0.5, `${composition} ${orientation}: ${size}`);
    }
  }
  t.end();
});

t.test('the texts are there in 18 languages', (t) => {
  t.same(Object.keys(loadTemplateTexts()).sort(), [...TEMPLATE_LANGUAGES]);
  t.end();
});
