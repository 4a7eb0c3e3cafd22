/**
 * The loop's thread: builds the frame path from plain data, then ticks.
 *
 * Problem: a slot is due every 33 ms, and timers fire late. The thread must stay free to take messages and the
 * encoders' write callbacks, so it may neither spin nor block.
 * Rule: a timer is set to the absolute deadline of the next slot, rounded up to whole milliseconds (the resolution of
 * Node's timers). Each tick fills the due slot and repeats the picture for missed ones. The slowest stage of the
 * previous tick is the cause of a late tick. Messages are handled between ticks only.
 */
import { parentPort } from 'node:worker_threads';
import type { GateEvent } from '../compliance/gate/gate-event.js';
import { lateCause, TickClock } from './tick-clock.js';
import { collectGarbage, YOUNG_COLLECTION_MS } from '../core/collect-garbage.js';
import { frameIndex } from '../core/time.js';
import { EncoderFeed } from '../encoder/encoder-feed.js';
import { loadKernels } from '../native/load-kernels.js';
import { pageLender } from '../native/page-lender.js';
import { buildFrameLoop, type LoopInit, type LoopReport, type LoopRequest } from './build-frame-loop.js';
import { framesAhead, Preroll, SharedBytes } from './preroll.js';
import { takeShowCommand } from './show-taker.js';

const port = parentPort!;
/** The first message; no other one arrives before `ready` is reported. */
const init = await new Promise<LoopInit>((resolve) => port.once('message', resolve));
const report = (message: LoopReport): void => port.postMessage(message);

const feed = new EncoderFeed(pageLender());
const built = buildFrameLoop(
  init,
  loadKernels(),
  feed,
  'live',
  (event) => {
    if (event.type === 'dumped') report({ type: 'dumped', fromFrame: event.frame, frames: event.frames });
    report({ type: 'gate', event, ...evidenceOf(event) });
  },
  (event) => report({ type: 'watch', event }),
);
const { loop, gate, board } = built;
// The scene owns the bitmaps now and frees each when it is over; a reference here would keep them.
(init.scene.bitmaps as unknown[]).length = 0;
// So does the presenter, until another one takes over.
(init as { presenter: unknown }).presenter = undefined;

/** A flickering code gives at most one picture a second; its ledger entries are not limited. */
const EVIDENCE_INTERVAL_MS = 1000;
let evidenceAtMs = -Infinity;

function evidenceOf(event: GateEvent): { picture?: Uint8Array } {
  if (event.type !== 'violation' || !init.keepsPictures) return {};
  const now = performance.now();
  if (now - evidenceAtMs < EVIDENCE_INTERVAL_MS) return {};
  evidenceAtMs = now;
  return { picture: gate.copyOf(event.buffer) };
}
feed.onRecycle = (token) => gate.recycle(token);

const nowUs = (): number => performance.now() * 1000;
const slotMs = (init.rate.den * 1000) / init.rate.num;
let clock: TickClock | undefined;
let timer: NodeJS.Timeout | undefined;
let stillWanted = false;
const sharedBytes = new SharedBytes();
const collectTicks = Math.round(YOUNG_COLLECTION_MS / slotMs);

/** Maximum scans that may be pending while frames are made ahead of the clock. */
const SCANS_AHEAD = 1;
const headStart = new Preroll({
  frames: framesAhead(init),
  slotMs,
  busy: (n) => gate.pending() > SCANS_AHEAD || feed.waiting > 0 || !built.scene.clipsReady(n),
  step: (n) => {
    loop.step(n, true);
    loop.publish(n);
  },
  done: (next) => {
    loop.clockBegins();
    clock = new TickClock(init.rate, nowUs(), next);
    arm();
  },
});

function arm(): void {
  const waitMs = Math.max(0, Math.ceil((clock!.dueUs() - nowUs()) / 1000));
  timer = setTimeout(tick, waitMs);
}

function tick(): void {
  const began = nowUs();
  const due = clock!;
  if (due.latenessUs(began) < 0) return arm();
  board.stages.lateness.record(due.latenessUs(began));
  const missed = due.missedSlots(began);
  if (missed > 0) {
    const cause = lateCause(slotMs, loop.lastRenderMs, loop.lastScanMs);
    if (cause !== 'lateStall') loop.overran();
    board.add(cause, missed);
    board.add('lateTotal', missed);
    board.set('givenUpMs', due.givenUpMs);
    for (let i = 0; i < missed; i += 1) {
      loop.step(due.next, false);
      due.advance();
    }
  }
  loop.step(due.next, true);
  loop.publish(due.next);
  due.advance();
  board.stages.tick.record(nowUs() - began);
  if (stillWanted) sendStill();
  if (due.next % collectTicks === 0) sharedBytes.collect();
  arm();
}

/** Sends a copy of the last released picture; requested by people, so rare. */
function sendStill(): void {
  const picture = loop.lastReleased;
  if (picture === undefined) return;
  stillWanted = false;
  report({ type: 'still', picture: picture.slice() });
}

async function stop(): Promise<void> {
  headStart.cancel();
  clearTimeout(timer);
  await feed.close();
  report({ type: 'stopped' });
  port.close();
}

port.on('message', (message: LoopRequest) => {
  switch (message.type) {
    case 'encoder':
      feed.attach(message.link);
      return;
    case 'go':
      if (clock === undefined) collectGarbage(); // before the first tick; no later one may wait for it
      headStart.begin();
      return;
    case 'operate':
      gate.setBlank(message.blanked);
      gate.setMute(message.muted);
      board.set('muted', message.muted ? 1 : 0);
      board.set('blanked', message.blanked ? 1 : 0);
      gate.setHold(message.hold);
      gate.setRisk(message.risk);
      board.set('riskSlate', message.risk ? 1 : 0);
      return;
    case 'audio':
      built.mixer.changeBed(message.audio, message.music);
      sharedBytes.add(message.music?.pcm.byteLength ?? 0);
      return;
    case 'presenter':
      (message.role === 'assistant' ? built.assistant : built.presenter)?.replace(
        message.presenter,
        message.atFrame,
        message.fadeFrames,
      );
      return;
    case 'dump':
      if (gate.dump() === 0) report({ type: 'dumped', fromFrame: frameIndex(board.get('frame')), frames: 0 });
      return;
    case 'canvas':
      report({ type: 'canvas', picture: loop.drawn.slice() });
      return;
    case 'still':
      stillWanted = true;
      return;
    case 'stop':
      void stop();
      return;
    case 'scene':
    case 'speak':
    case 'cut':
    case 'gesture':
    case 'listen':
    case 'chime':
      sharedBytes.take(message);
      takeShowCommand(message, built);
  }
});

board.set('frame', frameIndex(0));
report({ type: 'ready' });
