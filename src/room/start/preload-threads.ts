/**
 * Starts threads before the engine's code is loaded.
 *
 * Problem: loading the engine takes the main thread a third of a second, with the other core idle; the threads and
 * ffmpeg take as long and would start after it.
 * Rule: nothing here needs the room, and this module imports little. A start that fails ends with its own error, as if
 * there had been no threads.
 */
import { FrameScanner } from '../../codescan/index.js';
import { PreparedWorkers } from '../../core/processes/spawn-worker.js';
import { findFfmpeg, type FfmpegInfo } from '../../encoder/process/find-ffmpeg.js';
import { EmbeddedServer } from '../../outputs/embedded/embedded-server.js';
import { LoopClient } from '../../loop/loop-client.js';

/** Current step of a room that is being loaded: `done` of `of` where it can be counted. */
export interface LoadStep {
  readonly step: 'parts' | 'pictures' | 'texts' | 'composed' | 'encoder' | 'speech';
  readonly done?: number;
  readonly of?: number;
}
export type OnLoadStep = (step: LoadStep) => void;

export interface PreloadedThreads {
  readonly prepared: PreparedWorkers;
  readonly ffmpeg: Promise<FfmpegInfo>;
}

/** Starts the threads. The room takes them over; they may stay unused. */
export function startPreloadedThreads(): PreloadedThreads {
  const prepared = new PreparedWorkers();
  FrameScanner.prepare(prepared);
  EmbeddedServer.prepare(prepared);
  LoopClient.prepare(prepared);
  const ffmpeg = findFfmpeg();
  ffmpeg.catch(() => undefined); // the room reports it
  return { prepared, ffmpeg };
}
