import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FrameScanner } from '../../../src/codescan/jobs/frame-scanner.js';
import { CONTROL, ScanMemory } from '../../../src/codescan/jobs/scan-memory.js';
import { gateBuffers } from '../../../src/compliance/gate/buffers/gate-buffers.js';
import { RuleActions } from '../../../src/moderation/packs/rule-table.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { TickClock } from '../../../src/loop/tick-clock.js';
import { loadRoom } from '../../../src/config/load-room.js';
import { collectGarbage } from '../../../src/core/collect-garbage.js';
import { silentLog } from '../../../src/core/log.js';
import { seededRandom } from '../../../src/core/random.js';
import { frameIndex, millisecondsToFrames } from '../../../src/core/time.js';
import { Rundown } from '../../../src/show/rundown.js';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';
import { Interleaver } from '../../../src/encoder/process/encoder-supervisor.js';
import { PacketRing } from '../../../src/encoder/packet-ring.js';
import { Admission } from '../../../src/admission/admission.js';
import { CloseStack } from '../../../src/core/close-stack.js';
import { buildFrameLoop, POOL_EXTRA_FRAMES, type FrameLoopBuild } from '../../../src/loop/build-frame-loop.js';
import { newLoopBoardBuffers } from '../../../src/loop/loop-board.js';
import { takeShowCommand } from '../../../src/loop/show-taker.js';
import { loadRoomAssets } from '../../../src/stage/room-assets.js';
import { ShowRunner } from '../../../src/show/show-runner.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { PictureProcess } from '../../../src/scene/drawing/picture-process.js';
import { SpeechService } from '../../../src/speech/speech-service.js';
import { NullEncoders } from './null-encoders.js';
import { openHandles, statusOf, type Sample } from './series.js';
import { SoakReaders, type SoakReadersResult } from './soak-readers.js';
import { soakRoom } from './soak-room.js';

export interface MediaSoakResult extends SoakReadersResult {
  readonly mediaHours: number;
  readonly wallMinutes: number;
  /** Of the whole process with its scan threads. */
  readonly cpuMinutes: number;
  readonly fps: number;
  readonly size: string;
  readonly frames: { rendered: number; released: number; replaced: number; unjudged: number; inWindow: number };
  readonly lines: number;
  readonly lateSlots: number;
  readonly sleeps: number;
  readonly givenUpMs: number;
  readonly ringBytes: number;
  readonly samples: readonly Sample[];
}

const HORIZON_MS = 3000;
/** Samples of memory; each takes a full collection. */
const SAMPLES_A_DAY = 72;
const MIN_SAMPLES = 12;
/** The gate runs as on air. Frames come faster than scans here, so the run waits while this many are open. */
const LOOK_AHEAD_FRAMES = 24;
const MAX_OPEN_SCANS = 8;
const LOST_AFTER_MS = 3000;
/** The 32-bit millisecond clock of RTMP wraps in the middle of the run. */
const ROLLOVER_MS = 2 ** 32;

/**
 * A day of media as fast as possible: the real show, loop, scan, gate, tick clock, interleaver, ring, FLV muxer and
 * WebRTC viewer stream, with a small picture and packets without content in place of the encoders. The clock is fed
 * late ticks, and an hourly sleep of the machine.
 */
export async function mediaSoak(
  hours: number,
  fps: number,
  dir: string,
  say: (line: string) => void,
  /** Ends it early; the finished part counts. */
  enough: AbortSignal = new AbortController().signal,
): Promise<MediaSoakResult> {
  const stack = new CloseStack(silentLog);
  try {
    return await run(hours, fps, dir, say, stack, enough);
  } finally {
    await stack.close();
  }
}

