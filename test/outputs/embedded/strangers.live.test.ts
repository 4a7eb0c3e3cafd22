import t, { type Test } from 'tap';
import { silentLog } from '../../../src/core/log.js';
import { EmbeddedServer } from '../../../src/outputs/embedded/embedded-server.js';
import { OutputSupervisor } from '../../../src/outputs/output-supervisor.js';
import { MESSAGE } from '../../../src/outputs/rtmp/chunks.js';
import { SyntheticRoom, sleep, until } from '../../encoder/synthetic-room.js';
import { whole } from '../../kit/whole.js';
import { holdsCode } from '../../on-air/code-parts.js';
import { run } from '../recorded-stream.js';
import { outputOf } from '../rtmp-output-of.js';
import { pictureTags, pushPicture, RawClient, watch, writeQrPicture } from './stranger.js';

/** An embedded server with a room on air in it. */
async function onAir(t: Test) {
  const server = new EmbeddedServer({ rtmpPort: 0, flvPort: 0, log: silentLog });
  t.teardown(() => server.close());
  await server.start();
  const room = await SyntheticRoom.start();
  t.teardown(() => room.close());
  const outputs = [outputOf(room, server.publishUrl('room'))];
  const supervisor = new OutputSupervisor({ outputs, log: silentLog });
  t.teardown(() => supervisor.close());
  supervisor.start();
  await until(() => supervisor.snapshots()[0]!.state === 'live' && room.supervisor.stats().keyFrames > 0, 10_000);
  const picture = await writeQrPicture(t.testdir());
  const attack = async (work: () => Promise<void>, seconds: number) => {
    const players = [watch(server.flvUrl('room'), seconds), watch(server.rtmpUrl('room'), seconds)];
    await sleep(1000);
    await work();
    const frames = (await Promise.all(players)).flat();
    let codes = 0;
    // The slower of two detectors reads one frame of four.
    for (const [i, frame] of frames.entries()) if (await holdsCode(frame, 320, 180, whole || i % 4 === 0)) codes += 1;
    return { frames: frames.length, codes };
  };
  const stillOurs = async (): Promise<void> => {
    t.match(supervisor.snapshots()[0], { state: 'live', reconnects: 0 }, 'the own output notices nothing');
    const show = ['-v', 'error', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', '-select_streams', 'v'];
    const size = await run('ffprobe', [...show, server.flvUrl('room')]);
    t.match(size, /^320,180/, 'who comes later gets our sequence header');
  };
  return { server, picture, attack, stillOurs };
}

t.test('keeps a QR code pushed by a stranger with ffmpeg from all players', async (t) => {
  const { server, picture, attack, stillOurs } = await onAir(t);
  const endings: string[] = [];
  const { frames, codes } = await attack(async () => {
    const push = async (url: string, keyEvery: number, fps: number): Promise<void> => {
      endings.push(await pushPicture(picture, url, { seconds: 2, keyEvery, fps }));
    };
    await push(server.rtmpUrl('room'), 1, 30);
    await push(server.rtmpUrl('room'), 5, 5);
    await push(server.rtmpUrl('room'), 30, 30);
    await push(`${server.rtmpUrl('room')}?sign=2147483647-${'0'.repeat(32)}`, 1, 30);
    await push(`${server.rtmpUrl('room')}?sign=1-2&sign=3-4`, 1, 30);
    await push(server.rtmpUrl('other'), 1, 30);
  }, 14);
  t.same(new Set(endings), new Set(['cut']), 'every one is cut off');
  t.ok(frames > 400, `${frames} frames came from the room`);
  t.equal(codes, 0);
  await stillOurs();
});

t.test('drops a session at its first media message without publishing', async (t) => {
  const { server, picture, attack, stillOurs } = await onAir(t);
  const tags = await pictureTags(picture);
  const endings: Record<string, string> = {};
  const { frames, codes } = await attack(async () => {
    const stranger = () => RawClient.connect(server.rtmpPort);
    const playing = await stranger();
    playing.command('play', null, 'room');
    await sleep(200);
    t.equal(playing.closedMs, undefined, 'a player is welcome');
    endings['plays, then sends'] = await playing.send(tags);
    const refused = await stranger();
    refused.command('publish', null, 'room', 'live');
    endings['is refused, then sends'] = await refused.send(tags);
    endings['sends at once'] = await (await stranger()).send(tags);
    const both = await stranger();
    both.command('play', null, 'room');
    both.command('publish', null, 'room', 'live');
    endings['plays and publishes'] = await both.send(tags);
    const data = await stranger();
    data.command('play', null, 'room');
    data.message(MESSAGE.dataAmf0, 0, Buffer.from('02000a6f6e4d65746144617461', 'hex'));
    endings['sends metadata'] = await data.send(tags);
    // A command's header that turns into video in the middle of the message.
    const turning = await stranger();
    turning.command('play', null, 'room');
    await sleep(200);
    const { body } = tags.find((tag) => tag.body.length > 300)!;
    const length = Buffer.from([0, body.length >> 8, body.length & 0xff]);
    const asCommand = Buffer.from([0x06, 0, 0, 0, ...length, MESSAGE.commandAmf0, 1, 0, 0, 0]);
    const asVideo = Buffer.from([0x46, 0, 0, 0, ...length, MESSAGE.video]);
    turning.socket.write(Buffer.concat([asCommand, body.subarray(0, 128), asVideo, body.subarray(128, 256)]));
    for (let at = 256; at < body.length; at += 128) {
      turning.socket.write(Buffer.concat([Buffer.from([0xc6]), body.subarray(at, at + 128)]));
    }
    endings['turns a command into video'] = await turning.send(tags);
  }, 9);
  for (const [what, ending] of Object.entries(endings)) t.equal(ending, 'cut', what);
  t.ok(frames > 250, `${frames} frames came from the room`);
  t.equal(codes, 0);
  await stillOurs();
});

t.test('lets a stranger play once per connection', async (t) => {
  const server = new EmbeddedServer({ rtmpPort: 0, flvPort: 0, log: silentLog });
  t.teardown(() => server.close());
  await server.start();
  const client = await RawClient.connect(server.rtmpPort);
  client.command('play', null, 'a');
  await sleep(300);
  t.equal(client.closedMs, undefined);
  client.command('play', null, 'b');
  t.ok(await client.isCut(), 'a second stream on it ends it');
  const large = await RawClient.connect(server.rtmpPort);
  large.message(MESSAGE.commandAmf0, 0, Buffer.alloc(20_000));
  t.ok(await large.isCut(), 'a message too large for a command ends it');
  const many = await RawClient.connect(server.rtmpPort);
  for (let id = 3; id < 60; id += 1) many.socket.write(Buffer.from([id, 0, 0, 0, 0, 0x10, 0, 20, 0, 0, 0, 0, 1]));
  t.ok(await many.isCut(), 'messages begun on many chunk streams end it');
  const base = `http://127.0.0.1:${server.flvPort}`;
  for (const method of ['POST', 'PUT', 'HEAD']) {
    t.equal((await fetch(`${base}/live/room.flv`, { method })).status, 405, `${method} is not for players`);
  }
  const withBody = ['-s', '-X', 'GET', '-d', 'FLV', '-o', '/dev/null', '-w', '%{http_code}', `${base}/live/room.flv`];
  const posted = await run('curl', withBody);
  t.equal(posted, '400', 'a body with GET');
});
