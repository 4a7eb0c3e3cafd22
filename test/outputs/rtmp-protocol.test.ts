import t from 'tap';
import { decodeAmf0, encodeAmf0, AmfEcmaArray } from '../../src/outputs/rtmp/amf0.js';
import { ChunkReader, type RtmpMessage, ChunkWriter } from '../../src/outputs/rtmp/chunks.js';
import { avcBody, avcSequenceHeader } from '../../src/outputs/rtmp/flv-muxer.js';
import { parseRtmpUrl, scrub } from '../../src/outputs/rtmp/rtmp-url.js';

t.test('round-trips AMF0 values', async (t) => {
  const values = ['connect', 1, null, undefined, true, { app: 'live', nested: { n: -1.5 }, list: [1, 'zwei', false] }];
  t.same(decodeAmf0(encodeAmf0(...values)), values);
  t.same(decodeAmf0(encodeAmf0('x'.repeat(70_000))), ['x'.repeat(70_000)]);
  t.same(decodeAmf0(encodeAmf0(new AmfEcmaArray({ width: 720 }))), [{ width: 720 }]);
});

t.test('limits AMF0 from untrusted peers', async (t) => {
  t.throws(() => decodeAmf0(Buffer.from([2, 0xff, 0xff, 65])), RangeError, 'a string cut short');
  t.throws(() => decodeAmf0(Buffer.from([0x42])), RangeError, 'an unknown type');
  const deep = Buffer.concat(Array.from({ length: 40 }, () => Buffer.from([3, 0, 1, 97])));
  t.throws(() => decodeAmf0(deep), RangeError, 'deep nesting');
  const poisoned = Buffer.concat([Buffer.from([3, 0, 9]), Buffer.from('__proto__'), Buffer.from([1, 1, 0, 0, 9])]);
  t.same(Object.keys(decodeAmf0(poisoned)[0] as object), []);
});

t.test('round-trips messages at every chunk size and split', async (t) => {
  for (const chunkSize of [128, 4096]) {
    const got: RtmpMessage[] = [];
    const writer = new ChunkWriter();
    const reader = new ChunkReader((message) => got.push(message));
    writer.chunkSize = chunkSize;
    reader.chunkSize = chunkSize;
    const sizes = [0, 1, 127, 128, 129, 256, 4095, 4096, 4097, 12_288, 100_000];
    const bytes = Buffer.concat(
      sizes.map((size, i) => writer.message(4 + (i % 2), 9, 1, i % 3 === 0 ? 0xffffff + i : i, Buffer.alloc(size, i))),
    );
    for (let at = 0; at < bytes.length; at += 997) reader.push(Buffer.from(bytes.subarray(at, at + 997)));
    t.same(
      got.map(({ payload }) => payload.length),
      sizes,
    );
    t.ok(got.every(({ payload }, i) => payload.every((byte) => byte === i)));
  }
});

t.test('uses the extended timestamp field from 2^24 - 1 and wraps at 2^32', async (t) => {
  const writer = new ChunkWriter();
  const field = (ms: number): [number, number | undefined] => {
    const bytes = writer.message(4, 8, 1, ms, Buffer.alloc(1));
    return [bytes.readUIntBE(1, 3), bytes.length > 13 ? bytes.readUInt32BE(12) : undefined];
  };
  t.same(field(0xfffffe), [0xfffffe, undefined]);
  t.same(field(0xffffff), [0xffffff, 0xffffff]);
  t.same(field(0xffffffff), [0xffffff, 0xffffffff]);
  t.same(field(0x1_0000_0000), [0, undefined], 'after 49.7 days it begins again');
  t.same(field(0x1_0000_0005 + 0xffffff), [0xffffff, 0xffffff + 5]);
  const two = writer.message(4, 8, 1, 0x2000000, Buffer.alloc(200));
  t.equal(two.readUInt32BE(16 + 128 + 1), 0x2000000, 'it is repeated in later chunks');
});

t.test('converts an access unit to length-prefixed NAL units without parameter sets', async (t) => {
  const unit = Buffer.from('00000001674200' + '0000000168ce' + '0000000165aabbcc', 'hex');
  t.equal(avcBody(unit, true).toString('hex'), '1701000000' + '0000000465aabbcc');
  const header = avcSequenceHeader(Buffer.from('6764001fac', 'hex'), Buffer.from('68ee', 'hex'));
  t.equal(
    header.toString('hex'),
    '1700000000' + '0164001fffe1' + '00056764001fac' + '01000268ee' + 'fdf8f800',
    'High profile carries its chroma and bit depth',
  );
});

t.test('splits addresses like platforms do and never shows them whole', async (t) => {
  t.match(parseRtmpUrl('rtmp://live.example.com/app/stream?auth_key=1-2/3'), {
    secure: false,
    host: 'live.example.com',
    port: 1935,
    app: 'app',
    streamName: 'stream?auth_key=1-2/3',
    tcUrl: 'rtmp://live.example.com/app',
    masked: 'rtmp://live.example.com/app/***',
  });
  t.match(parseRtmpUrl('rtmps://h:8443/app/instance/key'), { secure: true, port: 8443, app: 'app/instance' });
  t.equal(parseRtmpUrl('rtmps://h/app/key').port, 443);
  t.equal(parseRtmpUrl('rtmp://[::1]:1936/app/key').host, '::1');
  for (const bad of ['rtmp://host/secret', 'http://h/a/secret', 'rtmp://h:99999/a/secret', 'rtmp://h/a/']) {
    t.throws(() => parseRtmpUrl(bad), { code: 'E_OUTPUT_INVALID' });
    t.notMatch(bad.includes('secret') ? messageOf(() => parseRtmpUrl(bad)) : '', /a\/secret/);
  }
  const url = parseRtmpUrl('rtmp://h/app/mykey99?sign=abcdef');
  t.notMatch(scrub('publish app/mykey99?sign=abcdef denied, sign abcdef of mykey99', url), /mykey99|abcdef/);
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (e) {
    return e instanceof Error ? e.message : String(e);
  }
}
