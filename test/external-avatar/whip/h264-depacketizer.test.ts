import t from 'tap';
import { FLV_VIDEO, tagKind } from '../../../src/core/media/flv-tags.js';
import {
  type AccessUnit,
  AvcTags,
  H264Depacketizer,
  type OrderedPacket,
  RtpOrder,
} from '../../../src/external-avatar/whip/avatar-session.js';
import { packetizeH264 } from '../../../src/outputs/webrtc/viewer-stream.js';

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
  const times = tags.filter((tag) => tagKind(tag) !== 'config').map((tag) => tag[7]! * 2 ** 24 + tag.readUIntBE(4, 3));
  t.same(times, [33, 67, 100, 133, 167, 200], 'across the wrap of the timestamps');
});

t.test('gives up a gap of a slow stream after a time, and follows a sender that begins anew', async (t) => {
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
