import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { loadRoom } from '../../../src/config/load-room.js';
import { silentLog } from '../../../src/core/log.js';
import { checkRoom } from '../../../src/check/check-room.js';
import { LiveRoom } from '../../../src/room/live-room.js';
import { drawSqueezedCode, HEIGHT, WIDTH, writePack } from '../../avatar/filmed/film-rig.js';
import { templateRoom, writeRoom } from '../../kit/on-air.js';

t.test('a room whose filmed presenter shows a code is refused at its start as by the check', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'showroom-stage-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const draw = await drawSqueezedCode('https://evil.example/1');
  const pack = await writePack(join(dir, 'ana'), { draw });
  const template = templateRoom('minimal');
  const layers = template['layers'].map((layer: Record<string, unknown>) =>
    layer['type'] === 'presenter' ? { ...layer, width: WIDTH * 2, height: HEIGHT * 2 } : layer,
  );
  const file = writeRoom(t, { ...template, layers, presenter: { pack } });
  const room = loadRoom(file);
  await t.rejects(LiveRoom.start(room, { log: silentLog, signal: new AbortController().signal }), {
    code: 'E_ASSET_REFUSED',
    where: 'composed picture',
    expected: 'a picture that may be shown',
    found: /^(qr|undecoded-code)/,
  });
  const { faults } = await checkRoom(room, { log: silentLog, signal: new AbortController().signal });
  t.match(
    faults.filter(({ where }) => where === 'composed picture'),
    [{ severity: 'fault', expected: 'a picture that may be shown', found: /^(qr|undecoded-code)/, rule: '3.3' }],
  );
});
