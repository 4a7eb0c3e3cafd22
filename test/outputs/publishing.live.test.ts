import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { RTCRtpSender, RtpHeader, RtpPacket, SrtpSession } from 'werift';
import type { OutputEvent } from '../../src/config/api/room-handle.js';
import { fitEncoder } from '../../src/config/resolve-room.js';
import { encoder as encoderSchema } from '../../src/config/sections/encoder.js';
import { output } from '../../src/config/sections/output.js';
import { EngineError } from '../../src/core/errors.js';
import { silentLog } from '../../src/core/log.js';
import type { EncodedPacket } from '../../src/core/media/packets.js';
import { ticks90k } from '../../src/core/time.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { NetworkWatch, OutputSupervisor, StateWebhook } from '../../src/outputs/output-supervisor.js';
import { FlvBodies, FlvMuxer, RtmpTimeline } from '../../src/outputs/rtmp/flv-muxer.js';
import { queuedBytes } from '../../src/outputs/rtmp/rtmp-delivery.js';
import { FLV_HEADER, flvTag } from '../../src/outputs/srt/srt-output.js';
import { WedgeDetector } from '../../src/outputs/supervised-output.js';
import { answerNoNacks, sendAgain } from '../../src/outputs/webrtc/media-sender.js';
import { MediaClock } from '../../src/outputs/webrtc/viewer-stream.js';
import { SyntheticRoom, until } from '../encoder/synthetic-room.js';
import { noFfprobe } from '../kit/ffprobe.js';
import { tool } from '../kit/on-air.js';
import { sampled } from '../kit/whole.js';
import { FakeClock, FakeOutput, lost, settle } from './supervisor-rig.js';

t.test('output supervisor', async (t) => {
  t.test('retries at once when another output reaches the same host, or the first output is back', async (t) => {
    const clock = new FakeClock();
    const make = (id: string, hosts: string[]): FakeOutput => Object.assign(new FakeOutput(id), { hosts });
    const [a, b, c, d] = [
      make('a', ['one.net']),
      make('b', ['one.net']),
      make('c', ['two.net']),
      make('d', ['localhost']),
    ];
    const all = [a!, b!, c!, d!];
    const supervisor = new OutputSupervisor({ outputs: all, log: silentLog, clock });
    supervisor.start();
    for (let i = 0; i < 8; i += 1) {
      for (const output of all) output.fail(lost());
      await settle();
      if (i < 7) await clock.pass(15_000);
    }
    const runs = all.map((output) => output.runs);
    t.ok(supervisor.snapshots().every(({ state }) => state === 'backoff'));
    // `a` tries when its wait is over; the others have just begun theirs.
    await clock.pass(14_000);
    for (const output of [b!, c!, d!]) t.equal(supervisor.snapshots()[all.indexOf(output)]!.state, 'backoff');
    supervisor.networkReturned();
    await settle();
    t.same(
      all.map((output, i) => output.runs - runs[i]!),
      [1, 1, 1, 1],
      'all try when the network returns',
    );
    for (const output of all) output.fail(lost());
    await settle();
    await clock.pass(15_000);
    for (const output of [b!, c!]) output.fail(lost());
    d!.fail(new EngineError('E_OUTPUT_REFUSED', { where: 'd' }));
    await settle();
    const before = all.map((output) => output.runs);
    a!.report({});
    await settle();
    t.same(
      all.map((output, i) => output.runs - before[i]!),
      [0, 1, 1, 0],
      'its neighbour, and the other remote one, as it was the first to come back',
    );
    c!.fail(lost());
    await settle();
    b!.report({});
    await settle();
    t.equal(c!.runs - before[2]!, 1, 'not when another host was reached all the while');
    await supervisor.close();
  });

  t.test('does not let two outputs that are accepted and thrown out hurry each other for ever', async (t) => {
    const clock = new FakeClock();
    const both = ['a', 'b'].map((id) => Object.assign(new FakeOutput(id), { hosts: ['one.net'] }));
    const supervisor = new OutputSupervisor({ outputs: both, log: silentLog, clock });
    supervisor.start();
    // Whenever one is let in, the other waits: each welcome is a reason to try for the one that was thrown out.
    for (let ms = 0; ms < 60_000; ms += 50) {
      for (const [i, output] of both.entries()) {
        if (supervisor.snapshots()[i]!.state !== 'connecting') continue;
        output.report({});
        await settle();
        output.fail(lost());
        await settle();
      }
      await clock.pass(50);
    }
    const runs = both.map((output) => output.runs);
    t.ok(
      runs.every((n) => n > 6 && n < 30),
      `${runs.join(' and ')} tries in a minute`,
    );
    await supervisor.close();
  });

  t.test('keeps state changes with their previous state and without secrets', async (t) => {
    const clock = new FakeClock();
    const output = new FakeOutput('a');
    const told: string[] = [];
    const supervisor = new OutputSupervisor({
      outputs: [output],
      log: silentLog,
      clock,
      onEvent: ({ before, state }) => told.push(`${before} ${state}`),
    });
    supervisor.start();
    output.report({});
    await clock.pass(1000);
    output.fail(lost());
    await settle();
    await clock.pass(300);
    t.same(told, ['connecting live', 'live backoff', 'backoff connecting']);
    t.match(supervisor.events(2), [
      { state: 'connecting', output: 'a', seq: 3 },
      { state: 'backoff', lastError: /nothing/, seq: 2 },
    ]);
    await supervisor.close();
  });

  t.test('reports queue, losses and delivered rate as congestion', async (t) => {
    const clock = new FakeClock();
    const output = new FakeOutput('a');
    const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog, clock });
    supervisor.start();
    for (let i = 0; i <= 8; i += 1) {
      const sent = i * 50_000;
      output.report({
        bytesSent: sent + 20_000,
        bytesDelivered: sent,
        lagMs: 900,
        packetsDropped: 7,
        estimateKbps: 700,
      });
      await clock.pass(500);
    }
    t.match(supervisor.congestion(), [
      { id: 'a', queueMs: 900, queueBytes: 20_000, dropped: 7, takenKbps: 800, estimateKbps: 700 },
    ]);
    await supervisor.close();
  });
});

