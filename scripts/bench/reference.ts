/**
 * `npm run bench -- reference [--seconds 60] [--room FILE] [--scene worst] [--busy-core] [--speak] [--json] [--keep DIR]`
 *
 * Puts a room on air as a user does, records its RTMP viewer's stream, and compares CPU and picture with plain ffmpeg
 * (x264 veryfast zerolatency and AAC) on the same frames in the same run. The reference runs before and after the
 * engine, half the time each, so a machine that speeds up or slows down meanwhile does not distort the comparison.
 * `--speak` has a line of Kokoro made each second beside the engine.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRoom } from '../../src/config/load-room.js';
import { countersAddUp, type RoomSnapshot } from '../../src/config/api/room-handle.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { findOffset, ssimAgainstRaw } from './kit/compare-video.js';
import { onAirEngine } from './kit/on-air-engine.js';
import { readTree, watchTree } from './kit/process-tree.js';
import { referenceRun, type RawShow } from './kit/reference-run.js';
import { runTool } from './kit/run-tool.js';
import { speakSteadily, type SteadyVoice } from './kit/speak-steadily.js';
import { writeWorstRoom } from './kit/worst-room.js';
import { scriptOptions } from './kit/script-options.js';

const values = scriptOptions(
  import.meta.url,
  {
    seconds: { type: 'string', default: '60' },
    room: { type: 'string', default: 'templates/rooms/demo-portrait/room.json' },
    json: { type: 'boolean', default: false },
    keep: { type: 'string' },
    scene: { type: 'string' },
    'busy-core': { type: 'boolean', default: false },
    speak: { type: 'boolean', default: false },
  },
  ({ seconds: given, scene }) => {
    if (!(Number(given) >= 10 && Number(given) <= 3600)) return `--seconds: expected 10 to 3600, found ${given}`;
    return scene === undefined || scene === 'worst' ? undefined : `--scene: expected worst, found ${scene}`;
  },
);
const seconds = Number(values.seconds);
const root = packageRoot();
const engine = join(root, 'dist', 'cli', 'main.js');
const dir = values.keep ?? mkdtempSync(join(tmpdir(), 'showroom-bench-'));
const roomFile = values.scene === 'worst' ? await writeWorstRoom(dir) : join(root, values.room);
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Maximum length of raw frames on disk (1.4 MB each); SSIM and the reference use this stretch. */
const RAW_SECONDS = Math.min(60, seconds);
const SSIM_SECONDS = Math.min(20, RAW_SECONDS - 5);
/** CPU is measured from here on; everything earlier is the start. */
const START_MS = 4000;
/**
 * A room runs for weeks, while V8 compiles for a quarter of a minute: the warm-up is reported separately
 * (`engineCpuMsPerFrameWarmUp`).
 */
const WARM_UP_MS = 20_000;

try {
  const result = values.scene === 'worst' ? await benchWorst() : await bench();
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else printTable(result);
} finally {
  if (values.keep === undefined) rmSync(dir, { recursive: true, force: true });
}

async function bench(): Promise<Record<string, unknown>> {
  const config = loadRoom(roomFile);
  const { width, height } = config.video;
  const fps = config.rate.num / config.rate.den;
  const ffmpeg = await findFfmpeg();
  say(`rendering ${RAW_SECONDS} s of raw frames…`);
  const raw = join(dir, 'show.raw');
  await runTool(process.execPath, [engine, 'render', '--room', roomFile, '--to', String(RAW_SECONDS), '--out', raw]);
  const show: RawShow = {
    video: join(raw, 'video.i420'),
    audio: join(raw, 'audio.f32'),
    width,
    height,
    fps,
    frames: Math.round(RAW_SECONDS * fps),
  };
  const half = Math.max(8, RAW_SECONDS / 2);
  const { videoKbps, aacKbps } = config.encoder;
  const reference = async (name: string) => {
    say(`reference for ${half} s (${name})…`);
    return referenceRun(ffmpeg.path, show, { seconds: half, videoKbps, aacKbps, file: join(dir, `${name}.flv`) });
  };
  const before = await reference('reference-before');
  say(`engine for ${seconds} s…`);
  const run = await engineRun(ffmpeg.path, fps);
  const after = await reference('reference-after');
  say('comparing pictures…');
  const offset = findOffset(ffmpeg.path, run.recording, show);
  // The same raw frames for both, after the first second of the engine's recording.
  const compared = Math.min(SSIM_SECONDS, half - offset / fps - 3);
  const ssim = await ssimAgainstRaw(ffmpeg.path, run.recording, show, { offset, skip: fps, seconds: compared });
  const referenceSsim = await ssimAgainstRaw(ffmpeg.path, before.file, show, {
    offset: 0,
    skip: offset + fps,
    seconds: compared,
  });
  const referenceCpuMs = (before.cpuMsPerFrame + after.cpuMsPerFrame) / 2;
  const s = run.snapshot;
  const stage = (name: string) => s.stageMs[name] ?? { p50: 0, p99: 0 };
  return {
    room: config.name,
    size: `${width}x${height}`,
    fps,
    seconds,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.version,
    ffmpeg: ffmpeg.version,
    date: new Date().toISOString().slice(0, 10),
    framesRendered: s.frames.rendered,
    framesReplaced: s.frames.replaced,
    releasedUnjudged: s.frames.releasedUnjudged,
    ...counted(s),
    lateTicks: s.lateTicks.total,
    lateTicksByCause: s.lateTicks,
    tickLatenessMs: s.tickLatenessMs,
    poseMs: stage('pose'),
    composeMs: stage('compose'),
    mixMs: stage('mix'),
    scanMs: stage('scan'),
    gateMs: stage('gate'),
    handoverMs: stage('handover'),
    tickMs: stage('tick'),
    engineCpuMsPerFrame: round(run.cpuMsPerFrame),
    // From the fourth to the twentieth second on air, while V8 compiles.
    engineCpuMsPerFrameWarmUp: round(run.cpuMsPerFrameWarmUp),
    referenceCpuMsPerFrame: round(referenceCpuMs),
    referenceCpuMsEach: [round(before.cpuMsPerFrame), round(after.cpuMsPerFrame)],
    cpuRatio: round(run.cpuMsPerFrame / referenceCpuMs),
    ssim,
    referenceSsim,
    // Shared pages count once (PSS); the sum of resident sizes counts them per process.
    treePeakMiB: Math.round(run.peakPssMiB),
    treePeakRssSumMiB: Math.round(run.peakRssMiB),
    integratedLufs: round(s.audio.integratedLufs),
    ...(run.spoken === undefined ? {} : { spoken: run.spoken }),
  };
}

