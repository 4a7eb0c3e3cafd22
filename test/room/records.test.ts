import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mock } from 'node:test';
import t, { type Test } from 'tap';
import { EvidenceStore } from '../../src/compliance/ledger/evidence-store.js';
import type { OutputSnapshot } from '../../src/config/api/room-handle.js';
import { loadRoom } from '../../src/config/load-room.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { evidence } from '../../src/config/sections/compliance.js';
import type { OutputCongestion, ViewerCongestion } from '../../src/core/congestion.js';
import { EngineError } from '../../src/core/errors.js';
import { templatePath } from '../../src/core/files/paths.js';
import { type Log, silentLog } from '../../src/core/log.js';
import { seededRandom } from '../../src/core/random.js';
import { frameIndex, sampleIndex, ticks90k } from '../../src/core/time.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import type { EncoderSupervisor } from '../../src/encoder/process/encoder-supervisor.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { AvOffset } from '../../src/room/av-probe.js';
import { EvidenceKeeper, gateLedger } from '../../src/room/gate-ledger.js';
import { RoomEnd, SharedStill } from '../../src/room/live-room.js';
import { EncoderKeeper } from '../../src/room/open/broadcast.js';
import { recordEvents } from '../../src/room/open/open-desks.js';
import { CausePeriods, ShowRecords } from '../../src/room/records/show-records.js';
import { audibleLevels } from '../../src/room/room-view.js';
import { lineOfRequest, Rundown } from '../../src/show/rundown.js';
import { ShowReader } from '../../src/store/show-reader.js';
import { ShowStore } from '../../src/store/show-store.js';
import type { EventResult, EventSeen, Period } from '../../src/store/store-records.js';
import { EventLog } from '../../src/viewers/events/event-intake.js';
import { fullDisk } from '../compliance/ledger/full-disk.js';

t.test('audible levels', async (t) => {
  t.test('clamps levels of silence to a floor, in JSON as well', async (t) => {
    const silent = audibleLevels({
      momentaryLufs: -435.77,
      integratedLufs: -Infinity,
      peakDbfs: -Infinity,
      leftDbfs: -Infinity,
      rightDbfs: -Infinity,
    });
    t.same(JSON.parse(JSON.stringify(silent)), {
      momentaryLufs: -70,
      integratedLufs: -70,
      peakDbfs: -120,
      leftDbfs: -120,
      rightDbfs: -120,
    });
    const heard = { momentaryLufs: -15.2, integratedLufs: -16.1, peakDbfs: -2, leftDbfs: -9, rightDbfs: -8 };
    t.same(audibleLevels(heard), heard);
  });
});

t.test('av offset', async (t) => {
  /** Ten seconds of distinct packets, received with the given shifts. */
  function measure(shift: { video: number; audio: number }, silent = false): number | undefined {
    const random = seededRandom(5);
    const bytes = (): Uint8Array => Uint8Array.from({ length: 60 }, () => Math.floor(random() * 256));
    const offset = new AvOffset();
    for (let i = 0; i < 300; i += 1) {
      const video = bytes();
      const audio = silent ? new Uint8Array(6) : bytes();
      offset.sent({ codec: 'h264', pts: ticks90k(i * 3000), data: video });
      offset.sent({ codec: 'aac', pts: ticks90k(i * 1920), data: audio });
      // A muxer adds bytes before the slice.
      const muxed = Uint8Array.from([0, 0, 0, 9, ...video]);
      offset.received('video', muxed, (Math.floor((i * 3000) / 90) + shift.video) % 2 ** 32);
      offset.received('audio', audio, (Math.floor((i * 1920) / 90) + shift.audio) % 2 ** 32);
    }
    return offset.offsetMs;
  }

  t.test('reports no offset for equal shifts, whatever the receiver’s zero', async (t) => {
    t.ok(Math.abs(measure({ video: 0, audio: 0 })!) < 1);
    t.ok(Math.abs(measure({ video: 123_456, audio: 123_456 })!) < 1);
    t.ok(Math.abs(measure({ video: 2 ** 32 - 5000, audio: 2 ** 32 - 5000 })!) < 1, 'also over the wrap');
  });

  t.test('reports a late picture as positive, late sound as negative', async (t) => {
    t.ok(Math.abs(measure({ video: 80, audio: 0 })! - 80) < 1);
    t.ok(Math.abs(measure({ video: 0, audio: 250 })! + 250) < 1);
  });

  t.test('reports nothing for indistinguishable sound', async (t) => {
    t.equal(measure({ video: 0, audio: 0 }, true), undefined);
  });
});

