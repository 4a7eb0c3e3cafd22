import { readFileSync } from 'node:fs';
import t from 'tap';
import { findDrawnCode } from '../../../src/moderation/drawn-codes.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { loadRoom, parseRoom } from '../../../src/config/load-room.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { layerTexts, shownTexts } from '../../../src/admission/texts/layer-texts.js';
import { forbids, refuseTexts } from '../../../src/admission/texts/refuse-texts.js';

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

t.test('refuses characters that can draw a code, wherever a layer writes them', async (t) => {
  const room = parseRoom(JSON.stringify(minimal), 'room.json');
  const refuse = (text: string) => () => refuseTexts(judge, room, [{ where: 'layer "sale"', text }], () => undefined);
  for (const text of ['Sale ▀▄█ today', 'Sale ■', 'a ◼ b', '⠿⠛⠶', '\u{1fb0a}', '⬛⬜', '🟥🟦', '●'.repeat(11)]) {
    t.throws(refuse(text), { code: 'E_TEXT_REFUSED', expected: /draw a code/, where: 'layer "sale"' }, text);
  }
  for (const text of [
    '• Sale',
    '★★★★☆',
    '4 of 5: ●●●●○',
    'New ▶ see the card',
    '✓ tested',
    'A│B',
    '◆ Offer ◆',
    '24 × 36 cm',
  ]) {
    t.doesNotThrow(refuse(text), text);
  }
  const kept: LedgerEntry[] = [];
  t.throws(() => refuseTexts(judge, room, [{ where: 'layer "sale"', text: '█' }], (entry) => kept.push(entry)));
  t.match(kept, [{ rule: '3.3', surface: 'caption', action: 'refuse', detail: { kind: 'drawn-code' } }]);
  const ticker = { id: 'news', type: 'ticker', items: ['Lamps', 'Bottles'], separator: ' ▌▐ ', x: 0, y: 20 };
  const drawn = parseRoom(JSON.stringify({ ...minimal, layers: [...minimal.layers, ticker] }), 'room.json');
  t.throws(() => refuseTexts(judge, drawn, shownTexts(drawn), () => undefined), {
    code: 'E_TEXT_REFUSED',
    where: 'layers[1].separator',
  });
});

t.test('the texts of the rooms that come with the engine draw nothing', async (t) => {
  for (const name of ['minimal', 'demo-portrait', 'demo-landscape']) {
    const room = loadRoom(`templates/rooms/${name}/room.json`);
    for (const { where, text } of shownTexts(room)) t.equal(findDrawnCode(text), undefined, `${name}: ${where}`);
  }
});

t.test('a template is judged as it will be read, and the room’s title, which the slate shows, too', async (t) => {
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
