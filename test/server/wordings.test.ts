import t from 'tap';
import { startStudio } from './studio-rig.js';

t.test('the writer gives a line another wording, and the judge says what to say instead', async (t) => {
  const rig = await startStudio();
  t.teardown(() => rig.close());
  const made = await rig.owner.post('/api/rooms', {
    ...{ name: 'Kitchen', template: 'kitchen', language: 'en', orientation: 'portrait' },
  });
  t.equal(made.status, 201);
  const { id } = made.body;
  const { room, version } = (await rig.owner.get(`/api/rooms/${id}/file`)).body;
  const segments = room.script.segments as { product?: string; lines: { text: string; variants?: string[] }[] }[];
  const segment = segments.findIndex(({ lines }) => lines.length > 3);
  const line = segments[segment]!.lines[1]!;
  const said = new Set([line.text, ...(line.variants ?? [])]);
  const fresh = await rig.owner.post(`/api/rooms/${id}/script/line`, { segment, line: 1 });
  t.equal(fresh.status, 200, JSON.stringify(fresh.body));
  t.notOk(said.has(fresh.body.text), `"${fresh.body.text}" is new`);
  const judged = await rig.owner.post(`/api/rooms/${id}/script/judge`, {
    texts: [
      { id: 'fresh', text: fresh.body.text, product: segments[segment]!.product },
      { id: 'contact', text: 'It is packed in a strong box. For a better price write me on WhatsApp.' },
    ],
  });
  const [clean, refused] = judged.body.results;
  t.equal(clean.verdict, 'clean');
  t.equal(refused.verdict, 'refused');
  t.equal(refused.hits[0].suggestion, 'It is packed in a strong box.');

  const own = 'Zebras juggle quietly under purple umbrellas.';
  const path = `/script/segments/${segment}/lines/1`;
  await rig.owner.call('PATCH', `/api/rooms/${id}/file`, {
    ...{ base: version, changes: [{ path, value: { text: own } }] },
  });
  const none = await rig.owner.post(`/api/rooms/${id}/script/line`, { segment, line: 1 });
  t.match(none, { status: 404, body: { error: { code: 'E_NOT_FOUND', todo: /write your own/ } } });
});