t.test('encoder keeper', async (t) => {
  /** A keeper with an encoder that accepts every change, and its recorded entries. */
  function keeperOf(t: Test, outputs: OutputSnapshot[], viewers: ViewerCongestion[], estimateKbps?: number) {
    const settings = { videoKbps: 2000, minVideoKbps: 500 };
    const sent = { kbitPerSecond: 2000 };
    const encoder = {
      settings,
      sent: { width: 720, height: 1280, rate: { num: 30, den: 1 } },
      stats: () => ({ generation: 1, restarts: 0, ...sent }),
      change: (patch: { videoKbps: number }) => {
        settings.videoKbps = patch.videoKbps;
        sent.kbitPerSecond = patch.videoKbps;
        return Promise.resolve();
      },
    };
    const entries: LedgerEntry[] = [];
    const keeper = new EncoderKeeper({
      encoder: encoder as unknown as EncoderSupervisor,
      outputs: {
        snapshots: () => outputs,
        congestion: () => outputs.map(({ id }) => ({ id, estimateKbps }) as OutputCongestion),
      },
      viewers: { congestion: () => viewers },
      note: (entry) => entries.push(entry),
      log: silentLog,
    });
    t.teardown(() => keeper.close());
    const check = (seconds: number): string[] => {
      for (let s = 0; s < seconds; s += 1) keeper.check(s * 1000);
      return entries.map(({ action, detail }) => `${action} ${String(detail!['toKbps'])}`);
    };
    return { check, sent };
  }

  const output = (kind: string): OutputSnapshot => ({
    id: kind,
    kind,
    target: 'somewhere',
    state: 'live',
    bytesSent: 0,
    packetsDropped: 0,
    reconnects: 0,
    publishes: 1,
    queue: { ms: 0, bytes: 0 },
    lastError: '',
  });
  const viewer = (id: string, limitKbps?: number): ViewerCongestion => ({ id, dropped: 0, limitKbps });

  t.test('lowers the bitrate to the capacity a WHIP server reports', async (t) => {
    const { check } = keeperOf(t, [output('whip')], [], 1000);
    t.same(check(40), ['bitrate-down 1400', 'bitrate-down 980']);
  });

  t.test('ignores an estimate that follows a calm picture', async (t) => {
    const { check, sent } = keeperOf(t, [output('whip')], [], 450);
    sent.kbitPerSecond = 300;
    t.same(check(40), []);
  });

  t.test('counts viewers where the room pushes nowhere, when half of them are congested', async (t) => {
    const local = { ...output('rtmp'), id: 'local' };
    const narrow = [viewer('a', 1000), viewer('b')];
    t.same(keeperOf(t, [local], narrow).check(20), ['bitrate-down 1400', 'bitrate-down 980']);
    t.same(keeperOf(t, [local], [...narrow, viewer('c')]).check(20), [], 'one of three is ignored');
    t.same(keeperOf(t, [local, output('rtmps')], narrow).check(20), [], 'an output is not lowered for viewers');
  });
});

