/**
 * `npm run bench -- scan-replay --record FILE [--room FILE | --scene worst] [--seconds 30]`
 * `npm run bench -- scan-replay --run FILE [--from 60] [--json]`
 *
 * Records what a room hands to its gate, canvas and damage of each frame, and replays it: the same gate posts the same
 * jobs to a scan in this thread, whose CPU time is taken job by job. From those times follows which frames would have
 * had their verdict in time with two scan threads, and how often, were each job to take longer by a factor.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { warmUpScan } from '../../src/codescan/jobs/scan-pace.js';
import { ZxingReader } from '../../src/codescan/decoders/library-readers.js';
import { Gate } from '../../src/compliance/gate/gate.js';
import { gateBuffers } from '../../src/compliance/gate/buffers/gate-buffers.js';
import { cycleFrames } from '../../src/compliance/gate/frame-gate.js';
import { loadRoom } from '../../src/config/load-room.js';
import { createLog } from '../../src/core/log.js';
import { i420Size } from '../../src/core/media/picture.js';
import { frameIndex } from '../../src/core/time.js';
import { SOUND } from '../../src/core/verdict.js';
import { renderRoom } from '../../src/render/render-room.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { writeWorstRoom } from './kit/worst-room.js';
import { type InlineJob, InlineScanner } from './scan-replay/inline-scanner.js';
import { Recorder, Recording } from './scan-replay/recording.js';
import { scriptOptions } from './kit/script-options.js';

const LOOK_AHEAD = 20;
const EXTRA_FRAMES = 4;
const THREADS = 2;

const values = scriptOptions(
  import.meta.url,
  {
    record: { type: 'string' },
    run: { type: 'string' },
    room: { type: 'string', default: 'templates/rooms/demo-portrait/room.json' },
    scene: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    from: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
  ({ record, run }) => (record === undefined && run === undefined ? 'expected --record FILE or --run FILE' : undefined),
);

if (values.record !== undefined) await record(values.record);
if (values.run !== undefined) await run(values.run);

async function record(file: string): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'showroom-replay-'));
  try {
    const room = loadRoom(values.scene === 'worst' ? await writeWorstRoom(dir) : values.room);
    const { width, height } = room.video;
    const recorder = new Recorder(file, width, height, room.rate);
    // oxlint-disable-next-line typescript/unbound-method -- called with its gate below
    const { submit } = Gate.prototype;
    Gate.prototype.submit = function record(
      this: Gate,
      n,
      canvas,
      damage,
      audio,
      samples,
      sound,
      settled,
      moved,
    ): void {
      recorder.add(canvas, damage, settled, moved);
      submit.call(this, n, canvas, damage, audio, samples, sound, settled, moved);
    };
    await renderRoom(room, {
      fromSeconds: 0,
      toSeconds: Number(values.seconds),
      out: join(dir, 'show.raw'),
      log: createLog('warn'),
      signal: new AbortController().signal,
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function run(file: string): Promise<void> {
  const recording = new Recording(file);
  const { width, height, rate } = recording;
  const kernels = loadKernels();
  const zxing = await ZxingReader.open(LiveScan.pixels(width, height));
  const scan = new LiveScan(kernels, zxing, width, height);
  warmUpScan(scan, zxing, width, height);
  const jobs: InlineJob[] = [];
  const buffers = gateBuffers(LOOK_AHEAD, EXTRA_FRAMES);
  const gate = new Gate({
    width,
    height,
    rate,
    lookAheadFrames: LOOK_AHEAD,
    kernels,
    scanner: new InlineScanner(scan, width, height, buffers, (job) => jobs.push(job)),
    slate: new Uint8Array(i420Size(width, height)),
    onCode: 'slate',
    minimumHoldMs: 1000,
    maxSamplesPerFrame: 4000,
    poolExtraFrames: EXTRA_FRAMES,
    onEvent: () => undefined,
  });
  const silence = new Float32Array(8000);
  let frames = 0;
  for (; recording.next(); frames += 1) {
    const { canvas, damage, settled, moved } = recording;
    gate.submit(frameIndex(frames), canvas, damage, silence, 1, SOUND.clean, settled, moved);
    while (gate.ready()) gate.recycle(gate.release().token);
  }
  const from = Number(values.from);
  const costs = Array.from({ length: frames }, () => 0);
  for (const { frame, ms } of jobs) costs[frame]! += ms;
  const sorted = costs.slice(from).sort((a, b) => a - b);
  const quantile = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
  const result = {
    frames: sorted.length,
    replacedForACode: gate.counters.byCause.violation,
    meanMs: sorted.reduce((a, b) => a + b, 0) / sorted.length,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    maxMs: quantile(1),
    late: Object.fromEntries(
      [1, 1.25, 1.5].map((factor) => [`×${factor}`, lateFrames(costs, from, factor, (rate.den * 1000) / rate.num)]),
    ),
  };
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else
    for (const [key, value] of Object.entries(result))
      process.stdout.write(`${key.padEnd(18)}${JSON.stringify(value)}\n`);
}

/** Frames from `from` on whose verdict would have been late: jobs are taken in order by whichever thread is free. */
function lateFrames(costs: readonly number[], from: number, factor: number, frameMs: number): number {
  const free = Array.from({ length: THREADS }, () => 0);
  const judgedAt: number[] = [];
  for (const [frame, cost] of costs.entries()) {
    const thread = free.indexOf(Math.min(...free));
    free[thread] = Math.max(free[thread]!, frame * frameMs) + cost * factor;
    judgedAt.push(Math.max(judgedAt.at(-1) ?? 0, free[thread]));
  }
  const last = costs.length - 1;
  const needed = (frame: number): number => judgedAt[Math.min(last, frame + cycleFrames(LOOK_AHEAD) - 1)]!;
  return costs.filter((_, frame) => frame >= from && needed(frame) > (frame + LOOK_AHEAD) * frameMs).length;
}
