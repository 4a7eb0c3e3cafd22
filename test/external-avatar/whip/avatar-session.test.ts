import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import t, { type Test } from 'tap';
import { MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket } from 'werift';
import { silentLog } from '../../../src/core/log.js';
import { tagKind } from '../../../src/core/media/flv-tags.js';
import { AvatarSession } from '../../../src/external-avatar/whip/avatar-session.js';
import { h264Codec, opusCodec } from '../../../src/outputs/webrtc/peer-connections.js';
import { packetizeH264 } from '../../../src/outputs/webrtc/viewer-stream.js';
import { until, wait } from '../../kit/until.js';
import { annexBOf, filmTags } from '../picture/film.js';

const film = await filmTags(2);

const units = (): Buffer[] => annexBOf(film);

/** An engine that sends by WHIP, as a peer connection, and the session that receives it. */
async function connect(t: Test) {
  const tags: Uint8Array[] = [];
  const sound: number[] = [];
  const gone: string[] = [];
  const session = new AvatarSession({
    log: silentLog,
    onTag: (tag) => tags.push(tag) > 0,
    onSound: (sequence) => void sound.push(sequence),
    onGone: (reason) => void gone.push(reason),
  });
  t.teardown(() => session.close());
  const engine = new RTCPeerConnection({
    codecs: { video: [h264Codec('42c01f')], audio: [opusCodec()] },
    iceServers: [],
    iceAdditionalHostAddresses: ['127.0.0.1'],
    bundlePolicy: 'max-bundle',
  });
  t.teardown(() => engine.close());
  const video = new MediaStreamTrack({ kind: 'video' });
  const audio = new MediaStreamTrack({ kind: 'audio' });
  const sender = engine.addTransceiver(video, { direction: 'sendonly' }).sender;
  engine.addTransceiver(audio, { direction: 'sendonly' });
  let asked = 0;
  sender.onPictureLossIndication.subscribe(() => (asked += 1));
  await engine.setLocalDescription(await engine.createOffer());
  await engine.setRemoteDescription({ type: 'answer', sdp: await session.answer(engine.localDescription!.sdp) });
  await until('the connection', () => session.connected && engine.connectionState === 'connected', 15_000);
  let sequence = 100;
  const send = (unit: Buffer, timestamp: number, lose: (index: number) => boolean = () => false): void => {
    const payloads = packetizeH264(unit);
    payloads.forEach((payload, i) => {
      sequence += 1;
      const header = new RtpHeader({
        ...{ sequenceNumber: sequence & 0xffff, timestamp, marker: i === payloads.length - 1, payloadType: 96 },
      });
      if (!lose(i)) video.writeRtp(new RtpPacket(header, payload));
    });
  };
  /** A packet under any number, past the sender. */
  const raw = (ssrc: number, number: number, timestamp: number, marker: boolean, payload: Buffer): void => {
    const { payloadType } = sender.codec!;
    const header = new RtpHeader({ ssrc, sequenceNumber: number & 0xffff, timestamp, marker, payloadType });
    void engine.dtlsTransports[0]!.sendRtp(payload, header);
  };
  return { session, engine, audio, tags, sound, gone, send, raw, ssrc: sender.ssrc, asked: () => asked };
}

t.test('receives H.264 and Opus from an engine over WebRTC', async (t) => {
  const { session, audio, tags, sound, send } = await connect(t);
  for (const [i, unit] of units().entries()) {
    send(unit, i * 3000);
    audio.writeRtp(
      new RtpPacket(
        new RtpHeader({ sequenceNumber: i, timestamp: i * 960, payloadType: 97 }),
        Buffer.from([0xf8, 0xff, 0xfe]),
      ),
    );
    await wait(15);
  }
  await until('all pictures', () => tags.length >= film.length, 10_000);
  t.same(
    tags.map((tag) => tagKind(tag)),
    film.map((tag) => tagKind(tag)),
  );
  t.same(Buffer.from(tags[1]!.subarray(16, -4)).subarray(-200), film[1]!.subarray(16, -4).subarray(-200));
  t.ok(sound.length > 20);
  t.equal(session.lostPackets, 0);
});

t.test(
  'asks for a key frame at the beginning and after lost packets, and leaves the smeared pictures out',
  async (t) => {
    const { session, tags, send, asked } = await connect(t);
    const list = units();
    // Key frames come at 0, 15, 30 and 45; the whole of picture 17 is lost.
    for (const [i, unit] of list.entries()) {
      send(unit, i * 3000, () => i === 17);
      // A gap is given up after 64 packets; these pictures are so small that it takes two seconds.
      if (i === 29) for (let k = 0; k < 80; k += 1) send(unit, i * 3000 + k);
      await wait(20);
    }
    await until('the gap is given up', () => session.lostPackets > 0, 10_000);
    t.ok(asked() >= 2, 'at the beginning, and for the gap');
    const times = tags.filter((tag) => tagKind(tag) !== 'config').map((tag) => Buffer.from(tag).readUIntBE(4, 3));
    t.ok(times.includes(533), 'the picture before the gap');
    t.equal(times.filter((ms) => ms > 560 && ms < 950).length, 0, 'nothing between the gap and the next key frame');
    t.ok(times.some((ms) => ms >= 1000));
  },
);

