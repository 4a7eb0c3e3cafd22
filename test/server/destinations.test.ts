import t from 'tap';
import { startStudio } from './studio-rig.js';

t.test('a camera and a recording are there once, however often they are added', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const add = (preset: string, name: string) => rig.owner.post('/api/destinations', { preset, name });
  for (const preset of ['alibaba', 'recording']) {
    const [first, second] = await Promise.all([add(preset, 'One'), add(preset, 'Another')]);
    t.same(new Set([first.status, second.status]), new Set([200, 201]), preset);
    t.equal(first.body.id, second.body.id);
  }
  const { destinations } = (await rig.owner.get('/api/destinations')).body;
  t.same(destinations.map(({ preset }: { preset: string }) => preset).sort(), ['alibaba', 'recording']);
  const added = (await rig.owner.get('/api/audit')).body.entries.filter(
    ({ action }: { action: string }) => action === 'destination.add',
  );
  t.equal(added.length, 2, 'what was there already is no change');
  const { id } = await rig.room();
  const ids = destinations.map((one: { id: string }) => one.id);
  await rig.owner.call('PUT', `/api/rooms/${id}/destinations`, { ids });
  t.match((await rig.owner.get('/api/audit')).body.entries[0], { action: 'room.destinations', what: /One|Another/ });
  const push = { preset: 'rtmp', server: 'rtmp://live.example/app' };
  for (const key of ['first-key', 'other-key'])
    t.equal((await rig.owner.post('/api/destinations', { ...push, key })).status, 201, 'two accounts of one platform');
});

t.test('tells a preview that is starting from a show', async (t) => {
  const rig = await startStudio({ noAuth: true });
  t.teardown(() => rig.close());
  const { id } = await rig.room();
  const me = rig.anybody();
  const wanted = async () => (await me.get(`/api/rooms/${id}`)).body.process.wanted;
  t.equal(await wanted(), 'off');
  await me.post(`/api/rooms/${id}/preview`);
  t.equal(await wanted(), 'preview');
  await me.post(`/api/rooms/${id}/start`, {});
  t.equal(await wanted(), 'on-air');
});
