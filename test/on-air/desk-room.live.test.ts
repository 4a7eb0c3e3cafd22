import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import type { EventRecord } from '../../src/config/api/events-handle.js';
import { onAir, probePackets, templateRoom } from '../kit/on-air.js';
import { until } from '../kit/until.js';

t.test('lets the desk see and do on a room on air what the other calls lack', { timeout: 240_000 }, async (t) => {
  const template = templateRoom('minimal');
  const rule = { id: 'hello', match: 'hello', answers: ['Hello and welcome, nice to have you with us.'] };
  const room = await onAir(t, {
    ...template,
    video: { width: 256, height: 456, fps: 15 },
    products: [{ ...templateRoom('demo-portrait')['products'][0], id: 'first' }],
    replies: { ...template['replies'], rules: [rule] },
  });
  const { api } = room;
  const picture = async (path: string): Promise<Buffer> => {
    const reply = await fetch(room.url + path, { headers: room.headers });
    t.equal(reply.status, 200, path);
    return Buffer.from(await reply.arrayBuffer());
  };
  const comment = async (id: string): Promise<EventRecord> =>
    ((await api('GET', '/api/events')).body.events as EventRecord[]).find((one) => one.id === id)!;
  const write = (id: string, user: string, text: string): Promise<unknown> =>
    api('POST', '/api/events', { id, platform: 'youtube', kind: 'comment', user, text });

  await t.test('answers any comment, and shows it, after the judge', async (t) => {
    await write('c1', 'Anna', 'Nice colours today');
    await until("the host's own answer", async () => (await comment('c1'))?.state === 'answered', 30_000);
    const { seq } = await comment('c1');
    const refused = await api('POST', `/api/comments/${seq}/answer`, { text: 'Write me on WhatsApp +1 415 555 0132' });
    t.match(refused, { status: 422, body: { result: 'refused' } });
    const said = await api('POST', `/api/comments/${seq}/answer`, { text: 'Thank you, green is our newest colour.' });
    t.match(said, { status: 202, body: { result: 'queued' } });
    const isAnswered = ({ state, path }: EventRecord): boolean => state === 'answered' && path === 'operator';
    await until('the answer', async () => isAnswered(await comment('c1')), 30_000);
    t.match(await comment('c1'), { path: 'operator', answer: /green is our newest colour/ });
    await until('the question on the picture', () => JSON.stringify(room.live.layers.list()).includes('"question"'));
    await write('c2', 'Eve', 'Buy at my shop www.example.com WhatsApp +1 415 555 0132');
    await until('the bad comment', async () => (await comment('c2')) !== undefined);
    t.equal((await api('POST', `/api/comments/${(await comment('c2')).seq}/show`)).status, 422);
    t.equal((await api('POST', `/api/comments/${seq}/show`)).status, 202);
    t.notMatch(JSON.stringify(room.live.layers.list()), /Nice colours/, 'in the words of the show');
    await write('c0', 'Eve', 'Can it be used on a boat?');
    await until('the unclear comment', async () => (await comment('c0')) !== undefined);
    const unclear = await api('POST', `/api/comments/${(await comment('c0')).seq}/show`);
    t.match(unclear, { status: 422, body: { reason: { zh: /没有听懂/ } } });
    t.equal((await api('POST', '/api/comments/99999/show')).status, 404);
  });

  await t.test('keeps quiet for a hidden viewer, and for a rule that is off', async (t) => {
    await api('POST', '/api/viewers/hidden', { platform: 'youtube', user: 'Troll' });
    await write('c3', 'Troll', 'hello there');
    await until('the hidden comment', async () => (await comment('c3'))?.state === 'ignored');
    t.match(await comment('c3'), { reason: 'hidden by the operator' });
    t.equal((await api('PUT', '/api/rules/hello', { on: false })).status, 200);
    await write('c4', 'Ben', 'hello there');
    await until('the outcome', async () => !['taken', 'answering'].includes((await comment('c4'))?.state ?? 'taken'));
    t.not((await comment('c4')).path, 'rule');
    await api('PUT', '/api/rules/hello', { on: true });
    await write('c5', 'Cleo', 'hello there');
    await until('the rule', async () => (await comment('c5'))?.path === 'rule');
  });

  await t.test('tells how far the line on air has come', async (t) => {
    const seen: number[] = [];
    await until(
      'half a line',
      () => {
        const { current } = room.live.agenda.snapshot();
        if (current === null) return false;
        seen.push(current.spokenCharacters);
        t.ok(current.spokenCharacters <= current.text.length);
        t.ok(current.elapsedMs <= current.lengthMs + 200);
        // The first look may be late in a line: it must be seen to go on.
        if (new Set(seen).size < 2) return false;
        return current.spokenCharacters > current.text.length / 2 && current.spokenCharacters < current.text.length;
      },
      30_000,
    );
    const { leftDbfs, rightDbfs } = room.live.snapshot().audio;
    t.ok(leftDbfs <= 0 && leftDbfs >= -120 && rightDbfs <= 0);
  });

  await t.test('adds outputs, reconnects and removes them while on air', async (t) => {
    const { live } = room;
    const state = (id: string): string | undefined => live.snapshot().outputs.find((one) => one.id === id)?.state;
    t.match(await api('PUT', '/api/outputs/phone', { kind: 'rtmp', url: 'http://wrong/secret-key' }), {
      status: 400,
      body: { error: { code: 'E_OUTPUT_INVALID' } },
    });
    t.notMatch(
      JSON.stringify(await api('PUT', '/api/outputs/phone', { kind: 'rtmp', url: 'x/secret-key' })),
      'secret-key',
    );
    const url = live.addresses.rtmp.replace(/[^/]+$/, 'nobody');
    t.equal((await api('PUT', '/api/outputs/phone', { kind: 'hls' })).status, 200);
    await until('the playlist', () => state('phone') === 'live', 30_000);
    t.equal((await api('PUT', '/api/outputs/local', { kind: 'rtmp', url })).status, 409);
    const { reconnects } = live.snapshot().outputs.find(({ id }) => id === 'phone')!;
    await api('POST', '/api/outputs/phone/reconnect');
    await until('another connection', () =>
      live.snapshot().outputs.some((o) => o.id === 'phone' && o.reconnects > reconnects),
    );
    t.equal((await api('DELETE', '/api/outputs/phone')).status, 204);
    t.equal(state('phone'), undefined);
    t.equal((await api('DELETE', '/api/outputs/phone')).status, 404);
    t.equal((await api('DELETE', '/api/outputs/local')).status, 409);
    t.equal((await api('PUT', '/api/outputs/away', { kind: 'recording', dir: '../away' })).status, 400);
  });

  await t.test('cuts the last seconds as a file that plays', async (t) => {
    room.live.desk.keepClips(true);
    const status = async (): Promise<number> =>
      (await fetch(`${room.url}/api/clip?seconds=4`, { headers: room.headers })).status;
    await until('some seconds', async () => (await status()) === 200, 30_000);
    const file = join(room.dir, 'clip.mp4');
    writeFileSync(file, await picture('/api/clip?seconds=4'));
    const packets = await probePackets(file);
    t.ok(packets[0]?.key, 'begins with a whole picture');
    t.ok(packets.some(({ kind }) => kind === 'video') && packets.some(({ kind }) => kind === 'audio'));
    room.live.desk.keepClips(false);
    t.equal((await api('GET', '/api/clip')).status, 404, 'memory is given back');
  });

  await t.test('hands out a product picture, and evidence by its name alone', async (t) => {
    const [product] = (await api('GET', '/api/products')).body.products;
    const { format, width } = await sharp(await picture(`/api/products/${product.id}/picture`)).metadata();
    t.match({ format, width }, { format: 'webp' });
    t.ok(width <= 160);
    t.equal((await api('GET', '/api/evidence/..%2F..%2Froom.json')).status, 404);
    t.equal((await api('GET', `/api/evidence/${'0'.repeat(64)}.webp`)).status, 404);
  });
});