t.test('goes on with a sender that numbers its packets anew, backwards and out of order', async (t) => {
  const { session, tags, raw, ssrc } = await connect(t);
  const list = units();
  const pictures = (): number => tags.filter((tag) => tagKind(tag) !== 'config').length;
  const sendAll = async (first: number, isJittered: boolean): Promise<void> => {
    let number = first;
    const packets = list.flatMap((unit, i) => {
      const payloads = packetizeH264(unit);
      return payloads.map((payload, k) => ({
        number: number++,
        timestamp: i * 3000,
        last: k + 1 === payloads.length,
        payload,
      }));
    });
    // Neighbours swap places; every tenth packet comes twice.
    const swapped = (i: number): number => (i % 8 > 3 && i % 8 < 6 && (i ^ 1) < packets.length ? i ^ 1 : i);
    const order = [...packets.keys()].map((i) => (isJittered ? swapped(i) : i));
    for (const i of order) {
      const { number: at, timestamp, last, payload } = packets[i]!;
      for (let k = 0; k < (isJittered && i % 10 === 0 ? 2 : 1); k += 1) raw(ssrc, at, timestamp, last, payload);
      await wait(5);
    }
  };
  await sendAll(40_000, true);
  await until('all pictures', () => pictures() >= list.length, 5000);
  t.equal(session.lostPackets, 0);
  // Behind the first by a quarter of all numbers.
  await sendAll(20_000, false);
  await sendAll(20_000 + 2 * list.length, false);
  t.ok(pictures() > list.length + 20, `${pictures()} pictures`);
});

t.test('ends a connection with packets of very many streams, and follows jumps of their numbers quickly', async (t) => {
  const { gone, raw, ssrc } = await connect(t);
  const startedMs = performance.now();
  for (let i = 0; i < 400; i += 1) {
    raw(ssrc, i % 2 === 0 ? 65_535 : 65_534 - (i % 7), 0, false, Buffer.from([0x61, 1, 2]));
    if (i % 20 === 0) await wait(1);
  }
  await wait(50);
  const tookMs = performance.now() - startedMs;
  t.ok(tookMs < 3000, `${Math.round(tookMs)} ms`);
  t.same(gone, []);
  for (let i = 0; i < 1000; i += 1) {
    raw(1_000_000 + i, i, 0, true, Buffer.from([0x61, 1, 2]));
    if (i % 50 === 0) await wait(1);
  }
  await until('the end', () => gone.length === 1, 5000);
  t.match(gone[0], /many streams/);
});

t.test('reports once that the engine is gone', async (t) => {
  const { session, gone, engine } = await connect(t);
  await engine.close();
  await session.close();
  await session.close();
  t.equal(gone.length, 1);
});

t.test('says what an offer lacks', async (t) => {
  const session = () =>
    new AvatarSession({ log: silentLog, onTag: () => true, onSound: () => undefined, onGone: () => undefined });
  const peer = new RTCPeerConnection({ codecs: { video: [h264Codec()], audio: [opusCodec()] }, iceServers: [] });
  t.teardown(() => peer.close());
  peer.addTransceiver('audio', { direction: 'sendonly' });
  await peer.setLocalDescription(await peer.createOffer());
  const { sdp } = peer.localDescription!;
  await t.rejects(session().answer('hello'), { code: 'E_SDP_INVALID', expected: /v=0/ });
  await t.rejects(session().answer(sdp), { code: 'E_SDP_INVALID', expected: 'one video section' });
  peer.addTransceiver('video', { direction: 'sendonly' });
  peer.addTransceiver('audio', { direction: 'sendonly' });
  await peer.setLocalDescription(await peer.createOffer());
  await t.rejects(session().answer(peer.localDescription!.sdp), { code: 'E_SDP_INVALID', found: 'other sections' });
});

t.test('ends a sender that goes on beyond any number of packets, and shuts strangers out of its ports', async (t) => {
  const { session, engine, tags, gone, send, raw, ssrc } = await connect(t);
  const list = units();
  const [host, port] = engine.iceTransports[0]!.connection.nominated!.remoteAddr;
  const garbage = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  t.teardown(() => garbage.close());
  garbage.connect(port, host);
  await once(garbage, 'connect');
  let refused = 0;
  garbage.on('error', () => (refused += 1));
  // Strangers first: the sender goes on, and its pictures arrive.
  let number = 0;
  const endMs = performance.now() + 10_000;
  while (refused === 0 && performance.now() < endMs) {
    for (let i = 0; i < 60; i += 1) garbage.send(randomBytes(64), (error) => (refused += error === null ? 0 : 1));
    send(list[number % list.length]!, number * 3000);
    number += 1;
    await wait(10);
  }
  t.ok(refused > 0, 'a stranger finds no port any more');
  const before = tags.length;
  for (const [i, unit] of list.slice(0, 30).entries()) {
    send(unit, (number + i) * 3000);
    await wait(10);
  }
  await until('pictures after the garbage', () => tags.length >= before + 20, 5000);
  t.same(gone, []);
  // Then the sender itself.
  const payload = Buffer.concat([Buffer.from([0x7c, 0x05]), Buffer.alloc(1000, 1)]);
  for (let k = 0; k < 600 && gone.length === 0; k += 1) {
    for (let i = 0; i < 80; i += 1) raw(ssrc, (number += i === 0 ? 20_000 : 1), number, false, payload);
    await wait(5);
  }
  t.same(gone, ['more packets than a sender of pictures needs']);
  t.notOk(session.connected);
});
