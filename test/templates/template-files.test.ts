import { existsSync, readFileSync, statSync } from 'node:fs';
import t from 'tap';
import { ORIENTATIONS } from '../../src/config/templates/template-layout.js';
import { TEMPLATE_LANGUAGES } from '../../src/config/templates/template-texts.js';
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

t.test('each template has its presenter, music, stickers and pictures, within the limits', async (t) => {
  t.equal(templateNames().length, 24);
  for (const name of templateNames()) {
    const { presenter, music, stickers, products } = loadTemplate(name);
    t.ok(existsSync(templatePath('presenters', presenter, 'pack.json')), `${name}: ${presenter}`);
    t.ok(existsSync(templatePath('music', `${music}.flac`)), `${name}: ${music}`);
    for (const sticker of stickers) t.ok(existsSync(templatePath('stickers', `${sticker}.svg`)), `${name}: ${sticker}`);
    for (const orientation of ORIENTATIONS) {
      for (const plane of ['', '-night', '-near']) {
        const { size } = statSync(templatePath('sets', name, `${orientation}${plane}.webp`));
        t.ok(size <= MAX_PICTURE_BYTES, `${name} ${orientation}${plane}`);
      }
    }
    for (const file of [
      ...ORIENTATIONS.flatMap((one) => [`${one}-front.svg`, `${one}-lights.svg`]),
      ...products.map((one) => one.image),
    ]) {
      const path = templatePath('sets', name, file);
      t.ok(statSync(path).size <= MAX_SVG_BYTES, `${name}: ${file}`);
      t.doesNotThrow(() => assertSafeSvg(readFileSync(path), file), `${name}: ${file}`);
    }
  }
});

t.test('the trimmings of each foreground are drawn in the accent, which a brand colour replaces', (t) => {
  for (const { name, brand } of listTemplates()) {
    for (const orientation of ORIENTATIONS) {
      t.match(readFileSync(templatePath('sets', name, `${orientation}-front.svg`), 'utf8'), brand.accent, name);
    }
  }
  t.end();
});

t.test('a place of text lies in the safe area of every platform', (t) => {
  const { layouts, safeAreas } = loadTemplateLayouts();
  for (const [layout, both] of Object.entries(layouts)) {
    for (const orientation of ORIENTATIONS) {
      const { width, height, card, bubble, badge, caption, ticker } = both[orientation];
      for (const [platform, margins] of Object.entries(safeAreas)) {
        const { top = 0, bottom = 0, left = 0, right = 0 } = margins[orientation];
        for (const [slot, place] of Object.entries({ card, bubble, badge, caption, ticker })) {
          const what = `${layout} ${orientation} ${platform}: ${slot}`;
          t.ok(place.y >= top * height && place.y + place.height <= (1 - bottom) * height, what);
          // A ticker runs from edge to edge.
          if (slot !== 'ticker') t.ok(place.x >= left * width && place.x + place.width <= (1 - right) * width, what);
        }
      }
    }
  }
  t.end();
});

t.test('no two templates look alike: brand, set and looks differ', (t) => {
  const seen = new Map<string, string>();
  for (const { name, brand, card, bubble } of listTemplates()) {
    const look = `${brand.accent} ${card} ${bubble}`;
    t.notOk(seen.has(look), `${name} and ${seen.get(look)}`);
    seen.set(look, name);
  }
  t.end();
});

t.test('the texts are there in 18 languages', (t) => {
  t.same(Object.keys(loadTemplateTexts()).sort(), [...TEMPLATE_LANGUAGES]);
  t.end();
});
