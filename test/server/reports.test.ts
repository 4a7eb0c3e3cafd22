import { dirname } from 'node:path';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { storeFile } from '../../src/store/open-database.js';
import { twoDayStore } from '../kit/two-day-store.js';
import { startStudio } from './studio-rig.js';

t.test('lists the shows of a room and reports each by itself', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const { id } = await rig.room();
  const at = `/api/rooms/${id}/report`;
  t.same((await rig.owner.get(`${at}/sessions`)).body, { sessions: [] }, 'none before the first show');
  t.match(await rig.owner.get(at), { status: 404, body: { error: { code: 'E_NOT_FOUND', found: 'no show yet' } } });
  const file = rig.server.studio.rooms.file(id);
  const { ledgerFile } = loadRoom(file, { withoutKeys: true, cwd: dirname(file) });
  await twoDayStore(storeFile(ledgerFile), Date.now());
  const { sessions } = (await rig.owner.get(`${at}/sessions`)).body;
  t.ok(sessions.length > 1, `${sessions.length} shows`);
  t.ok(sessions[0].startedAt > sessions[1].startedAt, 'newest first');
  const one = (await rig.owner.get(`${at}?session=${sessions[1].id}`)).body;
  t.same(
    one.sessions.map(({ frames }: { frames: number }) => frames),
    [sessions[1].frames],
    'that show alone',
  );
  t.equal(new Date(one.untilMs).toISOString(), sessions[1].endedAt);
  const all = (await rig.owner.get(`${at}?since=30d`)).body;
  t.ok(one.lines.spoken < all.lines.spoken, 'fewer lines than in all shows');
  t.equal((await rig.owner.get(`${at}?session=999`)).status, 404);
  const early = (await rig.owner.get(`${at}?since=24h&until=${sessions.at(-1).endedAt}`)).body;
  t.equal(early.untilMs, Date.parse(sessions.at(-1).endedAt));
});