t.test('supervised output', async (t) => {
  t.test('retries for ever with waits that double up to 15 s and restart small after a good run', async (t) => {
    const clock = new FakeClock();
    const output = new FakeOutput('a');
    const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog, clock });
    supervisor.start();
    for (let i = 0; i < 12; i += 1) {
      output.fail(lost());
      await settle();
      t.equal(supervisor.snapshots()[0]!.state, 'backoff');
      await clock.pass(15_000);
      t.equal(output.runs, i + 2);
    }
    t.same(
      clock.waits,
      [250, 500, 1000, 2000, 4000, 8000, ...Array.from({ length: 6 }, () => 15_000)].filter(
        (ms) => ms !== 500 && ms !== 2000,
      ),
    );
    output.report({});
    await clock.pass(11_000);
    output.fail(lost());
    await settle();
    t.equal(clock.waits.at(-1), 250, 'forgiven');
    t.match(supervisor.snapshots()[0], { reconnects: 13, lastError: /nothing/ });
    await supervisor.close();
    t.equal(supervisor.snapshots()[0]!.state, 'stopped');
  });

  t.test('detects a wedge after 4 s of undelivered bytes, for the affected output only', async (t) => {
    const clock = new FakeClock();
    const stuck = new FakeOutput('stuck');
    const fine = new FakeOutput('fine');
    const seen: string[] = [];
    const supervisor = new OutputSupervisor({
      outputs: [stuck, fine],
      log: silentLog,
      clock,
      onChange: ({ id, state }) => seen.push(`${id} ${state}`),
    });
    supervisor.start();
    let sent = 0;
    for (let i = 0; i < 12; i += 1) {
      sent += 100_000;
      stuck.report({ bytesSent: sent, bytesDelivered: Math.min(sent, 200_000) });
      fine.report({ bytesSent: sent, bytesDelivered: sent - 50_000 });
      await clock.pass(500);
    }
    t.ok(seen.includes('stuck wedged'), seen.join(', '));
    t.notOk(seen.includes('fine wedged'));
    t.equal(stuck.runs, 2, 'it was started again');
    t.match(supervisor.snapshots()[1], { state: 'live', reconnects: 0 });
    await supervisor.close();
  });

  t.test('never treats an idle output as wedged, and marks a lagging one degraded until it recovers', async (t) => {
    const clock = new FakeClock();
    const output = new FakeOutput('a');
    const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog, clock });
    supervisor.start();
    output.report({ bytesSent: 1000, bytesDelivered: 900 });
    await clock.pass(20_000);
    t.equal(supervisor.snapshots()[0]!.state, 'live');
    output.report({ bytesSent: 1000, bytesDelivered: 1000, lagMs: 2500 });
    await clock.pass(600);
    t.equal(supervisor.snapshots()[0]!.state, 'degraded');
    output.report({ bytesSent: 2000, bytesDelivered: 2000, lagMs: 50 });
    await clock.pass(6000);
    t.equal(supervisor.snapshots()[0]!.state, 'live');
    await supervisor.close();
  });

  t.test('abandons an output that ignores its end', async (t) => {
    const clock = new FakeClock();
    const output = new FakeOutput('deaf');
    output.deaf = true;
    const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog, clock });
    supervisor.start();
    output.report({ bytesSent: 500_000, bytesDelivered: 1 });
    await clock.pass(4500);
    t.equal(supervisor.snapshots()[0]!.state, 'wedged');
    await clock.pass(2600);
    t.equal(output.runs, 2, 'it goes on without the old run');
    const closed = supervisor.close();
    await clock.pass(2500);
    await closed;
    t.equal(supervisor.snapshots()[0]!.state, 'stopped');
  });

  t.test('waits as long as the peer asks, within limits', async (t) => {
    const clock = new FakeClock();
    const output = new FakeOutput('a');
    const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog, clock });
    supervisor.start();
    const busy = (retryAfterMs: number): EngineError =>
      new EngineError('E_OUTPUT_CONNECT', { where: 'a', details: { retryAfterMs } });
    output.fail(busy(120_000));
    await clock.pass(119_000);
    supervisor.networkReturned();
    await settle();
    t.equal(output.runs, 1);
    await clock.pass(1000);
    t.equal(output.runs, 2);
    output.fail(busy(86_400_000));
    await clock.pass(299_000);
    t.equal(output.runs, 2);
    await clock.pass(1000);
    t.equal(output.runs, 3, 'a day is too long');
    await supervisor.close();
  });

  t.test("keeps a platform's publishes per hour, whatever hurries the output", async (t) => {
    const clock = new FakeClock();
    const output = Object.assign(new FakeOutput('a'), { publishesPerHour: 3 });
    const supervisor = new OutputSupervisor({ outputs: [output], log: silentLog, clock });
    supervisor.start();
    for (let i = 0; i < 3; i += 1) {
      output.report({});
      output.fail(lost());
      await settle();
      await clock.pass(1000);
    }
    t.equal(output.runs, 3, 'three were opened');
    t.match(supervisor.snapshots()[0], {
      state: 'backoff',
      publishes: 3,
      lastError: /3 publishes per hour are used up; the next is in \d+ s/,
    });
    supervisor.networkReturned();
    await clock.pass(1_150_000);
    t.equal(output.runs, 3);
    await clock.pass(60_000);
    t.equal(output.runs, 4, 'the fourth comes after a third of an hour');
    await supervisor.close();
  });
});

