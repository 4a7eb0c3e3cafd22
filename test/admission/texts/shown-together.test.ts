import { readFileSync } from 'node:fs';
import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { loadRoom, parseRoom } from '../../../src/config/load-room.js';
import { layer as layerSchema } from '../../../src/config/sections/layer.js';
import type { RoomConfig } from '../../../src/config/room-config.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { refuseTogether } from '../../../src/admission/texts/refuse-texts.js';
import { togetherHits } from '../../../src/admission/texts/shown-together.js';

const minimal = JSON.parse(readFileSync('templates/rooms/minimal/room.json', 'utf8')) as { layers: object[] };
const judge = new TextJudge();

const roomWith = (layers: object[], more: object = {}): RoomConfig =>
  parseRoom(
    JSON.stringify({
      ...minimal,
      ...more,
      layers: [...minimal.layers.filter((l) => 'type' in l && l.type === 'presenter'), ...layers],
    }),
    'room.json',
  );
const text = (id: string, of: string, x: number, y = 100): object => ({ type: 'text', id, text: of, x, y });

t.test('finds a number split over two layers that are harmless alone', async (t) => {
  const room = roomWith([text('a', '138 0013', 20), text('b', '8000', 220)]);
  t.match(togetherHits(judge, room), [
    { where: 'layers[2].text', besides: 'layers[1].text', hit: { rule: '3.2', kind: 'phone', match: '8000' } },
  ]);
  const kept: LedgerEntry[] = [];
  t.throws(() => refuseTogether(togetherHits(judge, room), (e) => kept.push(e)), {
    code: 'E_TEXT_REFUSED',
    where: 'layers[2].text',
    expected: 'a text that may stand beside layers[1].text',
  });
  t.match(kept, [{ rule: '3.2', action: 'refuse', detail: { where: 'layers[2].text', besides: 'layers[1].text' } }]);
});

t.test('reads layers from the left in any file order, in three parts as well', async (t) => {
  const backwards = roomWith([text('b', '8000', 420), text('m', '0013', 220), text('a', '138', 20)]);
  const found = togetherHits(judge, backwards);
  t.match(
    found.filter(({ where, besides }) => where === 'layers[1].text' && besides === 'layers[2].text'),
    [{ hit: { rule: '3.2', match: '8000' } }],
    'the last of them in reading order',
  );
  const chinese = roomWith([text('a', '微', 20), text('b', '信 abc12345', 100)], { language: 'zh' });
  t.match(togetherHits(judge, chinese), [{ where: 'layers[2].text' }]);
});

t.test('is not fooled by a pixel up or down, file order or columns', async (t) => {
  const letters = (word: string, order: number[], at: (i: number) => [number, number]): object[] =>
    order.map((i) => text(`l${i}`, word[i]!, ...at(i)));
  const scrambled = [3, 1, 0, 2, 7, 5, 4, 6];
  for (const layers of [
    [text('b', '8000', 400, 500), text('a', '138 0013', 200, 502)],
    letters('WhatsApp', scrambled, (i) => [50 + i * 40, 500 + (i % 3)]),
    letters('41555526', scrambled, (i) => [50 + (i % 2), 300 + i * 50]),
  ]) {
    t.ok(togetherHits(judge, roomWith(layers)).length > 0, JSON.stringify(layers[0]));
  }
});

t.test('accepts tables of sizes, prices, quantities and years', async (t) => {
  const table = (cells: string[], columns: number): object[] =>
    cells.map((of, i) => text(`c${i}`, of, 50 + 200 * (i % columns), 300 + 50 * Math.floor(i / columns)));
  for (const [cells, columns] of [
    [['4.80', '3.20', '2.95'], 1],
    [['500', '4.80', '1000', '4.20', '5000', '3.90'], 2],
    [['750 ml', '1200', '1 L', '2400', '2 L', '3600'], 2],
    [['2024', '2025', '2026'], 3],
    [['36', '37', '38', '39', '40', '41'], 6],
    [['300', '500', '1000', '2000'], 1],
  ] as const) {
    t.strictSame(togetherHits(judge, roomWith(table([...cells], columns))), [], cells.join(' '));
  }
});

t.test('joins ticker items, with the first after the last', async (t) => {
  const ticker = (items: string[]): object => ({ type: 'ticker', id: 'news', items, x: 0, y: 10 });
  t.equal(togetherHits(judge, roomWith([ticker(['138 0013', '8000'])])).length, 1);
  t.match(togetherHits(judge, roomWith([ticker(['8000', 'Bamboo boards', '138 0013'])])), [
    { where: 'layers[1].items[0]' },
  ]);
});

t.test('judges a product’s name in a template, and an added layer with those on air', async (t) => {
  const products = [
    {
      id: 'p',
      title: 'Bottle',
      subtitle: '8000',
      image: 'assets/none.png',
      price: { amount: 4.8, currency: 'USD', unit: 'piece' },
    },
  ];
  const filled = roomWith([text('a', '138 0013 {{product.subtitle}}', 20)], { products });
  t.match(togetherHits(judge, filled), [
    { where: 'layers[1].text {{product.subtitle}}', besides: 'layers[1].text', hit: { match: '8000' } },
  ]);
  const room = roomWith([text('a', '138 0013', 20)]);
  t.strictSame(togetherHits(judge, room), []);
  const put = layerSchema.parse(text('late', '8000', 300));
  t.match(togetherHits(judge, room, [...room.layers, put]), [{ where: 'layer "late".text' }]);
});

t.test('accepts the texts of all room templates', async (t) => {
  for (const name of ['demo-portrait', 'minimal']) {
    t.strictSame(togetherHits(judge, loadRoom(`templates/rooms/${name}/room.json`)), [], name);
  }
});
