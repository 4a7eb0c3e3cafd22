import t from 'tap';
import { parseRoom } from '../../src/config/load-room.js';
import { checkOwnWords } from '../../src/check/check-room.js';

const roomWith = (words: object) =>
  parseRoom(
    JSON.stringify({
      name: 'words',
      presenter: { pack: 'mei' },
      layers: [{ id: 'who', type: 'presenter', anchor: 'bottom' }],
      script: { segments: [{ lines: [{ text: 'Hello' }] }] },
      compliance: { words },
    }),
    '/room/room.json',
  );

t.test('lists a rule that words cannot break as a fault with its place', async (t) => {
  const { own, faults } = checkOwnWords(roomWith({ forbid: [{ rule: '4.99', terms: ['zorp'] }] }));
  t.equal(own, undefined);
  t.match(faults, [{ severity: 'fault', where: 'compliance.words.forbid[0].rule', found: '"4.99"' }]);
});

t.test('gives the words of a room to its judge', async (t) => {
  const { own, faults } = checkOwnWords(roomWith({ forbid: [{ rule: '2.1', terms: ['zorp'] }] }));
  t.ok(own);
  t.strictSame(faults, []);
});