t.test('publish parts', async (t) => {
  t.test('takes bitrate, sound and IDR distance from the tightest platform', async (t) => {
    const encoder = encoderSchema.parse({ videoKbps: 9000, aacKbps: 256, keyframeIntervalMs: 5000 });
    const to = (platform: string) => output.parse({ id: platform, kind: 'rtmp', url: 'rtmp://h/app/key', platform });
    t.same(fitEncoder(encoder, [to('generic')]).lowered, []);
    const { encoder: fitted, lowered } = fitEncoder(encoder, [to('youtube'), to('twitch')]);
    t.match(fitted, { videoKbps: 6000, aacKbps: 128, keyframeIntervalMs: 2000 });
    t.match(lowered[0], 'encoder.videoKbps: 9000 is more than youtube (output "youtube") takes; 8000 is used');
  });

  t.test('keeps a constant rate where a platform asks for one, unless the room says otherwise', async (t) => {
    const to = (platform: string) => output.parse({ id: platform, kind: 'rtmp', url: 'rtmp://h/app/key', platform });
    const control = (settings: object, ...platforms: string[]) =>
      fitEncoder(encoderSchema.parse(settings), platforms.map(to)).encoder.rateControl;
    t.equal(control({}), 'capped-crf');
    t.equal(control({}, 'taobao', 'douyin'), 'capped-crf');
    for (const platform of ['youtube', 'twitch', 'facebook']) t.equal(control({}, 'taobao', platform), 'cbr', platform);
    t.equal(control({ rateControl: 'capped-crf' }, 'youtube'), 'capped-crf');
    t.equal(control({ rateControl: 'cbr' }, 'taobao'), 'cbr');
  });

  t.test('treats a new machine address as a returned network, but not a lost one', async (t) => {
    let addresses = ['10.0.0.1'];
    let returned = 0;
    const watch = new NetworkWatch({ onReturn: () => (returned += 1), addresses: () => addresses, intervalMs: 5 });
    t.teardown(() => watch.close());
    addresses = [];
    await until(() => false, 40);
    t.equal(returned, 0);
    addresses = ['10.0.0.1'];
    t.ok(await until(() => returned === 1, 2000));
    await until(() => false, 40);
    t.equal(returned, 1, 'once');
  });

  t.test('retries an unreadable address list without reporting a fault', async (t) => {
    let addresses: string[] | undefined;
    let returned = 0;
    let reads = 0;
    const watch = new NetworkWatch({
      onReturn: () => (returned += 1),
      addresses: () => {
        reads += 1;
        if (addresses === undefined) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
        return addresses;
      },
      intervalMs: 5,
    });
    t.teardown(() => watch.close());
    t.ok(await until(() => reads > 3, 2000));
    const read = async (now: string[] | undefined): Promise<void> => {
      addresses = now;
      const before = reads;
      await until(() => reads > before + 1, 2000);
    };
    await read(['10.0.0.1']);
    t.equal(returned, 0, 'the first that is known is none that returned');
    await read(undefined);
    await read(['10.0.0.1']);
    t.equal(returned, 0, 'it was there all the time');
    await read(['10.0.0.1', '10.0.0.2']);
    t.equal(returned, 1);
  });

  t.test("reads a connection's unacknowledged bytes from the system's table", async (t) => {
    const table =
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n' +
      '   0: 0100007F:078F 00000000:0000 0A 00000000:00000000 00:00000000\n' +
      '  12: 0100007F:D431 0100007F:078F 01 0001A2B3:00000000 01:00000014\n';
    t.equal(queuedBytes(table, 0xd431, 0x78f), 0x1a2b3);
    t.equal(queuedBytes(table, 0xd431, 0x790), undefined);
    t.equal(queuedBytes('', 1, 2), undefined);
  });

  t.test('counts a wedge from the last delivered byte and never while idle', async (t) => {
    const wedge = new WedgeDetector();
    wedge.begin(0, 0, 0);
    let sent = 0;
    for (let ms = 500; ms <= 2000; ms += 500) t.equal(wedge.look(ms, (sent += 100_000), sent, 96 << 10, 0), 0);
    let foundMs = 0;
    for (let ms = 2500; ms <= 8000 && foundMs === 0; ms += 500) {
      if (wedge.look(ms, (sent += 30_000), 400_000, 96 << 10, 0) > 0) foundMs = ms;
    }
    t.equal(foundMs, 5500, 'three and a half seconds after the last');
    wedge.begin(0, 1000, 900);
    for (let ms = 500; ms < 60_000; ms += 500) t.equal(wedge.look(ms, 1000, 900, 96 << 10, 0), 0);
    t.equal(wedge.look(60_000, 200_000, 900, 96 << 10, 0), 0, 'a burst after a long rest has its time');
  });
});

