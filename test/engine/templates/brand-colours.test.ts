import t, { type Test } from 'tap';
import { brandColours, contrast, primaryOf } from '../../../src/engine/templates/brand-colours.js';
import { loadTemplate, templateNames } from '../../../src/engine/templates/load-template.js';

const WHITE = '#ffffff';
const CARD_DARK = '#171b24';

function readable(t: Test, primary: string, accent: string): void {
  const colours = brandColours(primary, accent);
  const pairs: [string, string, string][] = [
    ['price on a light card', colours.onLight, WHITE],
    ['price on a dark card', colours.onDark, CARD_DARK],
    ['white on the accent', WHITE, colours.ground],
    ['white on the caption', WHITE, colours.panel],
    ["bubble in the accent's hue", colours.panel, colours.tint],
    ['highlighted word', colours.highlight, colours.panel],
  ];
  for (const [what, letters, ground] of pairs) {
    t.ok(contrast(letters, ground) >= 4.5, `${accent} ${what}: ${letters} on ${ground}`);
  }
}

t.test('every brand colour gives texts of at least 4.5 : 1', (t) => {
  const steps = ['00', '55', 'aa', 'ff'];
  for (const r of steps)
    for (const g of steps)
      for (const b of steps) {
        const accent = `#${r}${g}${b}`;
        readable(t, primaryOf(accent), accent);
      }
  t.end();
});

t.test("the templates' own colours are readable", (t) => {
  for (const name of templateNames()) {
    const { primary, accent } = loadTemplate(name).brand;
    readable(t, primary, accent);
  }
  t.end();
});

t.test('keeps a colour that is readable as it is', (t) => {
  t.equal(brandColours('#101820', '#a02020').ground, '#a02020');
  t.equal(brandColours('#101820', '#a02020').panel, '#101820');
  t.end();
});
