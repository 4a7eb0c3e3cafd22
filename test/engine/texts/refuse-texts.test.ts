import { readFileSync } from 'node:fs';
import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { parseRoom } from '../../../src/config/load-room.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { layerTexts, shownTexts } from '../../../src/engine/texts/layer-texts.js';
import { forbids, refuseTexts } from '../../../src/engine/texts/refuse-texts.js';

const minimal = JSON.parse(readFileSync('templates/rooms/minimal/room.json', 'utf8')) as { layers: object[] };
const judge = new TextJudge({ model: null });

t.test('allows a text in another language on the picture, but no contact', async (t) => {
  const room = parseRoom(JSON.stringify({ ...minimal, language: 'zh' }), 'room.json');
  const kept: LedgerEntry[] = [];
  const text = 'Free shipping on all orders this week';
  t.ok(judge.judge(text, { surface: 'speech', language: 'zh' }).hits.some(forbids), 'speech with it would be muted');
  refuseTexts(judge, room, [{ where: 'layer "sale"', text }], (entry) => kept.push(entry));
  t.strictSame(kept, []);
  const where = 'layer "contact"';
  t.throws(() => refuseTexts(judge, room, [{ where, text: 'WhatsApp +1 415 555 2671' }], (entry) => kept.push(entry)), {
    code: 'E_TEXT_REFUSED',
  });
  t.match(kept, [{ rule: '3.2', surface: 'caption', action: 'refuse', detail: { where } }]);
});

t.test('judges all texts of a card and a ticker', async (t) => {
  const image = 'lamp.png';
  const price = { amount: 4, currency: 'USD', unit: 'WhatsApp 4155552671' };
  const products = [{ id: 'lamp', title: 'Lamp', image, price }];
  const ticker = { id: 'news', type: 'ticker', items: ['Lamps', 'Bottles'], separator: ' WeChat ', x: 0, y: 20 };
  for (const [more, where] of [
    [{ products }, 'products[0].price.unit'],
    [{ layers: [...minimal.layers, ticker] }, 'layers[1].separator'],
  ] as const) {
    const room = parseRoom(JSON.stringify({ ...minimal, ...more }), 'room.json');
    const refused = () => refuseTexts(judge, room, shownTexts(room), () => undefined);
    t.throws(refused, { code: 'E_TEXT_REFUSED', where });
  }
});

t.test('judges a template as filled, and the room’s title on the slate', async (t) => {
  const lines = (layers: object[], more: object = {}) => {
    const room = parseRoom(
      JSON.stringify({ ...minimal, layers: [...minimal.layers, ...layers], ...more }),
      'room.json',
    );
    return () => refuseTexts(judge, room, shownTexts(room), () => undefined);
  };
  const welcome = { id: 'welcome', type: 'text', text: 'Welcome to {{ room.name }}', x: 20, y: 200 };
  t.doesNotThrow(lines([{ ...welcome, text: '{{room.name}}' }]), "the template's name is no address");
  t.doesNotThrow(lines([welcome], { title: 'Steel bottles, live' }));
  for (const title of ['WhatsApp +1 415 555 2671', 'The best bottles in the world', 'sunnylamps.com']) {
    t.throws(lines([], { title }), { code: 'E_TEXT_REFUSED', where: 'title' }, title);
  }
  t.throws(lines([], { name: '415-555-2671' }), { code: 'E_TEXT_REFUSED', where: 'name' });
  const product = {
    id: 'lamp',
    image: 'lamp.png',
    price: { amount: 4, currency: 'USD' },
    title: 'quality in the world',
  };
  const room = parseRoom(JSON.stringify({ ...minimal, products: [product] }), 'room.json');
  const best = { id: 'best', type: 'text', text: 'The best {{product.title}}', x: 20, y: 200 } as never;
  t.throws(() => refuseTexts(judge, room, layerTexts(best, 'layer "best"'), () => undefined), {
    code: 'E_TEXT_REFUSED',
    where: 'layer "best".text',
    found: /best quality/,
  });
});
