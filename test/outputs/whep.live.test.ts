import { dePacketizeRtpPackets, RtpHeader, RtpPacket } from 'werift';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { ticks90k } from '../../src/core/time.js';
import {
  MediaClock,
  packetizeH264,
  PayloadCache,
  type RtpUnit,
  toNtp,
  ViewerStream,
} from '../../src/outputs/webrtc/viewer-stream.js';
import { endHandshakes } from '../../src/outputs/webrtc/peer-connections.js';
import { fragmentCandidates, isHiddenAddress, withoutHiddenAddresses } from '../../src/outputs/whep/sdp-offer.js';
import { WhepServer } from '../../src/outputs/whep/whep-server.js';
import { until } from '../encoder/synthetic-room.js';
import { FakeSource, nal, realOffer } from './made-up-stream.js';

t.test('removes hidden candidates and keeps all others', async (t) => {
  const hidden = 'a=candidate:1 1 udp 2113937151 0b0f6f4e-5b0a-4e0e-8b1a-2f.local 51234 typ host generation 0\r\n';
  const open = 'a=candidate:2 1 udp 1677729535 203.0.113.7 51235 typ srflx raddr 0.0.0.0 rport 0\r\n';
  const sdp = `v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n${hidden}${open}a=end-of-candidates\r\n`;
  t.equal(withoutHiddenAddresses(sdp), sdp.replace(hidden, ''));
  t.equal(isHiddenAddress(hidden.slice(2).trim()), true, 'as it stands in a fragment, too');
  t.equal(isHiddenAddress(open.trim()), false);
  t.equal(
    isHiddenAddress('candidate:3 1 udp 1 192.168.0.7 9 typ host name a.local x'),
    false,
    'only the address counts',
  );
});

t.test('packetizes access units that another library reassembles unchanged', async (t) => {
  for (const size of [2, 1199, 1200, 1201, 2397, 2398, 2399, 50_000]) {
    const unit = Buffer.concat([nal(7, 20), nal(8, 6), nal(5, size)]);
    const payloads = packetizeH264(unit);
    t.ok(
      payloads.every((payload) => payload.length <= 1200),
      `${payloads.length} payloads for ${size} bytes`,
    );
    const packets = payloads.map(
      (payload, i) =>
        new RtpPacket(
          new RtpHeader({ sequenceNumber: i, marker: i === payloads.length - 1, payloadType: 96 }),
          payload,
        ),
    );
    const { data } = dePacketizeRtpPackets('MPEG4/ISO/AVC', packets);
    t.ok(data.equals(unit), `${size} bytes come back`);
  }
});

t.test('puts both streams on one line in the sender reports', async (t) => {
  const clock = new MediaClock(0xfffffff0, 7);
  clock.start(ticks90k(900_000), 1000);
  const report = clock.report(3000, 1_700_000_000_500);
  t.equal(report.video, (900_000 + 180_000 + 0xfffffff0) % 2 ** 32, '2 s later, wrapped');
  t.equal(report.audio, 480_000 + 96_000 + 7);
  t.equal(report.ntp >> 32n, BigInt(1_700_000_000 + 2_208_988_800));
  t.equal(Number(report.ntp & 0xffffffffn), 2 ** 31, 'half a second as a binary fraction');
  t.equal(toNtp(0), 2_208_988_800n << 32n);
});

t.test('ends a pending handshake with its connection', async (t) => {
  const waiting = { dtls: { dtls: { flight: 1 } } };
  endHandshakes({ dtlsTransports: [waiting, { dtls: undefined }] } as never);
  t.ok(waiting.dtls.dtls.flight > 6, 'no flight of DTLS comes after it');
});

t.test('finds candidates of a trickle fragment with their sections', async (t) => {
  const fragment =
    'a=ice-ufrag:x\r\nm=video 9\r\na=mid:1\r\na=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\na=end-of-candidates\r\n';
  t.same(fragmentCandidates(fragment), [{ candidate: 'candidate:1 1 udp 1 10.0.0.1 9 typ host', mid: '1' }]);
});