t.test('evidence keeper', async (t) => {
  const [width, height] = [32, 16];
  const frame = (luma: number): Uint8Array => new Uint8Array((width * height * 3) / 2).fill(luma);

  async function keeper(
    t: Test,
  ): Promise<{ keeper: EvidenceKeeper; store: EvidenceStore; lines: LedgerEntry[]; dir: string }> {
    const dir = t.testdir();
    const lines: LedgerEntry[] = [];
    const append = (entry: LedgerEntry): void => void lines.push(entry);
    const store = await EvidenceStore.open(join(dir, 'ledger.jsonl'), { log: silentLog, maxBytes: 1e6 });
    const config = evidence.parse({});
    const kernels = loadKernels();
    return {
      keeper: new EvidenceKeeper({ config, store, kernels, width, height, log: silentLog, append }),
      store,
      lines,
      dir,
    };
  }

  t.test('counts frames that arrive faster than they are packed, in one entry', async (t) => {
    const { keeper: k, store, lines } = await keeper(t);
    for (let i = 0; i < 10; i += 1) k.picture(frame(i * 20), { rule: '3.3', surface: 'frame', frame: i });
    t.equal(k.dropped, 6);
    await k.close();
    await store.close();
    t.same(
      lines.map(({ action, frame: n, detail }) => [action, n, detail?.['pieces']]),
      [...[0, 1, 2, 3].map((n) => ['keep', n, undefined]), ['not-kept', undefined, 6]],
    );
  });

  t.test('names a frame only once it is on disk', async (t) => {
    const disk = await fullDisk(t);
    const { keeper: k, store, lines, dir } = await keeper(t);
    disk.full = true;
    k.picture(frame(80), { rule: '3.3', surface: 'frame', frame: 1 });
    await k.close();
    await store.close();
    t.same(lines, []);
    t.equal(k.dropped, 1);
    t.same(readdirSync(join(dir, 'ledger-evidence')), []);
  });
});

t.test('gate ledger', async (t) => {
  /** A writer of gate events of which none may reach ledger, evidence or the room; collects logs from `info` on. */
  function writerOf(t: Test) {
    const told: [string, object][] = [];
    const log: Log = {
      debug: () => undefined,
      info: (fields) => void told.push(['info', fields]),
      warn: (fields) => void told.push(['warn', fields]),
      error: (fields) => void told.push(['error', fields]),
      child: () => log,
    };
    const noted: object[] = [];
    const write = gateLedger({
      fps: 30,
      note: (entry) => (entry.kind === 'room' ? void noted.push(entry) : t.fail('unexpected ledger entry')),
      log,
      evidence: { picture: () => t.fail('unexpected picture') },
      action: 'blank',
      onStop: () => t.fail('unexpected stop'),
    });
    return { told, noted, write };
  }

  t.test('adds advice when frames are replaced for want of a verdict', async (t) => {
    const { told, write } = writerOf(t);
    write({ type: 'replacing', frame: frameIndex(7), cause: 'unjudged' });
    write({ type: 'replacing', frame: frameIndex(90), cause: 'operator' });
    t.match(told[0], ['warn', { frame: 7, cause: 'unjudged', todo: /the scan is behind: calm or shrink layers/ }]);
    t.same(told[1], ['warn', { frame: 90, cause: 'operator' }]);
  });

  t.test('warns with advice when clips slow down, and reports when that is over', async (t) => {
    const { told, write } = writerOf(t);
    write({ type: 'clip-pace', frame: frameIndex(7), step: 2 });
    write({ type: 'clip-pace', frame: frameIndex(90), step: 1 });
    t.match(told, [
      ['warn', { frame: 7, oneFrameOf: 2, todo: /the scan is behind/ }],
      ['info', { frame: 90 }],
    ]);
  });

  t.test('reports the frame rate that lasts, once', async (t) => {
    const { told, noted, write } = writerOf(t);
    mock.timers.enable({ apis: ['setTimeout'] });
    t.teardown(() => mock.timers.reset());
    for (const fps of [20, 15, 10]) {
      write({ type: 'frame-step', frame: frameIndex(100 - fps), fps });
      mock.timers.tick(700);
    }
    mock.timers.tick(2000);
    write({ type: 'frame-step', frame: frameIndex(200), fps: 15 });
    write({ type: 'frame-step', frame: frameIndex(210), fps: 10 });
    mock.timers.tick(5000);
    write({ type: 'frame-step', frame: frameIndex(400), fps: 30 });
    mock.timers.tick(5000);
    t.match(told, [
      ['warn', { frame: 90, pictureFps: 10, todo: /this machine is busy/ }],
      ['info', { frame: 400, pictureFps: 30 }],
    ]);
    t.match(noted, [{ action: 'frame-rate', detail: { pictureFps: 10 } }, { detail: { pictureFps: 30 } }]);
  });
});

