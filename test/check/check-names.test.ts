import t from 'tap';
import { readdirSync } from 'node:fs';
import { loadRoom, parseRoom } from '../../src/config/load-room.js';
import { templatePath } from '../../src/core/files/paths.js';
import { checkNames } from '../../src/check/check-room.js';

const room = (lines: readonly object[], more: object = {}) =>
  parseRoom(
    JSON.stringify({
      name: 'names',
      presenter: { pack: 'mei' },
      layers: [{ id: 'who', type: 'presenter' }],
      products: [
        {
          id: 'kettle',
          title: 'Foldable Silicone Kettle',
          image: 'kettle.png',
          licence: 'own work',
          price: { amount: 9, currency: 'USD' },
          ...more,
        },
      ],
      script: { segments: [{ product: 'kettle', lines }] },
    }),
    '/rooms/room.json',
  );

t.test('faults a segment that never says what its product is, in each language by itself', async (t) => {
  const silent = [{ text: 'Look at this one.' }, { text: 'It is good to have.' }, { text: 'Open it below.' }];
  t.match(checkNames(room(silent)), [{ severity: 'fault', where: 'script.segments[0]', todo: /name\.en/ }]);
  t.same(checkNames(room([{ text: 'Here is the kettle.' }, ...silent])), []);
  const chinese = [
    { text: '现在我手上这款，我们仔细看看。', language: 'zh' },
    { text: '价格在商品页。', language: 'zh' },
    { text: '点开下方商品。', language: 'zh' },
  ];
  t.match(checkNames(room([{ text: 'Here is the kettle.' }, ...silent, ...chinese])), [{ todo: /name\.zh/ }]);
  const named = [{ text: '这是港湾壶。', language: 'zh' }, ...chinese];
  t.same(checkNames(room(named, { name: { zh: '港湾壶' } })), []);
  t.same(checkNames(room([{ text: 'A word before we go on.' }])), [], 'a remark is no presentation');
});

t.test('finds the product named in every room of the package', async (t) => {
  for (const name of readdirSync(templatePath('rooms'))) {
    if (name.startsWith('.') || name.endsWith('.md')) continue;
    t.same(checkNames(loadRoom(templatePath('rooms', name, 'room.json'))), [], name);
  }
});
