import { readFileSync } from 'node:fs';
import t from 'tap';
import { parseRoom } from '../../../src/config/load-room.js';
import { shownTexts } from '../../../src/admission/texts/layer-texts.js';
import { refuseTexts } from '../../../src/admission/texts/refuse-texts.js';
import { togetherHits } from '../../../src/admission/texts/shown-together.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';

const minimal = JSON.parse(readFileSync('templates/rooms/minimal/room.json', 'utf8')) as { layers: object[] };
const judge = new TextJudge({ model: null });
const contact = 'WhatsApp +1 415 555 2671';
const product = {
  id: 'mug',
  title: 'Mug',
  image: 'mug.png',
  price: { amount: 5, currency: 'USD' },
  attributes: [{ name: 'Material', value: 'Porcelain' }],
  priceLadder: [{ from: 10, price: 5 }],
};
const roomWith = (layer: object, more: object = {}) =>
  parseRoom(
    JSON.stringify({ ...minimal, products: [product], ...more, layers: [...minimal.layers, { id: 'sale', ...layer }] }),
    'room.json',
  );
const judged = (room: ReturnType<typeof roomWith>) => () => refuseTexts(judge, room, shownTexts(room), () => undefined);

t.test('refuses a contact in every text of a sale layer', (t) => {
  const hour = { durationMs: 3_600_000 };
  for (const layer of [
    { type: 'countdown', offer: contact, ...hour },
    { type: 'countdown', offer: 'Today', title: contact, ...hour },
    { type: 'countdown', offer: 'Today', ended: contact, ...hour },
    { type: 'coupon', percent: 10, how: contact },
    { type: 'coupon', percent: 10, condition: contact },
    { type: 'ladder', title: contact },
    { type: 'attributes', title: contact },
    { type: 'question', text: contact },
    { type: 'question', text: 'Is it blue?', user: contact },
    { type: 'announcement', text: contact },
  ]) {
    t.throws(judged(roomWith(layer)), { code: 'E_TEXT_REFUSED' }, JSON.stringify(layer));
  }
  t.end();
});

t.test('reads a table of attributes only where one is shown', (t) => {
  const attributes = [{ name: 'Contact', value: contact }];
  const products = [{ ...product, attributes }];
  t.throws(judged(roomWith({ type: 'attributes' }, { products })), { code: 'E_TEXT_REFUSED' });
  t.doesNotThrow(judged(roomWith({ type: 'ladder' }, { products })));
  t.end();
});

t.test('admits ordinary sale layers', (t) => {
  for (const layer of [
    { type: 'countdown', offer: '{{product.price}} today', durationMs: 3_600_000, ended: 'This offer has ended' },
    { type: 'attributes' },
    { type: 'ladder' },
    { type: 'question', user: 'Anna_W', text: 'Does the lid stay tight?' },
    { type: 'announcement', text: 'New colours this week' },
  ]) {
    const room = roomWith(layer);
    t.doesNotThrow(judged(room), JSON.stringify(layer));
    t.same(togetherHits(judge, room), []);
  }
  t.end();
});

t.test('a coupon is held to the listing: a discount that it does not state is a wrong claim', (t) => {
  t.throws(judged(roomWith({ type: 'coupon', percent: 15 })), { code: 'E_TEXT_REFUSED' });
  const products = [{ ...product, facts: ['Coupon: 15% off orders of $100 or more'] }];
  t.doesNotThrow(judged(roomWith({ type: 'coupon', percent: 15, minimumSpend: 100 }, { products })));
  t.end();
});
