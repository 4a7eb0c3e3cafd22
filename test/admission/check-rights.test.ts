import t from 'tap';
import { loadRoom, parseRoom } from '../../src/config/load-room.js';
import { templatePath } from '../../src/core/files/paths.js';
import { checkRights, refuseSource } from '../../src/admission/check-rights.js';

const room = (more: object) =>
  parseRoom(
    JSON.stringify({
      name: 'rights',
      presenter: { pack: 'mei' },
      layers: [
        { id: 'who', type: 'presenter' },
        { id: 'set', type: 'image', src: 'set.png' },
        { id: 'own', type: 'sticker', src: 'own.svg', licence: 'own work' },
        { id: 'turn', type: 'media', items: ['a.png', 'set.png'] },
      ],
      audio: { music: { src: 'bed.flac' } },
      script: { segments: [{ lines: [{ text: 'Hello' }] }] },
      ...more,
    }),
    '/rooms/room.json',
  );

t.test('warns once about assets without a declared licence (rule 5.4)', async (t) => {
  t.match(checkRights(room({})), [
    { severity: 'warning', rule: '5.4', where: 'rights.assets', found: 'nothing for set.png, a.png, bed.flac' },
  ]);
  t.same(checkRights(room({ rights: { assets: 'photo contract 12' } })), [], 'one declaration for all is enough');
  t.same(checkRights(loadRoom(templatePath('rooms', 'demo-portrait', 'room.json'))), []);
});

t.test("refuses an event or others' material without a permission", async (t) => {
  const assets = 'own work';
  for (const [source, rule] of [
    ['event', '5.13'],
    ['licensed', '5.4'],
  ]) {
    const bare = room({ rights: { assets, source } });
    t.match(checkRights(bare), [{ severity: 'fault', where: 'rights.sourceLicence', rule }]);
    t.throws(() => refuseSource(bare), { code: 'E_ROOM_REFUSED', found: new RegExp(rule!.replace('.', '\\.')) });
    const named = room({ rights: { assets, source, sourceLicence: 'contract 7 of 2026' } });
    t.same(checkRights(named), []);
    t.doesNotThrow(() => refuseSource(named));
  }
  t.doesNotThrow(() => refuseSource(room({})));
});
