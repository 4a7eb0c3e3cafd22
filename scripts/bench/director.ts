/**
 * How fast viewers are answered: `npm run bench -- director [--times 8] [--json]`.
 *
 * Measures the time from a comment's arrival to the first sample of its answer at the gate's input, by path (rule, intent,
 * FAQ, language model with a 200 ms stub), with the real judge, packs, agenda, show runner and embedded voice, on a clock
 * of 30 frames a second. The show is between two lines when a comment comes, so the time is that of answering, not of
 * waiting for a line's end. Then a rule that interrupts the line on air with prepared speech, and 10,000 comments of 60 s
 * on a clock that jumps: share of the main thread, longest slice, heap before and after. Takes about two minutes.
 */
import { parseArgs } from 'node:util';
import { silentLog } from '../../src/core/log.js';
import { frameIndex, type FrameIndex } from '../../src/core/time.js';
import { Rundown } from '../../src/show/rundown.js';
import { ShowRunner } from '../../src/show/show-runner.js';
import { simulatedViewers } from '../../src/viewers/simulator/simulated-viewers.js';
import { Agenda, type LineRequest } from '../../src/show/agenda/agenda.js';
import { TextJudge } from '../../src/moderation/index.js';
import { RuleActions } from '../../src/moderation/packs/index.js';
import { SpeechService } from '../../src/speech/speech-service.js';
import { benchConfig, benchDesk } from './director/bench-room.js';
import { chatStub } from './director/chat-stub.js';

const { values } = parseArgs({ options: { times: { type: 'string', default: '8' }, json: { type: 'boolean' } } });
const TIMES = Number(values.times);
const STUB_MS = 200;
const COMMENTS = 10_000;
const PER_SECOND = 166;
const FPS = 30;
const EMPTY = { atFrame: 0, add: [], remove: [], assets: [] };

const LONG_LINE = `${'This bottle keeps your drink warm on a long day. '.repeat(4)}Thank you for watching.`;

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const percentile = (list: readonly number[], share: number): number =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? Number.NaN;

const COMMENTS_BY_PATH: Readonly<Record<string, (n: number) => string>> = {
  rule: () => 'hello there',
  intent: (n) => `How much for ${500 + n} pieces?`,
  faq: () => 'will the lid leak in my bag?',
  llm: (n) => `Can my grandmother open lid number ${n} with one hand?`,
};

async function main(): Promise<void> {
  const room = benchConfig();
  const judge = new TextJudge({ actions: new RuleActions({}) });
  const speech = new SpeechService({ log: silentLog });
  await speech.start();
  await speech.speak({ id: 'warm', text: 'One moment please.', language: 'en' }, new AbortController().signal);
  const stub = await chatStub('Yes, the lid opens with one hand.', STUB_MS);
  const stop = new AbortController();
  // Without lines of its own: every inserted line comes at once.
  const rundown = new Rundown({ ...room.script, loop: false, segments: [] });
  const scene = { product: async () => EMPTY, caption: async () => EMPTY, clearCaption: () => EMPTY } as never;
  const startedMs = performance.now();
  const frameNow = (): FrameIndex => frameIndex(Math.floor(((performance.now() - startedMs) * FPS) / 1000));
  const atMsOf = (frame: number): number => startedMs + (frame * 1000) / FPS;
  const queue = new Agenda(() => performance.now());
  const last = { startMs: 0, endMs: 0 };
  const agenda = {
    add: (request: LineRequest) =>
      queue.add({
        ...request,
        onOutcome: (outcome) => {
          if (outcome.outcome === 'scheduled') {
            last.startMs = atMsOf(outcome.startFrame);
            last.endMs = atMsOf(outcome.endFrame);
          }
          request.onOutcome?.(outcome);
        },
      }),
  };
  const runner = new ShowRunner(
    {
      room,
      rundown,
      judge,
      actions: new RuleActions({}),
      speech,
      scene,
      log: silentLog,
      agenda: queue,
      ledger: () => undefined,
      send: () => undefined,
    },
    stop.signal,
  );
  let isOver = false;
  const planning = (async () => {
    while (!isOver) {
      await runner.planUntil(frameNow() + 2 * FPS, frameNow);
      await runner.idle(100);
    }
  })();
  const { desk, intake, events } = benchDesk(room, judge, agenda, stub.baseUrl, stop.signal, {
    onAnswer: () => speech.warm({ language: 'en' }),
  });
  const ticking = setInterval(() => desk.tick(), 100);

  const result: Record<string, { p50: number; p95: number; times: number }> = {};
  let ids = 0;
  const ask = async (text: string): Promise<number> => {
    const id = `bench-${(ids += 1)}`;
    const atMs = performance.now();
    const done = new Promise<number>((resolve) => {
      const end = events.listen((one) => {
        if (one.id !== id || one.state === 'taken' || one.state === 'answering') return;
        end();
        resolve(one.state === 'answered' ? last.startMs - atMs : Number.NaN);
      });
    });
    intake.take([{ id, platform: 'bench', kind: 'comment', user: `Viewer ${ids % 7}`, text }]);
    desk.work();
    return Promise.race([done, sleep(10_000).then(() => Number.NaN)]);
  };
  for (const [path, comment] of Object.entries(COMMENTS_BY_PATH)) {
    const times: number[] = [];
    for (let n = 0; n < TIMES; n += 1) {
      times.push(await ask(comment(n)));
      // Between two lines again.
      await sleep(Math.max(0, last.endMs - performance.now()) + 600);
    }
    const good = times.filter(Number.isFinite);
    result[path] = { p50: percentile(good, 0.5), p95: percentile(good, 0.95), times: good.length };
  }
  const interrupts: number[] = [];
  for (let n = 0; n < TIMES; n += 1) {
    agenda.add({ kind: 'operator', text: LONG_LINE });
    await sleep(1500);
    interrupts.push(await ask('fire'));
    queue.items().forEach(({ id }) => queue.cancel(id));
    await runner.skip(true);
    await sleep(600);
  }
  const kept = interrupts.filter(Number.isFinite);
  result['interrupt'] = { p50: percentile(kept, 0.5), p95: percentile(kept, 0.95), times: kept.length };
  isOver = true;
  await planning;
  clearInterval(ticking);

  const flood = await floodOf(room, judge, stub.baseUrl);
  stop.abort();
  stub.close();
  await speech.close();
  report(result, flood);
}

