import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/core/files/paths.js';
import type { RoomSnapshot } from '../../../src/config/api/room-handle.js';
import { templateRoom } from '../../../test/kit/on-air.js';
import { onAirEngine } from '../kit/on-air-engine.js';
import { readTree } from '../kit/process-tree.js';
import { treeMemory } from '../kit/tree-memory.js';
import { flashLayer, measureMarks, writeToneBed } from './av-marks.js';
import { openHandles, statusOf, type Sample } from './series.js';

export interface RealSoakResult {
  readonly minutes: number;
  readonly size: string;
  /** Of the whole tree, by the last sample. */
  readonly pssMiB: number;
  readonly frames: RoomSnapshot['frames'];
  readonly lateTicks: RoomSnapshot['lateTicks'];
  readonly encoderRestarts: number;
  readonly reconnects: number;
  /** By flash and tone in a viewer's recording: the worst of each recording, in ms. */
  readonly offsets: readonly { readonly minute: number; readonly marks: number; readonly worstMs: number }[];
  /** The engine's own figures, the worst of all. */
  readonly ownWorstMs: number;
  readonly samples: readonly Sample[];
}

const SAMPLE_MS = 10_000;
const RECORD_SECONDS = 9;
const SIZE = [720, 1280] as const;
const FPS = 30;

/** The demo room with real encoders and a real viewer, in real time, in its own process. */
export async function realSoak(minutes: number, dir: string, say: (line: string) => void): Promise<RealSoakResult> {
  const base = templateRoom('demo-portrait');
  const room = {
    ...base,
    name: 'soak-real',
    audio: { music: { src: writeToneBed(dir), gainDb: 0 }, duckDb: 0 },
    layers: [...base['layers'], flashLayer('2%')],
  };
  const file = join(dir, 'real-room.json');
  writeFileSync(file, JSON.stringify(room));
  const engine = await onAirEngine(join(packageRoot(), 'dist', 'cli', 'main.js'), file, dir);
  const began = performance.now();
  const elapsedMs = (): number => performance.now() - began;
  const samples: Sample[] = [];
  const offsets: { minute: number; marks: number; worstMs: number }[] = [];
  let ownWorstMs = 0;
  let last: RoomSnapshot | undefined;
  const timer = setInterval(() => {
    const { rssMiB, threads } = statusOf(engine.pid);
    const tree = treeMemory(engine.pid);
    samples.push({ hours: elapsedMs() / 3_600_000, rssMiB, threads, handles: openHandles(engine.pid), tree });
  }, SAMPLE_MS);
  try {
    const every = Math.max(60_000, (minutes * 60_000) / 10);
    for (let next = 10_000; next < minutes * 60_000 - 15_000; next += every) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - elapsedMs())));
      const minute = Math.round(elapsedMs() / 6000) / 10;
      const marks = await measureMarks(engine.rtmp, join(dir, 'received.flv'), RECORD_SECONDS, SIZE, FPS);
      const worstMs = marks.reduce((worst, ms) => (Math.abs(ms) > Math.abs(worst) ? ms : worst), 0);
      offsets.push({ minute, marks: marks.length, worstMs: Math.round(worstMs * 10) / 10 });
      last = (await engine.get('/api/room')) as RoomSnapshot;
      ownWorstMs = Math.max(ownWorstMs, Math.abs(last.avOffsetMs ?? 0));
      say(
        `minute ${minute}: ${marks.length} marks, worst ${worstMs.toFixed(1)} ms; ${treeMemory(engine.pid).totalMiB.toFixed(0)} MiB`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, minutes * 60_000 - elapsedMs())));
    last = (await engine.get('/api/room')) as RoomSnapshot;
    return {
      minutes: elapsedMs() / 60_000,
      size: SIZE.join('×'),
      pssMiB: Math.round(readTree(engine.pid).pssMiB),
      frames: last.frames,
      lateTicks: last.lateTicks,
      encoderRestarts: last.encoder.restarts,
      reconnects: last.outputs.reduce((sum, output) => sum + output.reconnects, 0),
      offsets,
      ownWorstMs,
      samples,
    };
  } finally {
    clearInterval(timer);
    await engine.stop();
  }
}
