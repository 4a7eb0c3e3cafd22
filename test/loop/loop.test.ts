import { EventEmitter, once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';
import { type PreparedWorkers, spawnWorker } from '../../src/core/processes/spawn-worker.js';
import { frameIndex } from '../../src/core/time.js';
import { FrameSteps, type LoadCounters } from '../../src/loop/frame-steps.js';
import { LoopBoard, newLoopBoardBuffers, TimingHistogram } from '../../src/loop/loop-board.js';
import { LoopClient } from '../../src/loop/loop-client.js';
import { framesAhead, Preroll } from '../../src/loop/preroll.js';
import { lateCause, MAX_CATCH_UP_MS, TickClock } from '../../src/loop/tick-clock.js';

t.test('frame steps', async (t) => {
  const WINDOW = 20;

  /** A room of 30 frames a second; `fault` says for each slot whether a frame was released without a verdict. */
  function rig(fps = 30) {
    const steps: [number, number][] = [];
    const one = new FrameSteps({ num: fps, den: 1 }, WINDOW, ({ frame, fps: now }) => void steps.push([frame, now]));
    const load: LoadCounters = { unjudged: 0, joined: 0, refused: 0, overrun: 0 };
    let n = 0;
    const run = (slots: number, fault: (n: number) => boolean, patient = false): void => {
      for (const end = n + slots; n < end; n += 1) {
        one.plan(false);
        if (fault(n)) load.unjudged += 1;
        one.look(frameIndex(n), load, patient);
      }
    };
    return { one, steps, load, run };
  }
  const never = (): boolean => false;
  const always = (): boolean => true;

  t.test('stays at the full rate for a stall and for a few late verdicts', async (t) => {
    const { steps, run } = rig();
    run(700, never);
    run(7, always);
    run(700, never);
    run(3000, (n) => n % 11 === 0);
    t.strictSame(steps, []);
  });

  t.test('goes down one step where one verdict in five is late, and two where nearly all are', async (t) => {
    const slowly = rig();
    slowly.run(700, never);
    slowly.run(450, (n) => n % 5 === 0);
    t.equal(slowly.steps[0]?.[1], 20);
    const fast = rig();
    fast.run(700, never);
    fast.run(200, always);
    t.strictSame(
      fast.steps.map(([, fps]) => fps),
      [15, 5],
      'within seconds',
    );
  });

  t.test('does not count what was under way when the step changed', async (t) => {
    const { steps, run } = rig();
    run(700, never);
    run(45 + WINDOW, always);
    run(200, never);
    t.equal(steps.length, 2, 'one step down and one up');
  });

  t.test('comes back after a calm time, which doubles each time that was too early', async (t) => {
    const { one, steps, run } = rig();
    // A machine that carries 20 frames a second.
    for (let i = 0; i < 60; i += 1) run(60, () => one.isFull);
    const ups = steps.filter(([, fps]) => fps === 30).map(([n]) => n);
    t.ok(ups.length >= 3, `${ups.length} tries`);
    const gaps = ups.slice(1).map((n, i) => n - ups[i]!);
    for (const [i, gap] of gaps.slice(1).entries()) t.ok(gap > gaps[i]! * 1.5 || gap > 1800, `${gaps}`);
  });

  t.test('draws evenly at each step, and feeds the encoder at least every second slot', async (t) => {
    const { one, run } = rig();
    run(700, never);
    const seen = new Map<number, { drawn: number; fed: number; gap: number }>();
    for (let round = 0; round < 4; round += 1) {
      run(1, always);
      while (!seen.has(one.fps)) {
        if (seen.size === 4) break;
        let [drawn, fed, gap, widest] = [0, 0, 0, 0];
        if (one.isFull) {
          run(10, always);
          continue;
        }
        for (let i = 0; i < 60; i += 1) {
          one.plan(false);
          if (one.draws) drawn += 1;
          gap = one.feeds ? 1 : gap + 1;
          widest = Math.max(widest, gap);
          if (one.feeds) fed += 1;
          if (one.draws) t.ok(one.feeds);
        }
        seen.set(one.fps, { drawn, fed, gap: widest });
        run(320, (n) => n % 4 === 0);
      }
    }
    for (const [fps, { drawn, fed, gap }] of seen) {
      t.ok(Math.abs(drawn - fps * 2) <= 1, `${drawn} pictures in two seconds at ${fps}`);
      t.ok(fed >= 29, `${fed} to the encoder`);
      t.ok(gap <= 2);
    }
    t.ok(seen.size >= 2);
  });

  t.test('draws at its rate where the thread is woken for every fifth slot alone', async (t) => {
    const { one, run } = rig();
    run(700, never);
    run(200, always);
    t.equal(one.fps, 5);
    let drawn = 0;
    for (let i = 0; i < 150; i += 1) {
      one.plan(i % 5 !== 0);
      if (one.draws) drawn += 1;
    }
    t.ok(drawn >= 14, `${drawn} pictures in five seconds`);
  });

  t.test('waits for a film to go slower first, and leaves a slow room as it is', async (t) => {
    const film = rig();
    film.run(700, never);
    film.run(200, always, true);
    t.strictSame(film.steps, []);
    const slow = rig(3);
    slow.run(900, always);
    t.strictSame(slow.steps, []);
    t.ok(slow.one.draws);
  });

  t.test('keeps the full rate where fewer frames cure nothing, for a time that doubles', async (t) => {
    const { steps, run } = rig();
    run(700, never);
    // A quota stops the process for six tenths of each second, whatever is drawn.
    run(5400, (n) => n % 30 < 18);
    const at = (n: number): number => steps.findLast(([from]) => from <= n)?.[1] ?? 30;
    const full = Array.from({ length: 5400 }, (_, i) => at(700 + i)).filter((fps) => fps === 30).length;
    t.ok(full > 5400 * 0.7, `${full} of 5400 slots at the full rate`);
  });

  t.test('keeps the last step where it shows more than the full rate', async (t) => {
    const { one, steps, run } = rig();
    run(700, never);
    // All frames late at the full rate, half of the half seconds without a picture in the last step.
    run(3600, (n) => one.isFull || n % 60 < 30);
    const slow = steps.filter(([n]) => n > 1300).filter(([, fps]) => fps === 30).length;
    t.ok(slow <= 3, `${slow} trials of the full rate`);
    t.equal(one.fps, 5);
  });
});

t.test('late cause', async (t) => {
  t.test('does not blame a short tick for a late one', async (t) => {
    t.equal(lateCause(33, 2, 3), 'lateStall');
  });

  t.test('names the longer stage otherwise', async (t) => {
    t.equal(lateCause(33, 40, 3), 'lateRender');
    t.equal(lateCause(33, 3, 20), 'lateScan');
  });
});

t.test('loop board', async (t) => {
  t.test('shares figures and stages between threads', async (t) => {
    const buffers = newLoopBoardBuffers();
    const writer = new LoopBoard(buffers);
    const reader = new LoopBoard(buffers);
    writer.set('frame', 3e9);
    writer.add('lateTotal', 2);
    writer.add('lateTotal');
    writer.stages.compose.record(150);
    writer.stages.tick.record(900);
    t.equal(reader.get('frame'), 3e9);
    t.equal(reader.get('lateTotal'), 3);
    t.equal(reader.stages.compose.count, 1);
    t.equal(reader.stages.pose.count, 0, 'stages do not share their counts');
    t.ok(Math.abs(reader.stages.tick.quantileMs(0.5) - 0.9) < 0.06);
  });

  t.test('reads consistent figures while another thread keeps writing', async (t) => {
    const buffers = newLoopBoardBuffers();
    const reader = new LoopBoard(buffers);
    const worker = spawnWorker(new URL('./board-writer.js', import.meta.url), import.meta.url, { workerData: buffers });
    const ended = once(worker, 'exit');
    await once(worker, 'message');
    let torn = 0;
    for (let i = 0; i < 20_000; i += 1) {
      const figure = reader.snapshot();
      if (figure('rendered') !== figure('released') + figure('replaced') + figure('inWindow')) torn += 1;
    }
    reader.set('lateStall', 1);
    await ended;
    t.equal(torn, 0);
    t.ok(reader.get('rendered') > 0);
  });

  t.test('keeps the previous figures when a writer is interrupted for good', async (t) => {
    const buffers = newLoopBoardBuffers();
    const writer = new LoopBoard(buffers);
    const reader = new LoopBoard(buffers);
    writer.begin();
    writer.set('rendered', 1);
    writer.set('released', 1);
    writer.end();
    t.equal(reader.snapshot()('rendered'), 1);
    writer.begin();
    writer.set('rendered', 2);
    t.equal(reader.snapshot()('rendered'), 1);
    writer.set('released', 2);
    writer.end();
    t.equal(reader.snapshot()('rendered'), 2);
  });

  t.test('reads zeros during an interrupted first write', async (t) => {
    const buffers = newLoopBoardBuffers();
    const writer = new LoopBoard(buffers);
    writer.begin();
    writer.set('rendered', 1);
    t.equal(new LoopBoard(buffers).snapshot()('rendered'), 0);
  });
});

t.test('loop client', async (t) => {
  /** A client whose thread sends only the test's messages. */
  function rig(t: Test) {
    const asked: string[] = [];
    const worker = Object.assign(new EventEmitter(), {
      postMessage: ({ type }: { type: string }) => void asked.push(type),
      terminate: async () => 0,
    });
    const prepared = { take: () => worker } as unknown as PreparedWorkers;
    const nothing = (): void => undefined;
    const client = LoopClient.spawn({ onGate: nothing, onWatch: nothing, onDeath: nothing }, prepared);
    t.teardown(() => client.close());
    const dumped = (fromFrame: number): void => void worker.emit('message', { type: 'dumped', fromFrame, frames: 8 });
    return { client, asked, dumped };
  }

  t.test('times out a dump without an answer, and ignores the late answer', async (t) => {
    const { client, asked, dumped } = rig(t);
    await t.rejects(client.dump(1), { code: 'E_TIMEOUT', where: 'dump' });
    const second = client.dump();
    t.same(asked, ['dump', 'dump']);
    dumped(100);
    dumped(200);
    t.same(await second, { fromFrame: 200, frames: 8 });
  });

  t.test('rejects a dump while the room stops', async (t) => {
    const { client } = rig(t);
    const waiting = client.dump();
    await Promise.all([t.rejects(waiting, { code: 'E_CLOSED' }), client.close()]);
    await t.rejects(client.dump(), { code: 'E_CLOSED' });
  });
});

t.test('preroll', async (t) => {
  function start(frames: number, slotMs: number, busy: (made: number[]) => boolean) {
    const made: number[] = [];
    return new Promise<{ made: number[]; next: number }>((resolve) => {
      new Preroll({
        frames,
        slotMs,
        busy: () => busy(made),
        step: (n) => made.push(n),
        done: (next) => resolve({ made, next }),
      }).begin();
    });
  }

  t.test('makes frames in order; the clock begins with the next one', async (t) => {
    const { made, next } = await start(5, 60_000, () => false);
    t.same(made, [0, 1, 2, 3, 4]);
    t.equal(next, 5);
  });

  t.test('waits for busy frames, at most for twice the slots', async (t) => {
    let asked = 0;
    const { made } = await start(2, 60_000, (so) => so.length === 1 && (asked += 1) < 4);
    t.same(made, [0, 1]);
    t.equal(asked, 4, 'the second frame was made once the first was accepted');
    const beganMs = performance.now();
    const hung = await start(3, 10, (so) => so.length === 1);
    t.same(hung.made, [0]);
    t.equal(hung.next, 1, 'the clock continues after the last frame');
    t.ok(performance.now() - beganMs >= 60);
  });

  t.test('makes no frames ahead when none are needed', async (t) => {
    const { made, next } = await start(0, 33, () => false);
    t.same(made, []);
    t.equal(next, 0);
  });

  t.test('stops when cancelled', async (t) => {
    const made: number[] = [];
    const ahead = new Preroll({
      frames: 3,
      slotMs: 33,
      busy: () => false,
      step: (n) => made.push(n),
      done: () => t.fail('the clock must not begin'),
    });
    ahead.begin();
    ahead.cancel();
    await new Promise((resolve) => setImmediate(resolve));
    t.same(made, []);
  });

  t.test("fills the window and the encoder's look-ahead", async (t) => {
    t.equal(framesAhead({ lookAheadFrames: 20, encoderFrames: 10 }), 30);
    t.equal(framesAhead({ lookAheadFrames: 20, windowFrames: 20 }), 20);
  });

  t.test('waits for a frame whose clips are not read', async (t) => {
    const asked: number[] = [];
    await new Promise<void>((resolve) => {
      new Preroll({
        frames: 2,
        slotMs: 60_000,
        busy: (n) => asked.push(n) === 2,
        step: () => undefined,
        done: () => resolve(),
      }).begin();
    });
    t.same(asked, [0, 1, 1]);
  });

  t.test('makes no preroll with a dump window', async (t) => {
    t.equal(framesAhead({ lookAheadFrames: 20, windowFrames: 90, encoderFrames: 10 }), 0);
  });
});

t.test('tick clock', async (t) => {
  const rate = { num: 30, den: 1 };

  t.test('keeps slots at exact multiples of the frame time, also after a day', async (t) => {
    const clock = new TickClock(rate, 1_000_000);
    for (let n = 0; n < 30 * 60; n += 1) clock.advance();
    t.equal(clock.next, 1800);
    t.equal(clock.dueUs(), 1_000_000 + 60_000_000);
  });

  t.test('starts with a later slot due at once', async (t) => {
    const clock = new TickClock(rate, 5_000_000, frameIndex(30));
    t.equal(clock.next, 30);
    t.equal(clock.dueUs(), 5_000_000);
    clock.advance();
    t.equal(clock.dueUs(), 5_033_333);
  });

  t.test("misses no slot within a slot's time", async (t) => {
    const clock = new TickClock(rate, 0);
    t.equal(clock.missedSlots(0), 0);
    t.equal(clock.missedSlots(33_000), 0);
    t.equal(clock.latenessUs(5000), 5000);
  });

  t.test('counts each passed slot as a repeat', async (t) => {
    const clock = new TickClock(rate, 0);
    t.equal(clock.missedSlots(34_000), 1);
    t.equal(clock.missedSlots(101_000), 3);
    t.equal(clock.givenUpMs, 0);
  });

  t.test('skips the time of a long sleep and continues media time', async (t) => {
    const clock = new TickClock(rate, 0);
    const hour = 3_600_000_000;
    t.equal(clock.missedSlots(hour), 1, 'at most one repeat is left');
    t.equal(clock.next, 0, 'no slot is skipped');
    t.ok(clock.latenessUs(hour) < MAX_CATCH_UP_MS * 1000);
    t.ok(Math.abs(clock.givenUpMs - 3_600_000) < 50);
    clock.advance();
    clock.advance();
    t.ok(clock.latenessUs(hour) < 0, 'after the repeat the clock is on time again');
  });
});

t.test('timing histogram', async (t) => {
  t.test('gives quantiles right to a few per cent over five decades', async (t) => {
    const h = new TimingHistogram();
    for (let us = 1; us <= 100_000; us += 1) h.record(us);
    t.equal(h.count, 100_000);
    for (const q of [0.01, 0.5, 0.9, 0.99, 0.999]) {
      const want = (q * 100_000) / 1000;
      const got = h.quantileMs(q);
      t.ok(Math.abs(got - want) / want < 0.07, `${q}: ${got} for ${want}`);
    }
    t.equal(h.maxMs, 100);
  });

  t.test('answers zero when empty and clamps absurd values', async (t) => {
    const h = new TimingHistogram();
    t.equal(h.quantileMs(0.5), 0);
    h.record(-5);
    h.record(1e12);
    t.equal(h.count, 2);
    t.ok(h.quantileMs(1) > 0);
  });

  t.test('shares counts between two views of one buffer', async (t) => {
    const buffer = new SharedArrayBuffer(4096);
    const writer = new TimingHistogram(buffer);
    const reader = new TimingHistogram(buffer);
    writer.record(2000);
    t.equal(reader.count, 1);
    t.ok(Math.abs(reader.quantileMs(0.5) - 2) < 0.15);
  });
});

t.test('wall clock', async (t) => {
  /** Folders that may read the time of day: browsers, accounts and schedules, commands, and shows filed by date. */
  const FOLDERS = /^(browser|studio|server|fleet|cli|store|report)\//;

  /** Functions that may read it: for display, and for state kept over restarts. */
  const ALLOWED = new Set([
    // Times of alarms, evidence, ledger files and risk, kept over restarts.
    'alerts/alert-sinks.ts#alertSinks',
    'alerts/room-alarms.ts#RoomAlarms.constructor',
    'compliance/ledger/evidence-store.ts#EvidenceStore.keep',
    'compliance/ledger/evidence-store.ts#EvidenceStore.seenAgain',
    'compliance/ledger/ledger-file.ts#LedgerFile.restore',
    'compliance/ledger/ledger.ts#Ledger.constructor',
    'room/watches/room-watch.ts#RoomRisk.open',
    // Mark files of a cache as used last, and find the oldest.
    'audio/load-music.ts#readMusic',
    'avatar/load-presenter.ts#readBank',
    'avatar/filmed/load-film.ts#storeFilm',
    'scene/clips/clip-file.ts#openClipFile',
    'scene/clips/clip-store.ts#trimClipCache',
    'speech/clip-cache.ts#ClipCache.read',
    // Names of recordings and clips, times that the desk shows.
    'control/live/live-feed.ts#LiveFeed.constructor',
    'outputs/output-supervisor.ts#OutputSupervisor.changed',
    'outputs/recording/recording-output.ts#Run.create',
    'room/commands/edit-history.ts#EditHistory.register',
    'room/commands/room-commands.ts#since',
    'room/records/show-records.ts#ShowRecords.constructor',
    'room/room-view.ts#RoomView.snapshot',
    // Daily caps, and dates of HTTP answers.
    'room/open/open-desks.ts#openLlmBudget',
    'room/open/open-desks.ts#recordEvents',
    'room/open/open-fresh-writer.ts#openFreshWriter',
    'speech/chain/open-chain.ts#openChain',
    'speech/providers/azure-voice.ts#AzureVoice.synthesise',
    'speech/providers/voice-source.ts#pauseMs',
    'writer/llm/chat-client.ts#retryAfterMs',
    // Platforms date their comments; talk comes at a time of day.
    'room/open/open-replies.ts#openReplies',
    'viewers/sources/luna-source.ts#LunaSource.run',
    'viewers/sources/youtube-source.ts#YoutubeSource.sinceMs',
    // Nobody consented tomorrow; the end of an offer is a date.
    'filming/read-consent.ts#readConsent',
    'room/commands/layer-commands.ts#refuseEnded',
    'room/open/programme.ts#openProgramme',
  ]);

  const READS = /\bDate\.now\b|\bnew Date\(\)/g;
  const DECLARATION = /^(?:export )?(?:default )?(?:async )?(?:abstract )?(?:function\*?|class|const|let) (\w+)/;
  const MEMBER = /^ {2}(?:(?:private|protected|public|static|readonly|override|async|get|set) )*(#?\w+)\b.*[({=:]/;

  /** `function` or `Class.method` around a position of a source text. */
  function ownerAt(text: string, at: number): string {
    const before = text.slice(0, text.indexOf('\n', at)).split('\n').toReversed();
    const place = before.findIndex((line) => DECLARATION.test(line));
    const name = DECLARATION.exec(before[place] ?? '')?.[1] ?? '';
    if (!/\bclass\b/.test(before[place] ?? '')) return name;
    const member = before.slice(0, place).find((line) => MEMBER.test(line));
    return member === undefined ? name : `${name}.${MEMBER.exec(member)![1]!}`;
  }

  const readers = (file: string, text: string): string[] =>
    [...text.matchAll(READS)].map(({ index }) => `${file}#${ownerAt(text, index)}`);

  t.test('never reads the time of day for a frame, packet or timeout', async (t) => {
    const src = join(packageRoot(), 'src');
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    t.ok(files.length > 100);
    const found = new Set(
      files
        .filter((file) => !FOLDERS.test(file))
        .flatMap((file) => readers(file, readFileSync(join(src, file), 'utf8'))),
    );
    t.same(
      [...found].filter((place) => !ALLOWED.has(place)),
      [],
      'reads the time of day',
    );
    t.same(
      [...ALLOWED].filter((place) => !found.has(place)),
      [],
      'is allowed to, and does not',
    );
    for (const file of files.filter((f) => /^(encoder|audio|scene\/runtime|loop)\//.test(f))) {
      t.notMatch(readFileSync(join(src, file), 'utf8'), /timeOrigin/, file);
    }
  });

  t.test('names the function or method that reads the time of day', async (t) => {
    const text = [
      'const START = 1;',
      'export class Desk {',
      '  private readonly now = () => Date.now();',
      '  async open(): Promise<void> {',
      '    await wait(new Date());',
      '  }',
      '}',
      'export function since(now = Date.now()): number {',
      '  return now;',
      '}',
    ].join('\n');
    t.same(readers('a.ts', text), ['a.ts#Desk.now', 'a.ts#Desk.open', 'a.ts#since']);
  });
});