interface Flood {
  readonly busyShare: number;
  readonly longestSliceMs: number;
  readonly heapBeforeMb: number;
  readonly heapAfterMb: number;
  readonly taken: number;
}

/** 10,000 comments of 60 s, worked off on a clock that jumps: the share of the 60 s that the work takes. */
async function floodOf(room: ReturnType<typeof benchConfig>, judge: TextJudge, baseUrl: string): Promise<Flood> {
  const agenda = {
    add: (request: LineRequest) => {
      request.onOutcome?.({ outcome: 'scheduled', startFrame: 0, endFrame: 30 });
      return { id: 'x' };
    },
  };
  // A clock that jumps a second: nothing is waited for.
  const clock = { nowMs: 0 };
  const { desk, intake } = benchDesk(room, judge, agenda, baseUrl, AbortSignal.abort(), { nowMs: () => clock.nowMs });
  const viewers = simulatedViewers(1, 'bench');
  const heap = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  let busyMs = 0;
  let longestSliceMs = 0;
  let taken = 0;
  const heapBeforeMb = heap();
  for (let sent = 0; sent < COMMENTS; sent += PER_SECOND) {
    const list = Array.from({ length: PER_SECOND }, () => viewers.next().value);
    const fromMs = performance.now();
    taken += intake.take(list).taken;
    for (let more = true; more;) {
      const sliceMs = performance.now();
      more = desk.work();
      longestSliceMs = Math.max(longestSliceMs, performance.now() - sliceMs);
    }
    desk.tick();
    busyMs += performance.now() - fromMs;
    clock.nowMs += 1000;
    // Lets promises settle.
    await sleep(0);
  }
  return {
    busyShare: busyMs / (COMMENTS / PER_SECOND) / 1000,
    longestSliceMs,
    heapBeforeMb,
    heapAfterMb: heap(),
    taken,
  };
}

function report(result: Readonly<Record<string, { p50: number; p95: number; times: number }>>, flood: Flood): void {
  if (values.json === true) {
    console.log(JSON.stringify({ result, flood }, null, 2));
    return;
  }
  console.log('comment → first sample scheduled, ms');
  for (const [path, { p50, p95, times }] of Object.entries(result))
    console.log(
      `  ${path.padEnd(10)} p50 ${p50.toFixed(0).padStart(5)}  p95 ${p95.toFixed(0).padStart(5)}  (${times} of ${TIMES})`,
    );
  const { busyShare, longestSliceMs, heapBeforeMb, heapAfterMb, taken } = flood;
  console.log(`${PER_SECOND} comments a second (${taken} taken)`);
  console.log(`  main thread ${(busyShare * 100).toFixed(1)} %, longest slice ${longestSliceMs.toFixed(1)} ms`);
  console.log(`  heap ${heapBeforeMb.toFixed(1)} → ${heapAfterMb.toFixed(1)} MiB`);
}

await main();
process.exit();
