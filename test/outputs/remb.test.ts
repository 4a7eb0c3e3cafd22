import {
  ReceiverEstimatedMaxBitrate,
  RtcpPayloadSpecificFeedback,
  RtcpReceiverInfo,
  RtcpRrPacket,
  type MediaStreamTrack,
} from 'werift';
import t from 'tap';
import { silentLog } from '../../src/core/log.js';
import { PictureBudget } from '../../src/outputs/webrtc/viewer-stream.js';
import { ReceiverEstimate } from '../../src/outputs/webrtc/media-sender.js';
import { WhepServer } from '../../src/outputs/whep/whep-server.js';
import { until } from '../encoder/synthetic-room.js';
import { FakeSource, realOffer } from './made-up-stream.js';

t.test('uses an estimate while fresh, and limits only a receiver that loses packets', async (t) => {
  const estimate = new ReceiverEstimate();
  t.equal(estimate.kbps(0), undefined, 'nothing was said');
  estimate.said(1000, 480_400);
  t.equal(estimate.kbps(1000), 480);
  t.equal(estimate.limitKbps(1000), undefined, 'a guess alone limits nothing');
  estimate.lost(1000, 25, 100);
  t.equal(estimate.limitKbps(1000), undefined, 'nor do packets that are lost here and there');
  estimate.lost(1500, 26, 100);
  t.equal(estimate.limitKbps(1500), 480);
  estimate.lost(2000, 5, 100);
  estimate.lost(9000, 4, 100);
  estimate.said(10_000, 900_000);
  t.equal(estimate.limitKbps(16_999), 900);
  t.equal(estimate.limitKbps(17_000), undefined, 'nothing was lost for a while');
  t.equal(estimate.kbps(19_999), 900);
  t.equal(estimate.kbps(20_000), undefined, 'it has not been said for a while');
});

t.test('ignores one loss among few packets but not repeated ones', async (t) => {
  const estimate = new ReceiverEstimate();
  estimate.said(0, 500_000);
  estimate.lost(1000, 32, 8);
  t.equal(estimate.limitKbps(1000), undefined, 'one of eight');
  estimate.lost(1500, 5, 250);
  t.equal(estimate.limitKbps(1500), undefined, 'and 2 % of what came after it');
  estimate.lost(2000, 60, 0);
  t.equal(estimate.limitKbps(2000), undefined, 'a report on nothing');
  for (let ms = 3000; ms < 6000; ms += 500) estimate.lost(ms, 64, 8);
  t.equal(estimate.limitKbps(5500), undefined);
  estimate.lost(6000, 64, 8);
  t.equal(estimate.limitKbps(6000), 500, 'a quarter for three seconds');
});

/** Which of the pictures of `seconds` go out: IDRs of 20 kB a second, 29 others of 4 kB, which is 1.1 Mbit/s. */
function sentOf(budget: PictureBudget, fromS: number, seconds: number, limitKbps: number | undefined) {
  const sent: { n: number; key: boolean; bytes: number }[] = [];
  for (let n = fromS * 30; n < (fromS + seconds) * 30; n += 1) {
    const key = n % 30 === 0;
    const bytes = key ? 20_000 : 4000;
    if (budget.takes({ pts: n * 3000, key, bytes }, limitKbps)) sent.push({ n, key, bytes });
  }
  return sent;
}

t.test('drops pictures up to an affordable IDR and keeps the rate', async (t) => {
  const budget = new PictureBudget();
  t.equal(sentOf(budget, 0, 4, undefined).length, 120, 'all without a limit');
  t.equal(sentOf(budget, 4, 4, 2000).length, 120, 'all where the limit is above the rate');
  const sent = sentOf(budget, 8, 40, 550);
  const kbps = (sent.reduce((sum, { bytes }) => sum + bytes, 0) * 8) / 40_000;
  t.ok(kbps > 480 && kbps < 580, `${Math.round(kbps)} of 550 kbit/s`);
  for (const [i, { n, key }] of sent.entries()) {
    if (i > 0 && n !== sent[i - 1]!.n + 1) t.ok(key, `picture ${n} follows a hole, and can be decoded`);
  }
  t.ok(budget.thin);
  const after = sentOf(budget, 48, 4, undefined);
  t.ok(after[0]!.key);
  t.equal(after.length, 120);
  t.notOk(budget.thin);
});

t.test('reduces a viewer with losses and a lower estimate until the estimate recovers', async (t) => {
  const source = new FakeSource();
  const whep = new WhepServer({ source, rate: { num: 30, den: 1 }, maxViewers: 4, log: silentLog });
  t.teardown(() => whep.close());
  const { peer, sdp } = await realOffer();
  t.teardown(() => peer.close());
  let pictures = 0;
  const tracks: MediaStreamTrack[] = [];
  peer.onTrack.subscribe((track) => {
    if (track.kind !== 'video') return;
    tracks.push(track);
    track.onReceiveRtp.subscribe(({ header }) => (pictures += header.marker ? 1 : 0));
  });
  const { answer } = await whep.offer(sdp);
  await peer.setRemoteDescription({ type: 'answer', sdp: answer });
  const all = (): number => pictures + (whep.congestion()[0]?.dropped ?? 0);
  const timer = setInterval(() => source.frame(), 20);
  t.teardown(() => clearInterval(timer));
  t.ok(await until(() => pictures > 10, 12_000), 'it is connected');
  clearInterval(timer);
  let made = -1;
  await until(() => made === (made = all()), 1000);
  const [video] = peer.getTransceivers();
  const ssrc = tracks[0]!.ssrc!;
  const say = async (kbps: number, fractionLost: number): Promise<void> => {
    const [mantissa, exponent] = [Math.round((kbps * 1000) / 64), 6];
    const feedback = new ReceiverEstimatedMaxBitrate({
      senderSsrc: 1,
      ssrcNum: 1,
      brExp: exponent,
      brMantissa: mantissa,
      ssrcFeedbacks: [ssrc],
    });
    const report = new RtcpReceiverInfo({
      ssrc,
      fractionLost,
      packetsLost: 0,
      highestSequence: 0,
      jitter: 0,
      lsr: 0,
      dlsr: 0,
    });
    await video!.receiver.dtlsTransport.sendRtcp([
      new RtcpRrPacket({ ssrc: 1, reports: [report] }),
      new RtcpPayloadSpecificFeedback({ feedback }),
    ]);
    t.ok(await until(() => whep.congestion()[0]!.limitKbps === kbps, 5000), `${kbps} kbit/s are heard`);
  };
  /** Pictures that arrive of ten seconds; each second's are waited for, sent or passed over. */
  const tenSeconds = async (): Promise<number> => {
    const before = pictures;
    for (let s = 0; s < 10; s += 1) {
      for (let i = 0; i < 30; i += 1) source.frame();
      made += 30;
      await until(() => all() >= made, 3000);
    }
    return pictures - before;
  };
  t.equal(await tenSeconds(), 300);
  t.match(whep.congestion(), [{ dropped: 0, limitKbps: undefined }]);
  await say(40, 30);
  const few = await tenSeconds();
  t.ok(few > 60 && few < 220, `${few} of 300 pictures at half the rate`);
  t.ok(whep.congestion()[0]!.dropped >= 80);
  await say(4000, 30);
  await tenSeconds();
  t.equal(await tenSeconds(), 300, 'all of them again');
});
