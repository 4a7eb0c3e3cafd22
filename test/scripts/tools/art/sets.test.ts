import { readFileSync } from 'node:fs';
import t from 'tap';
import { ownPlane } from '../../../../scripts/tools/art/sets/draw-composition.js';
import { drawProduct } from '../../../../scripts/tools/art/sets/draw-set.js';
import { SETS } from '../../../../scripts/tools/art/sets/sets.js';
import { COMPOSITIONS } from '../../../../src/config/templates/template.js';
import { templatePath } from '../../../../src/core/files/paths.js';
import { loadTemplate, templateNames } from '../../../../src/templates/load-template.js';

t.test('each template has a set, and its drawings are the ones the script makes', (t) => {
  t.same(Object.keys(SETS).sort(), templateNames());
  for (const [name, spec] of Object.entries(SETS)) {
    for (const [i, { image }] of loadTemplate(name).products.entries()) {
      if (!image.endsWith('.svg')) continue;
      const drawn = readFileSync(templatePath('sets', name, image), 'utf8');
      t.equal(drawn, drawProduct(spec.products[i]!, spec.palette), `${name} ${image}`);
    }
  }
  t.end();
});

/** For wide goods of several sets, before rooms drawn from parts. */
const FROM_PARTS = 'display';

t.test('each composition is drawn for the set that it is named after, or from parts', (t) => {
  for (const name of COMPOSITIONS) {
    if (name === FROM_PARTS) continue;
    t.equal(loadTemplate(name).composition, name);
    for (const plane of ['portrait-far', 'portrait-front', 'landscape-far', 'landscape-front', 'detail', 'product-1'])
      t.ok(ownPlane(name, plane), `${name} ${plane}`);
  }
  const sets = templateNames().filter((name) => loadTemplate(name).composition === FROM_PARTS);
  t.same(sets, ['gifts-and-festivals', 'home-textiles', 'shoes-and-bags']);
  for (const name of sets) t.notOk(ownPlane(name, 'portrait-front'), name);
  t.end();
});
