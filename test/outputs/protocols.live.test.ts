import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import t, { type Test } from 'tap';
import {
  type MediaStreamTrack,
  ReceiverEstimatedMaxBitrate,
  RtcpPayloadSpecificFeedback,
  RtcpReceiverInfo,
  RtcpRrPacket,
} from 'werift';
import { isEngineError } from '../../src/core/errors.js';
import { silentLog } from '../../src/core/log.js';
import { socketQueueBytes } from '../../src/native/socket-queue.js';
import { AmfEcmaArray, decodeAmf0, encodeAmf0 } from '../../src/outputs/rtmp/amf0.js';
import { ChunkReader, ChunkWriter, type RtmpMessage } from '../../src/outputs/rtmp/chunks.js';
import { avcBody, avcSequenceHeader } from '../../src/outputs/rtmp/flv-muxer.js';
import { queuedBytes, TcpQueue } from '../../src/outputs/rtmp/rtmp-delivery.js';
import { parseRtmpUrl, scrub } from '../../src/outputs/rtmp/rtmp-url.js';
import { ReceiverEstimate } from '../../src/outputs/webrtc/media-sender.js';
import { PictureBudget } from '../../src/outputs/webrtc/viewer-stream.js';
import { PATIENCE_MS, type Place, placeFor, WhepServer } from '../../src/outputs/whep/whep-server.js';
import { WhipHttp } from '../../src/outputs/whip/whip-client.js';
import { until } from '../encoder/synthetic-room.js';
import { FakeSource, realOffer } from './made-up-stream.js';

t.test('remb', async (t) => {
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
});

