import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { loadRoom } from '../../../src/config/load-room.js';
import type { RoomConfig } from '../../../src/config/room-config.js';
import { ownWords } from '../../../src/admission/texts/room-rule-actions.js';
import { refuseTexts } from '../../../src/admission/texts/refuse-texts.js';
import { templateRoom } from '../../kit/on-air.js';

type Tap = Pick<typeof t, 'testdir'>;

function roomWith(t: Tap, words: unknown): RoomConfig {
  const file = join(t.testdir(), 'room.json');
  writeFileSync(file, JSON.stringify({ ...templateRoom('minimal'), compliance: { words } }));
  return loadRoom(file);
}

t.test('refuses a layer with a word that the room forbids', async (t) => {
  const room = roomWith(t, { forbid: [{ rule: '2.1', terms: ['copper moon'] }] });
  const judge = new TextJudge({ model: null, own: ownWords(room) });
  const texts = [{ where: 'layers[0].text', text: 'Copper Moon for all' }];
  t.throws(() => refuseTexts(judge, room, texts, () => undefined), {
    code: 'E_TEXT_REFUSED',
    found: '"Copper Moon" (rule 2.1, own)',
  });
});

t.test('returns nothing for a room without own words', async (t) => {
  t.equal(ownWords(roomWith(t, undefined)), undefined);
});

t.test('rejects a rule that no words can break, and lists the valid ones', async (t) => {
  const forbid = (rule: string) => ({
    forbid: [
      { rule: '2.1', terms: ['a word'] },
      { rule, terms: ['copper'] },
    ],
  });
  for (const rule of ['5.9', '1.9']) {
    t.throws(() => ownWords(roomWith(t, forbid(rule))), {
      code: 'E_ROOM_REFUSED',
      where: /compliance\.words\.forbid\[1\]\.rule$/,
      expected: /1\.1, 1\.2.*5\.13/,
      found: `"${rule}"`,
    });
  }
  t.throws(() => roomWith(t, forbid('insult')), {
    code: 'E_ROOM_INVALID',
    where: /compliance\.words\.forbid\[1\]\.rule/,
  });
});
