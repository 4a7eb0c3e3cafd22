import { spawn } from 'node:child_process';
import t, { type Test } from 'tap';
import { RTCPeerConnection, MediaStreamTrack, RtpHeader, RtpPacket } from 'werift';
import { h264Codec } from '../../src/outputs/webrtc/peer-connections.js';
import { packetizeH264 } from '../../src/outputs/webrtc/viewer-stream.js';
import { pushPicture, writeQrPicture } from '../outputs/embedded/stranger.js';
import { annexBOf, filmTags } from '../external-avatar/picture/film.js';
import { ffmpeg, onAir, templateRoom, until } from '../kit/on-air.js';

const KEY = 'key-of-the-gpu-box-1';
process.env['AVATAR_TEST_KEY'] = KEY;

/** A small room whose presenter comes from another engine. */
function room(source: 'whip' | 'rtmp', external: object = {}): Record<string, any> {
  const base = templateRoom('demo-portrait');
  return {
    ...base,
    name: `avatar-${source}`,
    video: { ...base['video'], width: 270, height: 480, fps: 30, background: '#4060a0' },
    encoder: { videoKbps: 400 },
    audio: {},
    script: { segments: [{ lines: [{ text: 'Hello and welcome.' }, { text: 'This cup is made of steel.' }] }] },
    products: [],
    layers: [
      { id: 'presenter', type: 'presenter', anchor: 'bottom', width: '100%', height: '80%' },
      ...base['layers'].filter((one: { type: string }) => one.type === 'label'),
    ],
    presenter: {
      pack: 'mei',
      source,
      external: { streamKey: '${AVATAR_TEST_KEY}', standInAfterMs: 1500, ...external },
    },
  };
}

/** Pushes a film as another engine does: a red square before green, or a QR code. */
function push(t: Test, url: string) {
  const graph =
    'color=0x00ff00:s=320x400:r=30,drawbox=x=80:y=100:w=160:h=300:color=0xc02020:t=fill,noise=alls=4:allf=t';
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '15'];
  const sound = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=900'];
  const args = ['-v', 'error', '-re', '-f', 'lavfi', '-i', graph, ...sound, ...encode, '-c:a', 'aac', '-f', 'flv', url];
  const child = spawn(ffmpeg, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  t.teardown(end);
  return { end };
}

t.test('a presenter pushed by ffmpeg over RTMP: on stage, idle, stand-in, and back by itself', async (t) => {
  const { live, api, ledger } = await onAir(t, room('rtmp'));
  const step = (): string => live.avatar.state().step!;
  t.equal(step(), 'stand-in', 'before the source comes');
  // The drawn presenter may wear red.
  const own = await redShare(live);
  const { rtmp } = live.addresses;
  const url = rtmp.replace(/\/live\/.*/, `/avatar/${KEY}`);
  const first = push(t, url);
  await until('on stage', () => step() === 'fresh', 60_000);
  await until('the square on the picture', async () => (await redShare(live)) > own + 0.1, 60_000);
  const steps: string[] = [];
  const look = (): void => {
    if (steps.at(-1) !== step()) steps.push(step());
  };
  const timer = setInterval(look, 10);
  t.teardown(() => clearInterval(timer));
  await first.end();
  await until('the stand-in', () => step() === 'stand-in', 60_000);
  look(); // the timer may be late
  t.same(steps, ['fresh', 'idle', 'stand-in']);
  await until('the drawn presenter', async () => (await redShare(live)) < own + 0.05, 60_000);
  push(t, url);
  await until('on stage again', () => step() === 'fresh', 60_000);
  // A newer publisher takes the place, with a code in its picture: it is withheld like any other.
  t.equal(live.snapshot().replacedBy['violation'], 0);
  void pushPicture(await writeQrPicture(t.testdir()), url, { seconds: 6, keyEvery: 15, fps: 30 });
  await until('the gate', () => live.snapshot().replacedBy['violation']! > 0, 60_000);
  const snapshot = live.snapshot();
  t.equal(snapshot.frames.releasedUnjudged, 0);
  t.equal(snapshot.sources.find(({ kind }) => kind === 'avatar')?.id, 'avatar');
  const { body } = await api('GET', '/api/presenter/source');
  t.match(body, { source: 'rtmp', connected: true });
  t.ok(body.received > 20);
  await until('the ledger', () => ledger().filter(({ action }) => action.startsWith('avatar-')).length >= 4, 5000);
  t.notMatch(JSON.stringify([snapshot, body, ledger()]), KEY, 'the key is nowhere');
});

t.test('a room without a stand-in shows the slate while the source is away; WHIP brings it back', async (t) => {
  const { live, url } = await onAir(t, room('whip', { standIn: false }));
  await until('the slate', () => live.snapshot().slate.includes('stalled'), 60_000);
  const engine = new RTCPeerConnection({
    codecs: { video: [h264Codec('42c01f')], audio: [] },
    iceServers: [],
    iceAdditionalHostAddresses: ['127.0.0.1'],
    bundlePolicy: 'max-bundle',
  });
  t.teardown(() => engine.close());
  const track = new MediaStreamTrack({ kind: 'video' });
  engine.addTransceiver(track, { direction: 'sendonly' });
  await engine.setLocalDescription(await engine.createOffer());
  const reply = await fetch(`${url}/whip/avatar`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/sdp' },
    body: engine.localDescription!.sdp,
  });
  t.equal(reply.status, 201);
  await engine.setRemoteDescription({ type: 'answer', sdp: await reply.text() });
  const units = annexBOf(await filmTags(2));
  let sequence = 0;
  let sent = 0;
  const timer = setInterval(() => {
    const payloads = packetizeH264(units[sent % units.length]!);
    payloads.forEach((payload, i) => {
      sequence = (sequence + 1) & 0xffff;
      const marker = i === payloads.length - 1;
      track.writeRtp(
        new RtpPacket(
          new RtpHeader({ sequenceNumber: sequence, timestamp: sent * 3000, marker, payloadType: 96 }),
          payload,
        ),
      );
    });
    sent += 1;
  }, 33);
  t.teardown(() => clearInterval(timer));
  await until('on stage', () => live.avatar.state().step === 'fresh', 60_000);
  await until('the show', () => !live.snapshot().slate.includes('stalled'), 5000);
  await until('the square on the picture', async () => (await redShare(live)) > 0.05, 60_000);
  t.equal((await fetch(url + reply.headers.get('location')!, { method: 'DELETE' })).status, 200);
  await until('the slate', () => live.snapshot().slate.includes('stalled'), 60_000);
});

/** Share of the picture that is red, as viewers see it. */
async function redShare(live: { stillJpeg(): Promise<Buffer> }): Promise<number> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(await live.stillJpeg())
    .raw()
    .toBuffer({ resolveWithObject: true });
  let red = 0;
  for (let i = 0; i < data.length; i += info.channels) {
    if (data[i]! > 140 && data[i + 1]! < 90 && data[i + 2]! < 90) red += 1;
  }
  return red / (info.width * info.height);
}