t.test('rtmp protocol', async (t) => {
  t.test('round-trips AMF0 values', async (t) => {
    const values = [
      'connect',
      1,
      null,
      undefined,
      true,
      { app: 'live', nested: { n: -1.5 }, list: [1, 'zwei', false] },
    ];
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
        sizes.map((size, i) =>
          writer.message(4 + (i % 2), 9, 1, i % 3 === 0 ? 0xffffff + i : i, Buffer.alloc(size, i)),
        ),
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
});

t.test('tcp queue', async (t) => {
  const skip = process.platform !== 'linux' && 'only Linux tells';
  const twin = process.env['SHOWROOM_KERNELS'] === 'twin' && 'the twin does not ask';

  /** A connection whose peer reads nothing until the test asks for it. */
  async function connection(t: Test, secure: boolean): Promise<{ near: Socket; far: Socket }> {
    const dir = mkdtempSync(join(tmpdir(), 'showroom-queue-'));
    t.teardown(() => rmSync(dir, { recursive: true, force: true }));
    const files = { key: join(dir, 'key.pem'), cert: join(dir, 'cert.pem') };
    if (secure) {
      const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost';
      execFileSync('openssl', [...request.split(' '), '-keyout', files.key, '-out', files.cert], { stdio: 'ignore' });
    }
    const peers: Socket[] = [];
    const take = (socket: Socket): void => void peers.push(socket.on('error', () => undefined));
    const server = secure
      ? createTlsServer({ key: readFileSync(files.key), cert: readFileSync(files.cert) }, take)
      : createServer(take);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const near = secure
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
      : connect(port, '127.0.0.1');
    near.on('error', () => undefined);
    await new Promise((resolve) => near.once(secure ? 'secureConnect' : 'connect', resolve));
    t.ok(await until(() => peers.length === 1, 5000));
    t.teardown(() => {
      near.destroy();
      peers[0]!.destroy();
      server.close();
    });
    return { near, far: peers[0]!.pause() };
  }

  for (const [name, secure] of [
    ['plain', false],
    ['TLS', true],
  ] as const) {
    t.test(`counts unread bytes until the peer reads: ${name}`, { skip }, async (t) => {
      const { near, far } = await connection(t, secure);
      const queue = new TcpQueue(near);
      // More than two kernels hold for one connection, so that the peer's window closes.
      const block = Buffer.alloc(1 << 20);
      for (let i = 0; i < 12; i += 1) near.write(block);
      const inTable = (): number | undefined =>
        queuedBytes(readFileSync('/proc/net/tcp', 'latin1'), near.localPort!, near.remotePort!);
      const same = await until(() => {
        void queue.read();
        return queue.bytes > 100_000 && queue.bytes === inTable();
      }, 5000);
      t.ok(same, `${queue.bytes} bytes wait, as the table of the system has it`);
      far.resume();
      t.ok(
        await until(() => {
          void queue.read();
          return queue.bytes === 0;
        }, 5000),
        'all of it was taken',
      );
    });
  }

  t.test('reports only the queried socket with the addon', { skip: skip || twin }, async (t) => {
    t.equal(socketQueueBytes(-1), undefined);
    t.equal(socketQueueBytes(9999), undefined, 'a descriptor that is not open');
    const { near } = await connection(t, false);
    t.equal(socketQueueBytes((near as unknown as { _handle: { fd: number } })._handle.fd), 0);
  });
});

t.test('whip http', async (t) => {
  t.test('asks an address that the endpoint named by TLS and on the public internet, or on its own host', async (t) => {
    let location = '';
    let status = 307;
    const seen: string[] = [];
    const server = createHttpServer((request, response) => {
      seen.push(request.url!);
      if (request.url === '/inside') return response.writeHead(404).end();
      return response.writeHead(status, { location, 'content-type': 'application/sdp' }).end('v=0');
    });
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    t.teardown(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const http = new WhipHttp({
      url: `http://127.0.0.1:${port}/whip`,
      token: 'tok',
      sends: 'H.264',
      where: 'output "x"',
    });
    const offer = async (): Promise<string> => {
      try {
        const { session } = await http.offer('v=0', new AbortController().signal);
        return `session ${session.href}`;
      } catch (error) {
        if (!isEngineError(error)) throw error;
        return `${error.code} ${error.found}`;
      }
    };
    for (const [to, found] of [
      [`http://127.0.0.2:${port}/inside`, /another host without TLS/],
      [`http://localhost:${port}/inside`, /another host without TLS/],
      [`https://127.0.0.2:${port}/inside`, /ENOTPUBLIC/],
      [`https://localhost:${port}/inside`, /ENOTPUBLIC/],
      ['https://169.254.169.254/latest', /ENOTPUBLIC/],
      ['file:///etc/passwd', /another protocol/],
      ['', /E_OUTPUT_CONNECT more than 5/],
    ] as const) {
      location = to;
      t.match(await offer(), found, to);
    }
    t.notOk(seen.includes('/inside'));
    location = '/inside';
    t.match(await offer(), /^E_OUTPUT_REFUSED 404/, 'its own host');

    // The session's address is held to the same rule.
    status = 201;
    location = `http://127.0.0.2:${port}/inside`;
    t.match(await offer(), /another host without TLS/);
    location = '/session/1';
    t.equal(await offer(), `session http://127.0.0.1:${port}/session/1`);
    await t.rejects(http.leave(new URL(`https://127.0.0.2:${port}/inside`)), /ENOTPUBLIC/);
    t.equal(seen.filter((path) => path === '/inside').length, 1);
  });
});

t.test('viewer places', async (t) => {
  const MAX = 16;
  const owner = { holdsToken: true, address: '127.0.0.1' };
  const from = (address: string) => ({ holdsToken: false, address });

  /** A room's places under offers, on a simulated clock. */
  function placesOf() {
    let places: Place[] = [];
    let nowMs = 0;
    let count = 0;
    return {
      get all() {
        return places;
      },
      after: (ms: number) => void (nowMs += ms),
      connect: (id: string) => void (places = places.map((one) => (one.id === id ? { ...one, connected: true } : one))),
      /** The place's id, or undefined when there is none. */
      offer(who: { holdsToken: boolean; address: string }): string | undefined {
        // The engine drops offers that have not connected by then.
        places = places.filter((one) => one.connected || nowMs - one.sinceMs < 12_000);
        const decision = placeFor(who, places, MAX, nowMs);
        if (!decision.admitted) return undefined;
        places = places.filter((one) => one.id !== decision.leaves);
        count += 1;
        places = [...places, { ...who, id: `${count}`, sinceMs: nowMs, connected: false }];
        return `${count}`;
      },
    };
  }

  t.test('leaves places for others while a stranger offers twice a second', async (t) => {
    const room = placesOf();
    let camera = 0;
    let neighbour = 0;
    let other = 0;
    for (let i = 0; i < 240; i += 1) {
      room.after(500);
      room.offer(from('10.0.0.66'));
      t.ok(room.all.filter((one) => one.address === '10.0.0.66').length <= 6);
      if (i % 20 !== 19) continue;
      // Each comes once in a while, and its connection before is gone.
      if (room.offer(owner) !== undefined) camera += 1;
      if (room.offer(from('10.0.0.7')) !== undefined) other += 1;
      if (room.offer(from('10.0.0.66')) !== undefined) neighbour += 1;
    }
    t.equal(camera, 12, 'with the token, always');
    t.equal(other, 12, 'from another address, always');
    t.ok(neighbour >= 10, `without the token from the same address: ${neighbour} of 12`);
  });

  t.test('keeps a connected viewer whoever offers', async (t) => {
    const room = placesOf();
    const viewer = room.offer(from('10.0.0.66'))!;
    room.connect(viewer);
    for (let i = 0; i < 100; i += 1) {
      room.after(500);
      room.offer(from('10.0.0.66'));
      room.offer(from(`10.0.1.${i}`));
    }
    t.ok(room.all.some((one) => one.id === viewer));
  });

  t.test('denies strangers from many addresses the reserved places', async (t) => {
    const room = placesOf();
    for (let i = 0; i < 50; i += 1) {
      const id = room.offer(from(`10.0.0.${i}`));
      if (id !== undefined) room.connect(id);
    }
    t.equal(room.all.length, 12);
    const owners: string[] = [];
    for (let i = 0; i < 16; i += 1) {
      const id = room.offer(owner);
      t.ok(id, `viewer ${i + 1} with the token`);
      room.connect(id!);
      owners.push(id!);
      t.ok(room.all.length <= MAX);
    }
    t.ok(
      room.all.every((one) => one.holdsToken),
      'strangers made place',
    );
    t.equal(room.offer(owner), undefined, 'all are taken by the like');
    t.equal(room.offer(from('10.0.0.1')), undefined);
  });

  t.test('gives an offer time to connect before another one replaces it', async (t) => {
    const room = placesOf();
    for (let i = 0; i < 6; i += 1) t.ok(room.offer(from('10.0.0.66')));
    t.equal(room.offer(from('10.0.0.66')), undefined);
    room.after(PATIENCE_MS - 1);
    t.equal(room.offer(from('10.0.0.66')), undefined);
    room.after(1);
    t.ok(room.offer(from('10.0.0.66')));
    t.notOk(
      room.all.some((one) => one.id === '1'),
      'the first one left',
    );
  });

  t.test('divides small numbers of places sensibly', async (t) => {
    const one: Place = { ...from('a'), id: '1', sinceMs: 0, connected: true };
    t.match(placeFor(from('a'), [], 1, 0), { admitted: true });
    t.match(placeFor(owner, [one], 1, 0), { admitted: true, leaves: '1' });
    t.match(placeFor(from('b'), [one], 2, 0), { admitted: false, max: 1 });
    t.match(placeFor(owner, [one], 2, 0), { admitted: true, leaves: undefined });
  });

  t.test('evicts a stranger from a full server for a token holder', async (t) => {
    let nowMs = 0;
    const whep = new WhepServer({
      source: new FakeSource(),
      rate: { num: 30, den: 1 },
      maxViewers: 2,
      log: silentLog,
      nowMs: () => nowMs,
    });
    t.teardown(() => whep.close());
    const { peer, sdp } = await realOffer();
    t.teardown(() => peer.close());
    const stranger = await whep.offer(sdp, from('10.0.0.66'));
    await t.rejects(whep.offer(sdp, from('10.0.0.67')), { code: 'E_TOO_MANY_VIEWERS', message: /token/ });
    await whep.offer(sdp, owner);
    await whep.offer(sdp, owner);
    t.equal(whep.viewers(), 2);
    await t.rejects(whep.delete(stranger.id), { code: 'E_NOT_FOUND' });
    await t.rejects(whep.offer(sdp, owner), { code: 'E_TOO_MANY_VIEWERS' });
    nowMs = PATIENCE_MS;
    await whep.offer(sdp, owner);
    t.equal(whep.viewers(), 2, 'an old one that never connected made place');
  });
});
