import { RtpHeader, RtpPacket, RTCRtpSender, SrtpSession } from 'werift';
import t from 'tap';
import { answerNoNacks, sendAgain } from '../../src/outputs/webrtc/media-sender.js';
import { sampled } from '../kit/whole.js';

const SSRC = 7;
const PROFILE = 1;
const KEY = Buffer.alloc(16, 1);
const SALT = Buffer.alloc(14, 2);

function packet(sequenceNumber: number): RtpPacket {
  const header = new RtpHeader({ sequenceNumber: sequenceNumber & 0xffff, ssrc: SSRC, payloadType: 96 });
  return new RtpPacket(header, Buffer.from(`picture ${sequenceNumber & 0xffff}`));
}

function session(): SrtpSession {
  const keys = { localMasterKey: KEY, localMasterSalt: SALT, remoteMasterKey: KEY, remoteMasterSalt: SALT };
  return new SrtpSession({ keys, profile: PROFILE });
}

/** A receiver after RFC 3711 (appendix A): it estimates the index from the highest authentic one. */
class Receiver {
  private readonly srtp = session();
  private highest = -1;

  /** The packet's content, undefined when it is not authentic. */
  take(bytes: Buffer): string | undefined {
    const sequence = bytes.readUInt16BE(2);
    const index = this.highest < 0 ? sequence : guess(this.highest, sequence);
    try {
      const [plain] = this.srtp.remoteContext.cipher.decryptRtp(bytes, Math.floor(index / 65_536)) as [
        Buffer,
        RtpHeader,
      ];
      this.highest = Math.max(this.highest, index);
      return plain.subarray(12).toString();
    } catch {
      return undefined;
    }
  }
}

function guess(highest: number, sequence: number): number {
  const base = highest - (highest % 65_536) + sequence;
  return [base - 65_536, base, base + 65_536]
    .filter((index) => index >= 0)
    .reduce((a, b) => (Math.abs(b - highest) < Math.abs(a - highest) ? b : a));
}

/** A sender of the stack on a transport that records outgoing packets. */
function rig(): { sender: RTCRtpSender; out: Buffer[]; live(sequenceNumber: number): void } {
  const srtp = session();
  const out: Buffer[] = [];
  const transport = {
    srtp,
    state: 'connected',
    sendRtp: async (payload: Buffer, header: RtpHeader) => out.push(srtp.encrypt(payload, header)),
  };
  const sender = { dtlsTransport: transport } as unknown as RTCRtpSender;
  const live = (sequenceNumber: number): void => {
    const { header, payload } = packet(sequenceNumber);
    void transport.sendRtp(payload, header);
  };
  return { sender, out, live };
}

const cases: readonly [string, newest: number, lost: readonly number[]][] = [
  ['the first packet after a wrap', 65_536 + 300, [65_536]],
  ['two from before a wrap', 65_536 + 5, [65_500, 65_400]],
  ['some of both sides', 65_536 + 99, [65_530, 65_535, 65_536, 65_537, 65_440]],
  ['one a thousand before a wrap', 65_536 + 50, [64_550]],
  ['none of a wrap', 65_000, [64_990, 64_000]],
];

for (const [what, newest, lost] of sampled(cases, 2)) {
  t.test(`keeps packets authentic after a retransmission: ${what}`, async (t) => {
    const { sender, out, live } = rig();
    const receiver = new Receiver();
    for (let n = 63_000; n <= newest; n += 1) live(n);
    for (const bytes of out) {
      if (!lost.some((n) => (n & 0xffff) === bytes.readUInt16BE(2))) receiver.take(bytes);
    }
    out.length = 0;
    for (const n of lost) await sendAgain(sender, packet(n));
    t.strictSame(
      out.map((bytes) => receiver.take(bytes)),
      lost.map((n) => `picture ${n & 0xffff}`),
    );
    out.length = 0;
    for (let n = newest + 1; n < newest + 70_000; n += 1) live(n);
    t.equal(out.filter((bytes) => receiver.take(bytes) === undefined).length, 0);
  });
}

t.test('does not retransmit numbers the stream never sent before its first wrap', async (t) => {
  const { sender, out, live } = rig();
  live(10);
  out.length = 0;
  await sendAgain(sender, packet(65_500));
  t.equal(out.length, 0);
  live(11);
  t.equal(new Receiver().take(out[0]!), 'picture 11');
});

t.test('leaves the stack without a retransmission history', async (t) => {
  const sender = new RTCRtpSender('video');
  t.ok('rtpCache' in sender, 'its history is where it was');
  answerNoNacks(sender);
  const { rtpCache } = sender as unknown as { rtpCache: RtpPacket[] };
  rtpCache[3] = packet(3);
  t.equal(rtpCache[3], undefined);
});
