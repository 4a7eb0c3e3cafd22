import t from 'tap';
import type { RoomConfig } from '../../src/config/room-config.js';
import { checkGlyphs } from '../../src/check/check-glyphs.js';
import { GlyphSet } from '../../src/scene/fonts/glyph-set.js';

const LATIN = new GlyphSet([
  [0x20, 0x24f],
  [0x1e00, 0x1eff],
]);

const room = (given: object): RoomConfig =>
  ({
    ...{ name: 'shop', title: 'Shop', language: 'en', layers: [], products: [], compliance: {} },
    script: { segments: [], fillers: [] },
    takeover: { quickPhrases: [] },
    ...given,
  }) as unknown as RoomConfig;
const line = (text: string, more: object = {}): object => ({
  script: { segments: [{ lines: [{ text, variants: [], ...more }] }], fillers: [] },
});

t.test('finds no fault in a room whose letters all have a glyph', async (t) => {
  t.same(checkGlyphs(room(line('Hello and welcome!')), LATIN), []);
});

t.test('names the place, the letters, their script and the package that has them', async (t) => {
  t.match(checkGlyphs(room(line('নমস্কার')), LATIN), [
    {
      severity: 'fault',
      where: 'script.segments[0].lines[0].text',
      expected: /npm install @fontsource-variable\/noto-sans-bengali beside the engine/,
      found: /^no font for ন ম স .* and 1 more \(Bengali\)$/,
    },
  ]);
  t.same(checkGlyphs(room(line('নমস্কার', { caption: 'Hello' })), LATIN), [], 'only the caption is drawn');
});

t.test('finds a language whose answers and prices cannot be drawn', async (t) => {
  const found = checkGlyphs(
    room({
      language: 'my',
      products: [{ price: { amount: 12, currency: 'MMK', unit: '' }, title: '', subtitle: '', minimumOrder: '' }],
    }),
    LATIN,
  );
  t.same(
    found.map(({ where }) => where),
    ['language', 'products[0].price'],
  );
});

t.test('warns of a sign without a glyph', async (t) => {
  t.match(checkGlyphs(room(line('Deal ⛟')), LATIN), [{ severity: 'warning', expected: /~\/\.local\/share\/fonts/ }]);
});
