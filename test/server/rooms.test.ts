import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { mergeRooms } from '../../src/server/rooms/merge-rooms.js';
import { momentOf, readWallTime } from '../../src/server/schedules/wall-time.js';
import { startStudio } from './studio-rig.js';

const line = (id: string, text: string) => ({ id, text });

t.test('edits of two people in different places are both kept', async (t) => {
  const base = { title: 'A', lines: [line('a', 'one'), line('b', 'two')] };
  const theirs = { title: 'A', lines: [line('a', 'one'), line('n', 'new'), line('b', 'two, better')] };
  const mine = { title: 'B', lines: [line('b', 'two'), line('a', 'one, better')] };
  const { value, conflicts } = mergeRooms(base, theirs, mine);
  t.same(conflicts, []);
  t.same(value, { title: 'B', lines: [line('b', 'two, better'), line('a', 'one, better'), line('n', 'new')] });
});

t.test('one value that two people changed is a conflict with both sides', async (t) => {
  const { conflicts } = mergeRooms(
    { lines: [line('a', 'x')] },
    { lines: [line('a', 'y')] },
    { lines: [line('a', 'z')] },
  );
  t.same(conflicts, [{ path: 'lines[a].text', base: 'x', theirs: 'y', mine: 'z' }]);
  const gone = mergeRooms({ lines: [line('a', 'x')] }, { lines: [] }, { lines: [line('a', 'z')] });
  t.equal(gone.conflicts.length, 1, 'removed here, changed there');
});

t.test('a save from an older version is merged, refused with both sides, or forced', async (t) => {
  const rig = await startStudio({ noAuth: true });
  t.teardown(() => rig.close());
  const room = await rig.room();
  const me = rig.anybody();
  const at = `/api/rooms/${room.id}/file`;
  const first = await me.get(at);
  const { room: document, version } = first.body;
  const patch = (changes: unknown, more = {}) => me.call('PATCH', at, { base: version, changes, ...more });
  t.match(await patch([{ path: '/title', value: 'Theirs' }]), {
    status: 200,
    body: { version: 2, changed: ['title'] },
  });
  t.match(await patch([{ path: 'language', value: 'de' }]), { status: 200, body: { version: 3 } });
  t.match((await me.get(at)).body.room, { title: 'Theirs', language: 'de' });
  const conflict = await patch([{ path: 'title', value: 'Mine' }]);
  t.match(conflict, {
    status: 409,
    body: {
      error: {
        code: 'E_ROOM_CHANGED',
        details: { version: 3, conflicts: [{ path: 'title', theirs: 'Theirs', mine: 'Mine' }] },
      },
    },
  });
  t.match((await me.get(at)).body.room, { title: 'Theirs' }, 'a conflict changes nothing');
  t.match(await patch([{ path: 'title', value: 'Mine' }], { force: true }), { status: 200 });
  const put = await me.call('PUT', at, { ...document, title: 'Other' }, { 'if-match': first.headers.get('etag')! });
  t.equal(put.status, 409);
  t.equal((await me.call('PUT', at, document, { 'if-match': '"unknown"' })).status, 409);
  t.match(await patch([{ path: 'layers', value: 'none' }]), {
    status: 400,
    body: { error: { code: 'E_ROOM_INVALID' } },
  });
  const { versions } = (await me.get(`/api/rooms/${room.id}/versions`)).body;
  t.same(
    versions.map((one: { version: number }) => one.version),
    [4, 3, 2, 1],
  );
  t.equal((await me.post(`/api/rooms/${room.id}/versions/1/restore`)).status, 200);
  t.match((await me.get(at)).body, { version: 5, room: { title: 'Lamp shop' } });
});

t.test('wall times are moments of their zone, over a change of clocks too', async (t) => {
  const at = (text: string, zone: string) => new Date(momentOf(readWallTime(text)!, zone)).toISOString();
  t.equal(at('2026-12-02T20:00', 'Asia/Shanghai'), '2026-12-02T12:00:00.000Z');
  t.equal(at('2026-03-29T02:30', 'Europe/Berlin'), '2026-03-29T01:30:00.000Z', 'an hour that does not exist');
  t.equal(at('2026-10-25T02:30', 'Europe/Berlin'), '2026-10-25T00:30:00.000Z', 'an hour that comes twice');
  t.equal(readWallTime('2026-02-30T10:00'), undefined);
});

t.test('a product that is typed gets the picture that was sent before it', async (t) => {
  const rig = await startStudio({ noAuth: true });
  t.teardown(() => rig.close());
  const room = await rig.room();
  const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#2f6b4f' } })
    .png()
    .toBuffer();
  const put = async (body: Buffer): Promise<{ status: number; body: any }> => {
    const reply = await fetch(`${rig.server.url}/api/media/pictures`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(body),
    });
    return { status: reply.status, body: await reply.json() };
  };
  const sent = await put(picture);
  t.match(sent, { status: 201, body: { path: /^pictures\/[\w-]{20,}\.png$/ } });
  const form = { title: 'Kettle', price: { amount: 9.5, currency: 'USD' }, images: [sent.body.path] };
  const added = await rig.anybody().post(`/api/rooms/${room.id}/products/form`, form);
  t.match(added, { status: 201, body: { product: { title: 'Kettle', image: /^products\/kettle-.*\/1\.png$/ } } });
  t.same(readFileSync(join(rig.data, 'rooms', room.id, added.body.product.image)), picture);
  t.match(await put(Buffer.from('<svg onload="alert(1)"/>')), {
    status: 400,
    body: { error: { code: 'E_BAD_REQUEST' } },
  });
  t.match(await put(Buffer.alloc(21 << 20)), { status: 413 });
});