t.test('rollover', async (t) => {
  const ffmpeg = await findFfmpeg();

  /** Real packets of a room that has been on air since frame 0, the first at `fromMs`. */
  async function packetsFrom(fromMs: number): Promise<{ packets: EncodedPacket[]; room: SyntheticRoom }> {
    const room = await SyntheticRoom.start({ from: Math.floor((fromMs * 30) / 1000) });
    const packets: EncodedPacket[] = [];
    const cursor = room.supervisor.open({ codecs: ['h264', 'aac'], from: 'next-key', maxLagMs: 1e5, maxLagBytes: 1e8 });
    await until(() => {
      for (let packet = cursor.take(); packet !== undefined; packet = cursor.take()) packets.push(packet);
      return packets.length > 160;
    }, 15_000);
    return { packets, room };
  }

  /** As RTMP or SRT send them: times in milliseconds since frame 0. */
  function tagsOf(packets: readonly EncodedPacket[], room: SyntheticRoom): { tags: Buffer[]; timesMs: number[] } {
    const timeline = new RtmpTimeline();
    timeline.zeroFor(ticks90k(0));
    const tags: Buffer[] = [FLV_HEADER];
    const timesMs: number[] = [];
    const muxer = new FlvMuxer({
      source: room.supervisor,
      bodies: new FlvBodies(),
      timeline,
      send: (kind, timestampMs, body) => {
        timesMs.push(timestampMs);
        tags.push(flvTag(kind, timestampMs, body));
      },
    });
    for (const packet of packets) muxer.write(packet);
    return { tags, timesMs };
  }

  const WRAPS = { 'the 2^32 ms of RTMP (49.7 days)': 2 ** 32, 'the 33 bits of MPEG-TS (26.5 hours)': 2 ** 33 / 90 };

  for (const [what, atMs] of Object.entries(WRAPS)) {
    t.test(`passes packets across ${what} into a remuxing ffmpeg`, { skip: noFfprobe, timeout: 300_000 }, async (t) => {
      const { packets, room } = await packetsFrom(atMs - 1200);
      t.teardown(() => room.close());
      const { tags, timesMs } = tagsOf(packets, room);
      t.ok(
        timesMs.every((ms, i) => i === 0 || ms >= timesMs[i - 1]!),
        'times never go back',
      );
      t.ok(timesMs[0]! < atMs && timesMs.at(-1)! > atMs + 500, 'the rollover is in the middle');
      const file = join(t.testdir({}), 'out.ts');
      // As the SRT output does: times are kept as they are.
      const args = ['-v', 'error', '-y', '-copyts', '-f', 'flv', '-i', 'pipe:0', '-c', 'copy', '-f', 'mpegts', file];
      const child = spawn(ffmpeg.path, args, { stdio: ['pipe', 'ignore', 'pipe'] });
      let complaints = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
      child.stdin.end(Buffer.concat(tags));
      t.equal(await new Promise((resolve) => child.once('close', resolve)), 0, complaints);
      const { stdout } = await tool('ffprobe', [
        ...['-v', 'error', '-show_entries', 'packet=codec_type,pts', '-of', 'csv=p=0', file],
      ]);
      const rows = stdout.toString().trim().split('\n');
      const video = rows.filter((row) => row.startsWith('video')).map((row) => Number(row.split(',')[1]));
      t.equal(video.length, packets.filter(({ kind }) => kind === 'video').length, 'no picture is lost');
      const steps = video.slice(1).map((pts, i) => (pts - video[i]! + 2 ** 33) % 2 ** 33);
      t.ok(
        steps.every((step) => step > 2800 && step < 3200 + room.refused * 3000),
        `steps of ${Math.min(...steps)}–${Math.max(...steps)} ticks, modulo 2^33`,
      );
    });
  }

  t.test('wraps RTP times of picture and sound at 2^32 and keeps their reports aligned', async (t) => {
    const clock = new MediaClock(0xffff_ff00, 0x8000_0000);
    const day = 24 * 3600 * 90_000;
    clock.start(ticks90k(40 * day), 1_000_000);
    for (let hour = 0; hour < 60 * 24; hour += 7) {
      const pts = 40 * day + hour * 3600 * 90_000;
      const next = clock.video(pts + 3000);
      t.equal((next - clock.video(pts) + 2 ** 32) % 2 ** 32, 3000);
      t.equal((clock.audio(pts + 1800) - clock.audio(pts) + 2 ** 32) % 2 ** 32, 960);
      const report = clock.report(1_000_000 + hour * 3_600_000, 0);
      t.same([report.video, report.audio], [clock.video(pts), clock.audio(pts)]);
    }
  });
});