async function run(
  hours: number,
  fps: number,
  dir: string,
  say: (line: string) => void,
  stack: CloseStack,
  enough: AbortSignal,
): Promise<MediaSoakResult> {
  const file = join(dir, 'media-room.json');
  writeFileSync(file, JSON.stringify(soakRoom(fps, dir)));
  const room = loadRoom(file);
  const { width, height } = room.video;
  const { rate } = room;
  const signal = new AbortController().signal;
  const kernels = loadKernels();
  const speech = stack.add(new SpeechService({ log: silentLog }));
  const judge = new TextJudge();
  const admission = stack.add(new Admission({ kernels, log: silentLog, ledger: () => undefined, judge, room }));
  const [ffmpeg] = await Promise.all([findFfmpeg(), speech.start()]);
  const { draw } = stack.add(new PictureProcess({ log: silentLog }));
  const deps = { room, kernels, draw, ffmpeg, log: silentLog, signal, fastStart: false };
  const assets = await loadRoomAssets(deps, admission);
  await admission.rest();
  const scanner = stack.add(
    await FrameScanner.open({
      width,
      height,
      buffers: gateBuffers(LOOK_AHEAD_FRAMES, POOL_EXTRA_FRAMES),
      threads: 2,
      log: silentLog,
    }),
  );

  const total = Math.round(hours * 3600 * fps);
  const first = Math.max(0, Math.round((ROLLOVER_MS / 1000) * fps - total / 2));
  const ring = new PacketRing();
  const readers = new SoakReaders(ring, rate);

  const interleaver = new Interleaver(1000, (packet) => ring.push(packet));
  let mediaMs = 0;
  const built: FrameLoopBuild = buildFrameLoop(
    {
      width,
      height,
      rate,
      seed: room.seed,
      scene: assets.opening,
      presenter: assets.presenter,
      audio: room.audio,
      music: assets.music,
      slate: assets.slate,
      lookAheadFrames: LOOK_AHEAD_FRAMES,
      onCode: 'slate',
      minimumHoldMs: room.compliance.minimumHoldMs,
      scan: scanner.handle,
      keepsPictures: false,
      board: newLoopBoardBuffers(),
    },
    kernels,
    new NullEncoders(
      rate,
      first,
      (token) => built.gate.recycle(token),
      (packet) => interleaver.push(packet, mediaMs),
    ),
    'live',
    () => undefined,
  );
  let lines = 0;
  const runner = new ShowRunner(
    {
      room,
      rundown: new Rundown(room.script),
      judge,
      actions: new RuleActions(room.compliance.actions),
      speech,
      scene: assets.scene,
      log: silentLog,
      send: (command) => {
        if (command.type === 'speak') lines += 1;
        takeShowCommand(command, built);
      },
      ledger: () => undefined,
    },
    signal,
  );

  const { control } = new ScanMemory(scanner.handle);
  // A scan thread that ends takes its current job with it; such jobs are never counted as finished.
  let lostScans = 0;
  const scansOpen = (): number =>
    Atomics.load(control, CONTROL.sequence) - Atomics.load(control, CONTROL.finished) - lostScans;
  const random = seededRandom(11);
  const clock = new TickClock(rate, 0);
  const samples: Sample[] = [];
  const wanted = Math.max(MIN_SAMPLES, Math.round((SAMPLES_A_DAY * hours) / 24));
  const cpu = process.cpuUsage();
  const began = performance.now();
  const horizon = millisecondsToFrames(HORIZON_MS, rate);
  const slotUs = 1e6 / fps;
  let lateSlots = 0;
  let sleeps = 0;
  let planned = 0;
  let slot = 0;
  const sample = (): void => {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    const { rssMiB, threads } = statusOf('self');
    const heapMiB = (heapUsed + external) / 2 ** 20;
    samples.push({ hours: slot / fps / 3600, rssMiB, heapMiB, handles: openHandles('self'), threads });
  };
  while (slot < total && !enough.aborted) {
    const n = first + slot;
    mediaMs = (n * 1000) / fps;
    if (slot >= planned) {
      await runner.planUntil(n + horizon, () => frameIndex(n));
      planned = slot + Math.max(1, fps >> 1);
    }
    // A tick is slightly late; one in two thousand by several slots; once an hour the machine sleeps for 5 s.
    let nowUs = clock.dueUs() + random() * 2000;
    if (random() < 1 / 2000) nowUs += random() * 4 * slotUs;
    if (slot > 0 && slot % (3600 * fps) === 0) {
      nowUs += 5e6;
      sleeps += 1;
    }
    const waitedFrom = performance.now();
    while (scansOpen() > MAX_OPEN_SCANS) {
      Atomics.wait(control, CONTROL.finished, Atomics.load(control, CONTROL.finished), 2);
      if (performance.now() - waitedFrom > LOST_AFTER_MS) lostScans += scansOpen();
    }
    const missed = clock.missedSlots(nowUs);
    lateSlots += missed;
    for (let i = 0; i <= missed; i += 1) {
      built.loop.step(frameIndex(first + clock.next), i === missed);
      clock.advance();
      slot += 1;
    }
    readers.take();
    if (slot % (fps * 20) < missed + 1) readers.takeSlowly(50);
    if ((slot & 3) === 0) await new Promise((resolve) => setImmediate(resolve));
    if (slot >= (samples.length * total) / wanted) {
      sample();
      if (samples.length % 8 === 0) {
        const speed = mediaSpeed(slot / fps, began);
        say(`${(slot / fps / 3600).toFixed(1)} h of media, ${speed.toFixed(0)} times as fast as real time`);
      }
    }
  }
  built.loop.publish(frameIndex(first + slot - 1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  sample();
  await readers.close();
  const used = process.cpuUsage(cpu);
  const c = built.gate.counters;
  return {
    mediaHours: slot / fps / 3600,
    wallMinutes: (performance.now() - began) / 60_000,
    cpuMinutes: (used.user + used.system) / 60e6,
    fps,
    size: `${width}×${height}`,
    frames: {
      rendered: c.rendered,
      released: c.released,
      replaced: c.replaced,
      unjudged: c.releasedUnjudged,
      inWindow: c.inWindow,
    },
    lines,
    lateSlots,
    sleeps,
    givenUpMs: clock.givenUpMs,
    ...readers.results(),
    ringBytes: ring.heldBytes,
    samples,
  };
}

const mediaSpeed = (mediaSeconds: number, beganMs: number): number =>
  mediaSeconds / ((performance.now() - beganMs) / 1000);
