import { readFileSync } from 'node:fs';
import t from 'tap';
import { drawFront, drawProduct } from '../../../../scripts/tools/art/sets/draw-set.js';
import { SETS } from '../../../../scripts/tools/art/sets/sets.js';
import { ORIENTATIONS } from '../../../../src/config/templates/template-layout.js';
import { templatePath } from '../../../../src/core/files/paths.js';
import { loadTemplate, templateNames } from '../../../../src/templates/load-template.js';

t.test('each template has a set, and its drawings are the ones the script makes', (t) => {
  t.same(Object.keys(SETS).sort(), templateNames());
  for (const [name, spec] of Object.entries(SETS)) {
    const { brand, products } = loadTemplate(name);
    const file = (path: string): string => readFileSync(templatePath('sets', name, path), 'utf8');
    for (const orientation of ORIENTATIONS) {
      t.equal(file(`${orientation}-front.svg`), drawFront(spec, orientation, brand.accent), `${name} ${orientation}`);
    }
    products.forEach(({ image }, i) =>
      t.equal(file(image), drawProduct(spec.products[i]!, spec.palette), `${name} ${image}`),
    );
  }
  t.end();
});
