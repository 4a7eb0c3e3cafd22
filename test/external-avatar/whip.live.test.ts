import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import t, { type Test } from 'tap';
import { MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket } from 'werift';
import { silentLog } from '../../src/core/log.js';
import { FLV_VIDEO, tagKind } from '../../src/core/media/packets.js';
import {
  type AccessUnit,
  AvatarSession,
  AvcTags,
  H264Depacketizer,
  type OrderedPacket,
  RtpOrder,
} from '../../src/external-avatar/whip/avatar-session.js';
import { h264Codec, opusCodec } from '../../src/outputs/webrtc/peer-connections.js';
import { packetizeH264 } from '../../src/outputs/webrtc/viewer-stream.js';
import { until, wait } from '../kit/until.js';
import { annexBOf, filmTags } from './picture/film.js';

t.test('avatar session', async (t) => {
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

  t.test('goes on with a sender that numbers its packets from another start, backwards and out of order', async (t) => {
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

  t.test(
    'ends a connection with packets of very many streams, and follows jumps of their numbers quickly',
    async (t) => {
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
    },
  );

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
});

t.test('h264 depacketizer', async (t) => {
  const SPS = Uint8Array.from([0x67, 0x42, 0xe0, 0x1f, 1, 2, 3]);
  const PPS = Uint8Array.from([0x68, 9, 8, 7]);
  const nal = (type: number, length: number): Uint8Array =>
    Uint8Array.from({ length }, (_, i) => (i === 0 ? 0x60 | type : 1 + ((i * 7) % 250)));
  const annexB = (...nals: Uint8Array[]): Buffer =>
    Buffer.concat(nals.flatMap((one) => [Uint8Array.of(0, 0, 0, 1), one]));

  /** RTP packets of pictures, as a sender makes them. */
  function packets(pictures: readonly Buffer[], first = 65_530): OrderedPacket[] {
    let sequence = first;
    return pictures.flatMap((picture, i) => {
      const payloads = packetizeH264(picture);
      return payloads.map((payload, k) => {
        const packet = {
          sequence,
          timestamp: (0xffff_f000 + i * 3000) >>> 0,
          marker: k === payloads.length - 1,
          payload,
        };
        sequence = (sequence + 1) & 0xffff;
        return packet;
      });
    });
  }
  const pictures = [
    annexB(SPS, PPS, nal(5, 9000)),
    annexB(nal(1, 300)),
    annexB(nal(1, 4000), nal(1, 700)),
    annexB(nal(1, 90)),
  ];

  function receive(list: readonly OrderedPacket[]) {
    const units: AccessUnit[] = [];
    let gaps = 0;
    const depacketizer = new H264Depacketizer((unit) => units.push(unit));
    const order = new RtpOrder(
      (packet) => depacketizer.push(packet),
      () => {
        gaps += 1;
        depacketizer.gap();
      },
    );
    for (const one of list) order.push(one);
    return { units, gaps, lost: order.lost };
  }

  t.test('gives back the pictures that were sent: single, aggregated and fragmented', async (t) => {
    const { units, gaps } = receive(packets(pictures));
    t.equal(gaps, 0);
    t.same(
      units.map(({ key, nals }) => [key, ...nals.map((one) => one.length)]),
      [
        [true, 7, 4, 9000],
        [false, 300],
        [false, 4000, 700],
        [false, 90],
      ],
    );
    t.same(Buffer.from(units[0]!.nals[2]!), Buffer.from(nal(5, 9000)));
  });

  t.test('puts packets in order across the wrap of their numbers, and takes repeats once', async (t) => {
    const list = packets(pictures);
    const mixed = list.flatMap((one, i) => (i % 3 === 0 && i > 0 ? [list[i + 1] ?? one, one] : [one]));
    t.ok(mixed.length > list.length);
    t.equal(receive(mixed).units.length, 4);
    t.equal(receive(mixed).gaps, 0);
  });

  t.test('drops a picture with a missing part and says that pictures were lost', async (t) => {
    const many = [pictures[0]!, ...Array.from({ length: 90 }, () => annexB(nal(1, 300)))];
    const list = packets(many);
    const { units, gaps, lost } = receive(list.filter((_, i) => i !== 3));
    t.equal(gaps, 1);
    t.equal(lost, 1);
    t.equal(units.length, 90, 'all but the first');
    t.equal(
      units.some(({ key }) => key),
      false,
    );
  });

  t.test('survives garbage', async (t) => {
    const depacketizer = new H264Depacketizer(() => undefined);
    for (const bytes of [
      [],
      [0],
      [24, 0],
      [24, 255, 255, 1],
      [28, 0x40],
      [28, 0, 1, 2],
      [28, 0x80],
      [31, 1, 2],
      [24, 0, 0, 1],
    ]) {
      depacketizer.push({ sequence: 1, timestamp: 1, marker: true, payload: Uint8Array.from(bytes) });
    }
    t.pass();
  });

  t.test('writes tags: a configuration when the parameter sets change, then pictures with their times', async (t) => {
    const tags: Buffer[] = [];
    const avc = new AvcTags((tag) => tags.push(Buffer.from(tag)));
    const { units } = receive(
      packets([pictures[1]!, ...pictures, pictures[0]!, annexB(SPS, Uint8Array.from([0x68, 1, 1]), nal(5, 50))]),
    );
    for (const unit of units) avc.push(unit);
    t.same(
      tags.map((tag) => tagKind(tag)),
      ['config', 'key', 'delta', 'delta', 'delta', 'key', 'config', 'key'],
      'nothing before the first parameter sets, and no second configuration for the same',
    );
    t.ok(tags.every((tag) => tag[0] === FLV_VIDEO && tag.readUInt32BE(tag.length - 4) === tag.length - 4));
    const times = tags
      .filter((tag) => tagKind(tag) !== 'config')
      .map((tag) => tag[7]! * 2 ** 24 + tag.readUIntBE(4, 3));
    t.same(times, [33, 67, 100, 133, 167, 200], 'across the wrap of the timestamps');
  });

  t.test('gives up a gap of a slow stream after a time, and follows a sender that begins again', async (t) => {
    const got: number[] = [];
    let gaps = 0;
    let now = 0;
    const order = new RtpOrder(
      ({ sequence }) => got.push(sequence),
      () => (gaps += 1),
      () => now,
    );
    const push = (sequence: number): void => {
      now += 100;
      order.push({ sequence, timestamp: 0, marker: true, payload: Uint8Array.of(1, 2) });
    };
    for (const sequence of [100, 101, 103, 104, 105, 106, 107, 108]) push(sequence);
    t.same([got, gaps, order.lost], [[100, 101, 103, 104, 105, 106, 107, 108], 1, 1]);
    for (let i = 0; i < 200; i += 1) push(60_000 + i);
    t.equal(got.at(-1), 60_199);
    t.equal(gaps, 2);
  });

  t.test('holds a bounded number of fragments', async (t) => {
    const depacketizer = new H264Depacketizer(() => t.fail('no picture'));
    const push = (header: number): void =>
      depacketizer.push({ sequence: 0, timestamp: 1, marker: false, payload: Uint8Array.of(0x7c, header, 1) });
    push(0x85);
    for (let i = 0; i < 100_000; i += 1) push(5);
    t.equal(depacketizer['fragments'], undefined);
  });
});