t.test('shows a new viewer the present at once by fast-forwarding from the IDR', async (t) => {
  const source = new FakeSource();
  for (let n = 0; n < 40; n += 1) source.frame();
  const sent: RtpUnit[] = [];
  const stream = new ViewerStream({ source, cache: new PayloadCache(), send: (unit) => sent.push(unit) });
  const stop = new AbortController();
  const running = stream.run(stop.signal);
  await until(() => sent.filter((unit) => unit.marker).length === 40, 2000);
  const pictures = (): number[] => sent.filter((unit) => unit.marker).map((unit) => unit.timestamp);
  const times = pictures();
  t.equal(times.length, 40);
  t.equal((times[39]! - times[0]! + 2 ** 32) % 2 ** 32, 39, 'one tick apart');
  t.equal(times[39], stream.clock.video(39 * 3000), 'and the last has its true time');
  t.equal(sent.filter((unit) => unit.kind === 'audio').length, 0, 'old sound is not played');
  source.frame();
  await until(() => pictures().length === 41, 1000);
  t.equal(pictures()[40], stream.clock.video(40 * 3000));
  t.ok(await until(() => sent.some((unit) => unit.kind === 'audio'), 1000), 'new sound is');
  const video = sent.filter((unit) => unit.kind === 'video').map((unit) => unit.sequenceNumber);
  t.ok(
    video.every((n, i) => i === 0 || n === ((video[i - 1]! + 1) & 0xffff)),
    'numbers have no hole',
  );

  for (let n = 41; n < 65; n += 1) source.frame();
  await until(() => pictures().length === 65, 1000);
  stream.pictureLost(1e6);
  source.frame();
  await until(() => pictures().length === 71, 1000);
  const again = pictures();
  t.equal(again.length, 71, 'a lost picture is answered by the fresh IDR and what follows it');
  t.ok(
    again.every((time, i) => i === 0 || (time - again[i - 1]! + 2 ** 32) % 2 ** 32 < 2 ** 31),
    'times only rise',
  );
  t.equal(source.keyRequests, 1);
  stop.abort();
  await running;
});

t.test('explains bad offers and limits the number of viewers', async (t) => {
  const source = new FakeSource();
  const whep = new WhepServer({ source, rate: { num: 30, den: 1 }, maxViewers: 1, log: silentLog });
  t.teardown(() => whep.close());
  const offer = await realOffer();
  t.teardown(() => offer.peer.close());
  const bad: [string, RegExp][] = [
    ['hello', /v=0/],
    [offer.sdp.replace(/m=video/g, 'm=text'), /video section/],
    [offer.sdp.replace(/H264/g, 'VP8'), /H264/],
    [offer.sdp.replace(/a=ice-ufrag.*\r\n/g, ''), /ICE/],
    [offer.sdp.replace(/packetization-mode=1/g, 'packetization-mode=0'), /packetization-mode=1/],
    [offer.sdp.replace(/a=recvonly/g, 'a=inactive'), /receives/],
    ['v=0\n'.repeat(40_000), /bytes/],
  ];
  for (const [sdp, words] of bad) await t.rejects(whep.offer(sdp), { code: 'E_SDP_INVALID', message: words });
  t.equal(whep.viewers(), 0);
  const first = await whep.offer(offer.sdp);
  await t.rejects(whep.offer(offer.sdp), { code: 'E_TOO_MANY_VIEWERS' });
  t.match(first.answer, /a=sendonly/);
  const candidate = 'a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n';
  await whep.candidate(first.id, `a=mid:0\r\n${candidate.repeat(60)}`);
  await t.rejects(whep.candidate(first.id, `a=mid:0\r\n${candidate.repeat(60)}`), { code: 'E_SDP_INVALID' });
  await whep.delete(first.id);
  t.equal(whep.viewers(), 0);
  await t.rejects(whep.delete(first.id), { code: 'E_NOT_FOUND' });
});

t.test('sends a WebRTC peer pictures and sound and drops it when it leaves', async (t) => {
  const source = new FakeSource();
  const whep = new WhepServer({ source, rate: { num: 30, den: 1 }, maxViewers: 4, log: silentLog });
  t.teardown(() => whep.close());
  const timer = setInterval(() => source.frame(), 33);
  t.teardown(() => clearInterval(timer));
  const { peer, sdp } = await realOffer();
  const counts = { video: 0, audio: 0, pictures: 0 };
  peer.onTrack.subscribe((track) => {
    track.onReceiveRtp.subscribe((packet) => {
      counts[track.kind === 'video' ? 'video' : 'audio'] += 1;
      if (track.kind === 'video' && packet.header.marker) counts.pictures += 1;
    });
  });
  const { id, answer } = await whep.offer(sdp);
  await peer.setRemoteDescription({ type: 'answer', sdp: answer });
  t.ok(await until(() => counts.pictures > 30 && counts.audio > 20, 8000), JSON.stringify(counts));
  t.match(whep.snapshot(), { state: 'live', viewers: 1, kind: 'whep' });
  t.ok(whep.snapshot().bytesSent > 5000);
  t.equal(source.users, 1, 'sound is encoded while someone listens');
  await whep.delete(id);
  t.equal(source.users, 0);
  t.equal(whep.viewers(), 0);
  await peer.close();
});