/**
 * The gate's load when every pixel changes in every frame. Without the reference, as its frames take minutes to draw.
 */
async function benchWorst(): Promise<Record<string, unknown>> {
  const config = loadRoom(roomFile);
  const ffmpeg = await findFfmpeg();
  say(`engine for ${seconds} s…`);
  const run = await engineRun(ffmpeg.path, config.rate.num / config.rate.den);
  const s = run.snapshot;
  return {
    scene: 'worst',
    size: `${config.video.width}x${config.video.height}`,
    seconds,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    date: new Date().toISOString().slice(0, 10),
    framesRendered: s.frames.rendered,
    framesReplaced: s.frames.replaced,
    releasedUnjudged: s.frames.releasedUnjudged,
    ...counted(s),
    lateTicks: s.lateTicks.total,
    lateTicksByCause: s.lateTicks,
    tickLatenessMs: s.tickLatenessMs,
    tickMs: s.stageMs['tick'],
    engineCpuMsPerFrame: round(run.cpuMsPerFrame),
    ...(run.spoken === undefined ? {} : { spoken: run.spoken }),
    treePeakMiB: Math.round(run.peakPssMiB),
  };
}

async function engineRun(ffmpeg: string, fps: number) {
  const recording = join(dir, 'engine.flv');
  const on = await onAirEngine(engine, roomFile, dir);
  let busy: ChildProcess | undefined;
  let voice: SteadyVoice | undefined;
  let receiver: ChildProcess | undefined;
  try {
    const memory = watchTree(on.pid);
    if (values.speak) voice = await speakSteadily();
    if (values['busy-core']) busy = spawn(process.execPath, ['-e', 'for (;;);']);
    const recorded = runTool(
      ffmpeg,
      [
        '-hide_banner',
        '-nostdin',
        '-y',
        '-loglevel',
        'error',
        '-i',
        on.rtmp,
        '-t',
        String(seconds + WARM_UP_MS / 1000),
        '-c',
        'copy',
        recording,
      ],
      (child) => (receiver = child),
    );
    const read = () => ({ at: performance.now(), cpu: readTree(on.pid).cpuSeconds });
    const msPerFrame = (from: ReturnType<typeof read>, to: ReturnType<typeof read>): number =>
      ((to.cpu - from.cpu) * 1000) / (((to.at - from.at) / 1000) * fps);
    await wait(START_MS);
    const started = read();
    await wait(WARM_UP_MS - START_MS);
    const from = read();
    await wait(seconds * 1000);
    const to = read();
    const snapshot = (await on.get('/api/room')) as RoomSnapshot;
    const { peakPssMiB, peakRssMiB } = memory.stop();
    const spoken = await voice?.stop();
    await recorded;
    const cpu = { cpuMsPerFrame: msPerFrame(from, to), cpuMsPerFrameWarmUp: msPerFrame(started, from) };
    return { recording, snapshot, peakPssMiB, peakRssMiB, spoken, ...cpu };
  } finally {
    busy?.kill('SIGKILL');
    await voice?.stop();
    receiver?.kill('SIGKILL');
    await on.stop();
  }
}

/** The counters of every frame and block of sound. */
function counted(s: RoomSnapshot): object {
  return {
    frames: s.frames,
    replacedBy: s.replacedBy,
    sound: s.sound,
    mutedBy: s.mutedBy,
    countersAddUp: countersAddUp(s),
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function printTable(result: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(result)) {
    process.stdout.write(`${key.padEnd(26)}${typeof value === 'object' ? JSON.stringify(value) : String(value)}\n`);
  }
  writeFileSync(join(tmpdir(), 'showroom-bench.json'), JSON.stringify(result, null, 2));
}