t.test('record events', async (t) => {
  t.test('keeps a comment with the product on screen, and its outcome; nothing before it was judged', async (t) => {
    const log = new EventLog();
    const seen: EventSeen[] = [];
    const results: EventResult[] = [];
    const store = {
      eventSeen: (event: EventSeen) => void seen.push(event),
      eventResult: (result: EventResult) => void results.push(result),
    };
    recordEvents(
      { listen: (listener) => log.listen(listener) },
      store,
      () => 'mug',
      () => 5000,
    );
    const base = { platform: 'api', user: 'Anna', count: 1 } as const;
    const { seq } = log.add({ ...base, id: 'c1', kind: 'comment', text: 'How much?' }, 2000);
    t.same(seen, [], 'its words may be hostile');
    log.change(seq, { state: 'answering', path: 'intent', about: 'price' });
    log.change(seq, { state: 'answered' });
    t.match(seen, [{ id: 'c1', product: 'mug', intent: 'price' }]);
    t.match(results, [{ id: 'c1', outcome: 'answered', path: 'intent', replyMs: 3000 }]);
    const like = log.add({ ...base, id: 'l1', kind: 'like', text: '' }, 2500);
    log.change(like.seq, { state: 'ignored' });
    t.equal(seen.at(-1)!.product, undefined, 'a like is not about a product');
  });
});

t.test('room end', async (t) => {
  const fault = new EngineError('E_TIMEOUT', { where: 'loop', expected: 'an answer', found: 'none' });

  t.test('ends with the signal, after the stop was announced', async (t) => {
    const stop = new AbortController();
    const announced: string[] = [];
    const end = new RoomEnd().wait(stop.signal, () => void announced.push('stopping'));
    t.same(announced, []);
    stop.abort();
    await end;
    t.same(announced, ['stopping']);
  });

  t.test('ends at once when the signal came before', async (t) => {
    await new RoomEnd().wait(AbortSignal.abort(), () => undefined);
    t.pass('resolved');
  });

  t.test('rejects with the failure, whether it comes before or during the wait', async (t) => {
    const before = new RoomEnd();
    before.fail(fault);
    await t.rejects(
      before.wait(new AbortController().signal, () => undefined),
      { code: 'E_TIMEOUT' },
    );
    const during = new RoomEnd();
    const waiting = during.wait(new AbortController().signal, () => undefined);
    during.fail(fault);
    await t.rejects(waiting, { code: 'E_TIMEOUT' });
  });
});

t.test('shared still', async (t) => {
  t.test('makes one picture for a thousand concurrent requests, and a new one for a new frame', async (t) => {
    let made = 0;
    let under = 0;
    let most = 0;
    let frame = 7;
    const still = new SharedStill(
      async () => {
        made += 1;
        under += 1;
        most = Math.max(most, under);
        await new Promise((resolve) => setTimeout(resolve, 5));
        under -= 1;
        return Buffer.from(`picture ${made}`);
      },
      () => frame,
    );
    const all = await Promise.all(Array.from({ length: 1000 }, () => still.jpeg()));
    t.equal(made, 1);
    t.ok(all.every((one) => one === all[0]));
    t.equal(await still.jpeg(), all[0], 'the frame is the same');
    frame += 1;
    t.equal((await still.jpeg()).toString(), 'picture 2');
    // Frames pass while one is made.
    const asking = Array.from({ length: 200 }, () => {
      frame += 1;
      return still.jpeg();
    });
    await Promise.all(asking);
    t.equal(made, 3);
    t.equal(most, 1, 'one at a time');
  });

  t.test('retries after a failed picture on the next request', async (t) => {
    let tries = 0;
    const still = new SharedStill(
      () => ((tries += 1) === 1 ? Promise.reject(new Error('no frame in time')) : Promise.resolve(Buffer.from('ok'))),
      () => 1,
    );
    await Promise.all([t.rejects(still.jpeg()), t.rejects(still.jpeg())]);
    t.equal((await still.jpeg()).toString(), 'ok');
  });
});