t.test('state webhook', async (t) => {
  const event = (seq: number): OutputEvent => ({
    seq,
    at: '2026-01-01T00:00:00.000Z',
    output: 'main',
    kind: 'rtmp',
    target: 'rtmp://host/app/***',
    state: 'live',
    before: 'connecting',
    lastError: '',
  });

  t.test('delivers events in order with the token, retries after a failure, and counts dropped ones', async (t) => {
    const got: { seq: number; dropped: number; room: string; event: string }[] = [];
    const tokens = new Set<string | undefined>();
    let failures = 2;
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        tokens.add(request.headers.authorization);
        failures -= 1;
        if (failures >= 0) return void response.writeHead(500).end();
        got.push(JSON.parse(body));
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const webhook = new StateWebhook({ url, token: 'abc', room: 'shop', log: silentLog, waitsMs: [5, 5] });
    t.teardown(() => webhook.close());
    for (let seq = 1; seq <= 120; seq += 1) webhook.tell(event(seq));
    t.ok(await until(() => got.at(-1)?.seq === 120, 5000));
    t.match(got[0], { seq: 1, room: 'shop', event: 'output-state', dropped: 0 });
    t.same(
      got.map(({ seq }) => seq),
      [1, ...Array.from({ length: 100 }, (_, i) => i + 21)],
    );
    t.equal(got[1]!.dropped, 19, 'the next tells how many are missing');
    t.same([...tokens], ['Bearer abc']);
  });

  t.test('delivers the events of a stopping room and does not wait for a silent webhook', async (t) => {
    const got: number[] = [];
    let deaf = false;
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        got.push((JSON.parse(body) as { seq: number }).seq);
        if (!deaf) response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const hook = (): StateWebhook => new StateWebhook({ url, room: 'shop', log: silentLog, waitsMs: [5, 5] });
    const one = hook();
    for (const seq of [1, 2, 3]) one.tell(event(seq));
    await one.close();
    t.same(got, [1, 2, 3]);
    one.tell(event(4));
    deaf = true;
    const other = hook();
    other.tell(event(5));
    await other.close();
    t.same(got, [1, 2, 3, 5]);
  });

  t.test('gives up an unreachable webhook after three tries without logging its address', async (t) => {
    const lines: string[] = [];
    const log = {
      ...silentLog,
      warn: (...parts: unknown[]) => lines.push(JSON.stringify(parts)),
    } as unknown as typeof silentLog;
    const webhook = new StateWebhook({ url: 'http://127.0.0.1:9/a/s3cret', room: 'shop', log, waitsMs: [1, 1] });
    webhook.tell(event(1));
    t.ok(await until(() => lines.length > 0, 5000));
    t.match(lines[0], 'did not accept an event');
    t.notMatch(lines[0], 's3cret');
    await webhook.close();
    await webhook.close();
  });
});

t.test('send again', async (t) => {
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
});
