import t, { type Test } from 'tap';
import { contrastRatio, over } from '../../src/scene/contrast.js';
import { brandColours, contrast, primaryOf } from '../../src/templates/brand-colours.js';
import { themeOf } from '../../src/scene/layers/panel-sheet.js';
import { loadTemplate, templateNames } from '../../src/templates/load-template.js';
import { shadeOf } from '../../src/templates/template-layers.js';

const WHITE = '#ffffff';
const CARD_DARK = '#171b24';

function readable(t: Test, primary: string, accent: string): void {
  const colours = brandColours(primary, accent);
  const pairs: [string, string, string][] = [
    ['price on a light card', colours.onLight, WHITE],
    ['price on a dark card', colours.onDark, CARD_DARK],
    ['white on the accent', WHITE, colours.ground],
    ['white on the caption', WHITE, colours.panel],
    ['word being spoken', colours.stress, colours.panel],
  ];
  for (const [what, letters, ground] of pairs) {
    t.ok(contrast(letters, ground) >= 4.5, `${accent} ${what}: ${letters} on ${ground}`);
  }
}

/** Letters over a ground, either of which lets shine through what is below. */
const shown = (letters: string, ground: string, body: string): number => {
  const under = over(ground, over(body, [0, 0, 0]));
  return contrastRatio(over(letters, under), under);
};

/** Every text of a panel, as it is drawn. */
function readablePanels(t: Test, primary: string, accent: string): void {
  const { body, title, soft, price, badge, badgeText } = themeOf('dark', brandColours(primary, accent).onDark);
  for (const [what, ratio] of [
    ['title', shown(title, body, body)],
    ['subtitle', shown(soft, body, body)],
    ['price', shown(price, body, body)],
    ['minimum order', shown(badgeText, badge, body)],
  ] as const)
    t.ok(ratio >= 4.5, `${accent} panel, ${what}: ${ratio.toFixed(2)}`);
}

t.test('every brand colour gives texts of at least 4.5 : 1', (t) => {
  const steps = ['00', '55', 'aa', 'ff'];
  for (const r of steps)
    for (const g of steps)
      for (const b of steps) {
        const accent = `#${r}${g}${b}`;
        readable(t, primaryOf(accent), accent);
        readablePanels(t, primaryOf(accent), accent);
      }
  t.end();
});

t.test("the templates' own colours are readable", (t) => {
  for (const name of templateNames()) {
    const { brand, letters } = loadTemplate(name);
    const { primary, accent } = brand;
    readable(t, primary, accent);
    readablePanels(t, primary, accent);
    const { panel, stress } = brandColours(primary, accent, letters.stress);
    t.ok(contrast(stress, panel) >= 4.5, `${name}: ${stress} on ${panel}`);
    t.ok(contrast(letters.beside, panel) >= 4.5, `${name}: ${letters.beside} on ${panel}`);
    const shade = shadeOf(letters);
    t.ok(contrast('#ffffff', shade) >= 9, `${name}: white on ${shade}`);
    t.ok(contrast(stress, shade) >= 4.5, `${name}: ${stress} on ${shade}`);
  }
  t.end();
});

t.test('keeps a colour that is readable as it is', (t) => {
  t.equal(brandColours('#101820', '#a02020').ground, '#a02020');
  t.equal(brandColours('#101820', '#a02020').panel, '#101820');
  t.end();
});
