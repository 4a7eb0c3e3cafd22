import t, { type Test } from 'tap';
import { MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket } from 'werift';
import { silentLog } from '../../../src/core/log.js';
import { tagKind } from '../../../src/core/media/flv-tags.js';
import { AvatarSession } from '../../../src/outputs/avatar-in/avatar-session.js';
import { h264Codec, opusCodec } from '../../../src/outputs/webrtc/codecs.js';
import { packetizeH264 } from '../../../src/outputs/webrtc/h264-packetizer.js';
import { until, wait } from '../../kit/until.js';
import { filmTags } from '../../scene/external/film.js';

const film = await filmTags(2);

/** Access units of the film, Annex B, with parameter sets before key frames. */
function units(): Buffer[] {
  const [config, ...pictures] = film.map((tag) => tag.subarray(16, tag.length - 4));
  const spsLength = config!.readUInt16BE(6);
  const sps = config!.subarray(8, 8 + spsLength);
  const pps = config!.subarray(11 + spsLength, 11 + spsLength + config!.readUInt16BE(9 + spsLength));
  const code = Buffer.from([0, 0, 0, 1]);
  return pictures.map((body, i) => {
    const nals: Buffer[] = film[i + 1]![11]! >> 4 === 1 ? [code, sps, code, pps] : [];
    for (let at = 0; at + 4 < body.length;) {
      const length = body.readUInt32BE(at);
      nals.push(code, body.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    return Buffer.concat(nals);
  });
}

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
  return { session, engine, audio, tags, sound, gone, send, asked: () => asked };
}

t.test('receives H.264 and Opus from an engine over WebRTC', async (t) => {
  const { session, audio, tags, sound, send } = await connect(t);
  for (const [i, unit] of units().entries()) {
    send(unit, i * 3000);
    audio.writeRtp(
      new RtpPacket(new RtpHeader({ sequenceNumber: i, timestamp: i * 960, payloadType: 97 }), Buffer.from([0xf8, 0xff, 0xfe])),
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

t.test('asks for a key frame at the beginning and after lost packets, and shows none of the smeared pictures', async (t) => {
  const { session, tags, send, asked } = await connect(t);
  const list = units();
  const play = async (from: number, to: number, lost?: number): Promise<void> => {
    for (let i = from; i < to; i += 1) {
      send(list[i]!, i * 3000, () => i === lost);
      await wait(20);
    }
  };
  await play(0, 5);
  await until('a request', () => asked() > 0, 5000);
  const before = tags.length;
  // Key frames come at 15, 30 and 45.
  await play(5, 60, 17);
  await until('the gap is given up', () => session.lostPackets > 0 || tags.length > before + 40, 10_000);
  t.ok(asked() > 0);
  t.equal(
    tags.some((tag) => tagKind(tag) === 'other'),
    false,
  );
});

t.test('reports once that the engine is gone', async (t) => {
  const { session, gone, engine } = await connect(t);
  await engine.close();
  await session.close();
  await session.close();
  t.equal(gone.length, 1);
});

t.test('says what an offer lacks', async (t) => {
  const session = () => new AvatarSession({ log: silentLog, onTag: () => true, onSound: () => undefined, onGone: () => undefined });
  const peer = new RTCPeerConnection({ codecs: { video: [h264Codec()], audio: [opusCodec()] }, iceServers: [] });
  t.teardown(() => peer.close());
  peer.addTransceiver('audio', { direction: 'sendonly' });
  await peer.setLocalDescription(await peer.createOffer());
  const { sdp } = peer.localDescription!;
  await t.rejects(session().answer('hello'), { code: 'E_SDP_INVALID', expected: /v=0/ });
  await t.rejects(session().answer(sdp), { code: 'E_SDP_INVALID', expected: 'one video section' });
});
