import { readFileSync } from 'node:fs';
import t from 'tap';
import { TextJudge } from '../../src/compliance/text/text-judge.js';
import { parseRoom } from '../../src/config/load-room.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import { forbids, refuseTexts } from '../../src/engine/refuse-texts.js';

const minimal = JSON.parse(readFileSync('templates/rooms/minimal/room.json', 'utf8')) as object;
const judge = new TextJudge({ model: null });

t.test('a text in another language than the room’s may stand on the picture, a contact may not', async (t) => {
  const room = parseRoom(JSON.stringify({ ...minimal, language: 'zh' }), 'room.json');
  const kept: LedgerEntry[] = [];
  const text = 'Free shipping on all orders this week';
  t.ok(judge.judge(text, { surface: 'speech', language: 'zh' }).hits.some(forbids), 'spoken it would be muted');
  refuseTexts(judge, room, [{ where: 'layer "sale"', text }], (entry) => kept.push(entry));
  t.strictSame(kept, []);
  const where = 'layer "contact"';
  t.throws(() => refuseTexts(judge, room, [{ where, text: 'WhatsApp +1 415 555 2671' }], (entry) => kept.push(entry)), {
    code: 'E_TEXT_REFUSED',
  });
  t.match(kept, [{ rule: '3.2', surface: 'caption', action: 'refuse', detail: { where } }]);
});
