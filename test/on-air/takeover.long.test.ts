import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import { LiveRoom } from '../../src/room/live-room.js';
import { onAir, templateRoom, writeRoom } from '../kit/on-air.js';
import { until } from '../kit/until.js';

t.test('a room on air is taken over by a quick phrase and given back', async (t) => {
  const quickPhrases = [{ id: 'hi', text: 'Hello everybody, it is me.' }];
  const { api, ledger } = await onAir(t, { ...templateRoom('minimal'), takeover: { quickPhrases } });
  t.match((await api('POST', '/api/takeover', { mode: 'microphone' })).body, {
    error: { code: 'E_RECOGNISER_MISSING', found: 'no section recogniser in the room file' },
  });
  t.equal((await api('POST', '/api/takeover', { mode: 'text' })).status, 200);
  t.match((await api('GET', '/api/room')).body.takeover, { on: true, mode: 'text' });
  t.equal((await api('GET', '/api/script')).body.paused, true);
  t.equal((await api('POST', '/api/takeover/say', { text: 'Call 13812345678' })).status, 422);
  t.equal((await api('POST', '/api/takeover/say', { phrase: 'hi' })).status, 202);
  await until('the phrase is spoken', async () =>
    /it is me/.test((await api('GET', '/api/room')).body.speaking?.text ?? ''),
  );
  t.match((await api('DELETE', '/api/takeover')).body, { on: false, mode: null });
  await until('the script goes on', async () => (await api('GET', '/api/script')).body.paused === false);
  await until('the ledger has both commands', () =>
    ['takeover', 'takeover-end'].every((action) => ledger().some((entry) => entry.action === action)),
  );
});

t.test('a room with a forbidden quick phrase does not go on air', async (t) => {
  const takeover = { quickPhrases: [{ id: 'bad', text: 'Add me on WeChat: abc12345' }] };
  const room = loadRoom(writeRoom(t, { ...templateRoom('minimal'), takeover }));
  await t.rejects(LiveRoom.start(room, { log: silentLog, signal: new AbortController().signal }), {
    code: 'E_TEXT_REFUSED',
    where: 'takeover.quickPhrases[0].text',
  });
});