t.test('show records', async (t) => {
  const NOW = Date.UTC(2026, 6, 1, 12);

  t.test('turns frames into wall time, also for lines that were scheduled before the clock ran', async (t) => {
    const room: RoomConfig = loadRoom(templatePath('rooms', 'demo-portrait', 'room.json'), { withoutKeys: true });
    const file = join(t.testdir(), 'ledger.store.sqlite');
    let now = NOW;
    const store = await ShowStore.open({ file, config: room.store, log: silentLog, nowMs: () => now, writeMs: 0 });
    const records = new ShowRecords(room, store, '0.1.0', () => now);
    const rundown = new Rundown(room.script);
    const slot = (startFrame: number, endFrame: number) => ({
      startFrame: frameIndex(startFrame),
      startSample: sampleIndex(0),
      endFrame: frameIndex(endFrame),
      productFrame: undefined,
      moved: false,
    });
    const fps = room.rate.num / room.rate.den;
    const first = rundown.next()!;
    records.onProduct(room.products[0]!.id, 500);
    records.onPlaced({ line: first, slot: slot(fps, 3 * fps) }, frameIndex(0));
    now += 7000;
    let looks = 0;
    records.onAir(() => {
      looks += 1;
      return {
        slate: ['operator'],
        muted: false,
        figures: { frames: 60, replaced: 0, muted: 0, late: 0 },
        viewers: [{ id: 'whep', viewers: 2 }],
      };
    });
    now += 60_000;
    const inserted = lineOfRequest('say-1', { kind: 'operator', text: 'A line of the operator', caption: '' });
    records.onPlaced({ line: inserted, slot: slot(62 * fps, 64 * fps) }, frameIndex(60 * fps));
    const gone = lineOfRequest('say-2', { kind: 'operator', text: 'A line that gave way' });
    records.onPlaced({ line: gone, slot: slot(70 * fps, 72 * fps) }, frameIndex(60 * fps));
    records.onCut('say-2', frameIndex(70 * fps));
    records.onEntry({ kind: 'text', rule: '3.2', surface: 'speech', action: 'mute' });
    records.onEntry({ kind: 'evidence', rule: '3.2', action: 'kept' });
    records.onEntry({ kind: 'text', rule: '5.7', surface: 'speech', action: 'warn' });
    records.onEntry({ kind: 'room', action: 'on-air' });
    records.onOutput({
      ...{ seq: 1, at: new Date(now).toISOString(), output: 'taobao', kind: 'rtmp', target: 'rtmp://a/***' },
      ...{ state: 'live', before: 'connecting', lastError: '' },
    });
    await records.close();
    await records.close();
    t.ok(looks >= 1, 'a last look');
    const reader = await ShowReader.open(file);
    t.teardown(() => reader.close());
    t.match(reader.sessions(0), [{ room: room.name, startedMs: NOW + 7000, ended: 'stopped', frames: 60 }]);
    t.match(reader.lines(0), [
      { text: first.text, atMs: NOW + 8000, untilMs: NOW + 10_000, kind: 'script', language: room.language },
      { text: 'A line of the operator', atMs: NOW + 69_000, kind: 'operator' },
    ]);
    t.match(reader.products(0), [{ product: room.products[0]!.id, title: room.products[0]!.title, atMs: NOW + 7500 }]);
    t.same(
      reader.violations(0).map(({ rule, action }) => [rule, action]),
      [['3.2', 'mute']],
    );
    t.match(reader.outputs(0), [{ output: 'taobao', state: 'live' }]);
  });

  t.test('stores a long period in pieces and ends it with its cause', (t) => {
    const stored: Period[] = [];
    const periods = new CausePeriods('slate', (period) => stored.push(period));
    for (let s = 0; s < 130; s += 1)
      periods.look(s < 125 ? ['operator', ...(s > 99 ? ['risk'] : [])] : [], NOW + s * 1000);
    t.same(
      stored.map(({ cause, atMs, untilMs }) => [cause, (atMs - NOW) / 1000, (untilMs - NOW) / 1000]),
      [
        ['operator', 0, 60],
        ['operator', 60, 120],
        ['operator', 120, 125],
        ['risk', 100, 125],
      ],
    );
    t.end();
  });
});
